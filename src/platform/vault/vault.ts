// Secrecy: every medical text is sealed under a key of its exchange, itself wrapped by a key of the organism's domain.
import { type CipherKey, createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type { KeyProvider } from './keys.ts'

export type Domain = 'medical' | 'administrative'

/** A data key in the hand of one request, with what is stored to find it again. */
export type DataKey = { key: Buffer; keyId: string; wrapped: Buffer }

export type Vault = {
  /** A new data key for `owner` (the id of the exchange, draft… that it belongs to). */
  newDataKey(domain: Domain, organismId: string, owner: string): Promise<DataKey>
  /** The data key of `owner`, unwrapped. @throws when it was wrapped for another owner or organism. */
  dataKey(domain: Domain, organismId: string, owner: string, keyId: string, wrapped: Buffer): Promise<DataKey>
  /** Seals a text; `place` binds it to where it stands, so that it cannot be moved. */
  seal(dataKey: DataKey, place: string, text: string): Buffer
  /** Opens what `seal` made. @throws when it was altered or moved. */
  open(dataKey: DataKey, place: string, sealed: Buffer): string
  /** Finds a value again without knowing it: HMAC-SHA-256 under the organism's own index key (32 bytes). */
  index(domain: Domain, organismId: string, value: string): Promise<Buffer>
}

const VERSION = 1

/** AES-256-GCM: version (1 byte), nonce (12), ciphertext, tag (16). The additional data bind the place. */
export function sealBytes(key: CipherKey, place: string, clear: Buffer): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(place))
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()])
}

/** @throws when the key, the place or a byte is not the right one. */
export function openBytes(key: CipherKey, place: string, sealed: Buffer): Buffer {
  if (sealed[0] !== VERSION || sealed.length < 29) throw new Error('sealed text of an unknown format')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13))
  decipher.setAAD(Buffer.from(place))
  decipher.setAuthTag(sealed.subarray(-16))
  return Buffer.concat([decipher.update(sealed.subarray(13, -16)), decipher.final()])
}

export function createVault(provider: KeyProvider): Vault {
  return {
    async newDataKey(domain, organismId, owner) {
      const key = randomBytes(32)
      const { keyId, wrapped } = await provider.wrap(domain, organismId, key, owner)
      return { key, keyId, wrapped }
    },
    async dataKey(domain, organismId, owner, keyId, wrapped) {
      return { key: await provider.unwrap(domain, organismId, keyId, wrapped, owner), keyId, wrapped }
    },
    seal: (dataKey, place, text) => sealBytes(dataKey.key, place, Buffer.from(text)),
    open: (dataKey, place, sealed) => openBytes(dataKey.key, place, sealed).toString(),
    async index(domain, organismId, value) {
      return createHmac('sha256', await provider.indexKey(domain, organismId))
        .update(value)
        .digest()
    },
  }
}
