// Tokens of a session are kept sealed, each for one use: the ID token, which names the person, for the sign-out at its
// provider; the refresh token to ask the provider again.
import type { Vault } from '../../platform/vault/vault.ts'

const ORGANISM = 'portal'
const ID_TOKEN = 'session/id-token'
const REFRESH_TOKEN = 'session/refresh-token'

export const sealIdToken = (vault: Vault, personId: string, token: string) => seal(vault, ID_TOKEN, personId, token)
/** @throws when the value was altered, or sealed for another person */
export const openIdToken = (vault: Vault, personId: string, sealed: Buffer) => open(vault, ID_TOKEN, personId, sealed)
export const sealRefreshToken = (vault: Vault, personId: string, token: string) =>
  seal(vault, REFRESH_TOKEN, personId, token)
/** @throws when the value was altered, or sealed for another person */
export const openRefreshToken = (vault: Vault, personId: string, sealed: Buffer) =>
  open(vault, REFRESH_TOKEN, personId, sealed)

/** Key id, wrapped key and sealed token in one value, each of the first two after its length. */
async function seal(vault: Vault, place: string, personId: string, token: string): Promise<Buffer> {
  const key = await vault.newDataKey('administrative', ORGANISM, personId)
  const keyId = Buffer.from(key.keyId)
  return Buffer.concat([sized(keyId), sized(key.wrapped), vault.seal(key, place, token)])
}

async function open(vault: Vault, place: string, personId: string, sealed: Buffer): Promise<string> {
  const keyEnd = 2 + sealed.readUInt16BE(0)
  const wrappedEnd = keyEnd + 2 + sealed.readUInt16BE(keyEnd)
  const keyId = sealed.subarray(2, keyEnd).toString()
  const wrapped = sealed.subarray(keyEnd + 2, wrappedEnd)
  const key = await vault.dataKey('administrative', ORGANISM, personId, keyId, wrapped)
  return vault.open(key, place, sealed.subarray(wrappedEnd))
}

function sized(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}
