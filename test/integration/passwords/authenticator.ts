// An authenticator in software, as much of one as WebAuthn asks: one ES256 key, a counter, attestation « none ».
import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest()
const b64 = (data: Buffer) => data.toString('base64url')

// CBOR (RFC 8949), of what is needed here.
const head = (major: number, length: number): Buffer =>
  length < 24
    ? Buffer.of((major << 5) | length)
    : length < 256
      ? Buffer.of((major << 5) | 24, length)
      : Buffer.of((major << 5) | 25, length >> 8, length & 255)
const integer = (value: number) => (value >= 0 ? head(0, value) : head(1, -1 - value))
const bytes = (value: Buffer) => Buffer.concat([head(2, value.length), value])
const text = (value: string) => Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
const map = (...pairs: [Buffer, Buffer][]) => Buffer.concat([head(5, pairs.length), ...pairs.flat()])

export type Authenticator = {
  create(options: Record<string, unknown>): Record<string, unknown>
  get(options: Record<string, unknown>, more?: { origin?: string; counter?: number }): Record<string, unknown>
}

export function createAuthenticator(origin: string): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(32)
  let counter = 0
  const clientData = (type: string, challenge: unknown, from: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin: from, crossOrigin: false }))
  // User present and verified (0x05), with attested data (0x40) at the creation.
  const authenticatorData = (flags: number, count: number, attested = Buffer.alloc(0)) => {
    const tail = Buffer.alloc(5)
    tail[0] = flags
    tail.writeUInt32BE(count, 1)
    return Buffer.concat([sha256(new URL(origin).hostname), tail, attested])
  }
  const credential = (response: Record<string, unknown>) => ({
    id: b64(credentialId),
    rawId: b64(credentialId),
    type: 'public-key',
    clientExtensionResults: {},
    response,
  })
  return {
    create({ challenge }) {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(credentialId.length)
      const attested = Buffer.concat([Buffer.alloc(16), length, credentialId, coseKey(publicKey)])
      const authData = authenticatorData(0x45, counter, attested)
      const attestation = map(
        [text('fmt'), text('none')],
        [text('attStmt'), map()],
        [text('authData'), bytes(authData)],
      )
      return credential({
        clientDataJSON: b64(clientData('webauthn.create', challenge, origin)),
        attestationObject: b64(attestation),
        transports: ['usb'],
      })
    },
    get({ challenge }, more = {}) {
      counter = more.counter ?? counter + 1
      const authData = authenticatorData(0x05, counter)
      const client = clientData('webauthn.get', challenge, more.origin ?? origin)
      const signature = createSign('sha256')
        .update(Buffer.concat([authData, sha256(client)]))
        .sign(privateKey)
      return credential({
        clientDataJSON: b64(client),
        authenticatorData: b64(authData),
        signature: b64(signature),
      })
    },
  }
}

/** COSE key (RFC 9053): EC2, ES256, P-256. */
function coseKey(key: KeyObject): Buffer {
  const { x, y } = key.export({ format: 'jwk' })
  return map(
    [integer(1), integer(2)],
    [integer(3), integer(-7)],
    [integer(-1), integer(1)],
    [integer(-2), bytes(Buffer.from(x!, 'base64url'))],
    [integer(-3), bytes(Buffer.from(y!, 'base64url'))],
  )
}
