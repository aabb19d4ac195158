// WebAuthn: the portal's own name is the relying party, and its origin the only one that is believed.
import {
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'

export type StoredPasskey = {
  factorId: string
  credentialId: Buffer
  publicKey: Buffer
  counter: number
  transports: string[]
}
export type NewPasskey = Omit<StoredPasskey, 'factorId'>

const CEREMONY_MS = 5 * 60_000
const id64 = (bytes: Buffer) => bytes.toString('base64url')
const described = ({ credentialId, transports }: Pick<StoredPasskey, 'credentialId' | 'transports'>) => ({
  id: id64(credentialId),
  transports: transports as AuthenticatorTransport[],
})

/** @param holder opaque: the authenticator keeps it */
export function registrationOptions(publicUrl: string, holder: { personId: string }, known: StoredPasskey[]) {
  return generateRegistrationOptions({
    rpName: 'Consilium',
    rpID: new URL(publicUrl).hostname,
    userID: new Uint8Array(Buffer.from(holder.personId.replaceAll('-', ''), 'hex')),
    // Shown by the browser when it asks which one: no name, no number.
    userName: 'Compte Consilium',
    attestationType: 'none',
    timeout: CEREMONY_MS,
    excludeCredentials: known.map(described),
    authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
  })
}

/** What was made, or null when it does not hold. */
export async function verifyRegistration(
  publicUrl: string,
  challenge: string,
  response: unknown,
): Promise<NewPasskey | null> {
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: response as RegistrationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: publicUrl,
    expectedRPID: new URL(publicUrl).hostname,
    requireUserVerification: false,
  }).catch(() => ({ verified: false as const, registrationInfo: undefined }))
  if (!verified || !registrationInfo) return null
  const { credential } = registrationInfo
  return {
    credentialId: Buffer.from(credential.id, 'base64url'),
    publicKey: Buffer.from(credential.publicKey),
    counter: credential.counter,
    transports: (credential.transports ?? []).map(String),
  }
}

export function authenticationOptions(publicUrl: string, known: StoredPasskey[]) {
  return generateAuthenticationOptions({
    rpID: new URL(publicUrl).hostname,
    timeout: CEREMONY_MS,
    userVerification: 'preferred',
    allowCredentials: known.map(described),
  })
}

/** The counter of the authenticator from now on, or null when the signature does not hold or the counter went back. */
export async function verifyAuthentication(
  publicUrl: string,
  challenge: string,
  passkey: StoredPasskey,
  response: unknown,
): Promise<number | null> {
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: response as AuthenticationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: publicUrl,
    expectedRPID: new URL(publicUrl).hostname,
    requireUserVerification: false,
    credential: {
      id: id64(passkey.credentialId),
      publicKey: new Uint8Array(passkey.publicKey),
      counter: passkey.counter,
      transports: passkey.transports as AuthenticatorTransport[],
    },
  }).catch(() => ({ verified: false as const, authenticationInfo: undefined }))
  return verified && authenticationInfo ? authenticationInfo.newCounter : null
}
