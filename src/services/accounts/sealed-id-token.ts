// The ID token is kept for one use, the sign-out at its provider, and sealed: it names the person.
import type { Vault } from '../../platform/vault/vault.ts'

const ORGANISM = 'portal'
const PLACE = 'session/id-token'

/** Key id, wrapped key and sealed token in one value, each of the first two after its length. */
export async function sealIdToken(vault: Vault, personId: string, idToken: string): Promise<Buffer> {
  const key = await vault.newDataKey('administrative', ORGANISM, personId)
  const keyId = Buffer.from(key.keyId)
  return Buffer.concat([sized(keyId), sized(key.wrapped), vault.seal(key, PLACE, idToken)])
}

/** @throws when the value was altered, or sealed for another person */
export async function openIdToken(vault: Vault, personId: string, sealed: Buffer): Promise<string> {
  const keyEnd = 2 + sealed.readUInt16BE(0)
  const wrappedEnd = keyEnd + 2 + sealed.readUInt16BE(keyEnd)
  const keyId = sealed.subarray(2, keyEnd).toString()
  const wrapped = sealed.subarray(keyEnd + 2, wrappedEnd)
  const key = await vault.dataKey('administrative', ORGANISM, personId, keyId, wrapped)
  return vault.open(key, PLACE, sealed.subarray(wrappedEnd))
}

function sized(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}
