// Codes of an application (RFC 6238): six digits, 30 s, one step before and after for clocks that differ.
import { Secret, TOTP } from 'otpauth'
import type { DataKey, Vault } from '../../platform/vault/vault.ts'

const PERIOD_S = 30
const PLACE = 'second-factor/totp'
const ORGANISM = 'portal'

export type SealedSecret = { keyId: string; dataKey: Buffer; sealedSecret: Buffer }

const totpOf = (secret: string) =>
  new TOTP({
    issuer: 'Consilium',
    label: 'Mot de passe',
    secret: Secret.fromBase32(secret),
    digits: 6,
    period: PERIOD_S,
  })

/** 160 bits, as RFC 4226 recommends, in base 32. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32

/** What an application reads: otpauth://… */
export const totpAddress = (secret: string): string => totpOf(secret).toString()

/** The step that a code is of, or null when it is of none around now. */
export function stepOf(secret: string, code: string, now: Date): number | null {
  const token = code.replaceAll(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return null
  const delta = totpOf(secret).validate({ token, timestamp: now.getTime(), window: 1 })
  return delta === null ? null : Math.floor(now.getTime() / 1000 / PERIOD_S) + delta
}

export async function sealTotpSecret(vault: Vault, personId: string, secret: string): Promise<SealedSecret> {
  const key = await vault.newDataKey('administrative', ORGANISM, personId)
  return { keyId: key.keyId, dataKey: key.wrapped, sealedSecret: vault.seal(key, PLACE, secret) }
}

export async function openTotpSecret(vault: Vault, personId: string, sealed: SealedSecret): Promise<string> {
  const key: DataKey = await vault.dataKey('administrative', ORGANISM, personId, sealed.keyId, sealed.dataKey)
  return vault.open(key, PLACE, sealed.sealedSecret)
}
