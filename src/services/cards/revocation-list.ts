// One revocation list (RFC 5280, part 5), read at one go: two hundred thousand entries take a quarter of a second.
import { type KeyObject, verify } from 'node:crypto'
import { childrenOf, DerFault, elementAt, expectAt, isTime, oidOf, SEQUENCE, serialOf, timeOf } from './der.ts'

export type RevocationList = {
  /** The issuer's name, as its DER. */
  issuer: Buffer
  thisUpdate: Date
  /** From then on the list says nothing any more. */
  nextUpdate: Date
  revoked: ReadonlySet<string>
  /** Whether the list was signed by the holder of this key. */
  isSignedBy(key: KeyObject): boolean
}

const DIGEST: Record<string, string> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
}
const EXTENSIONS = 0xa0
const BIT_STRING = 0x03
const BOOLEAN = 0x01
const VERSION = 0x02
const PEM = /-----BEGIN X509 CRL-----([^-]+)-----END X509 CRL-----/

/**
 * Reads a list, in DER or in PEM; whether it can be believed is another question.
 * @throws DerFault when it is none, or a list of a kind that does not say everything (delta, indirect, partial)
 */
export function readRevocationList(bytes: Buffer): RevocationList {
  const armoured = bytes[0] === 0x2d ? PEM.exec(bytes.toString('latin1')) : null
  const der = armoured ? Buffer.from(armoured[1]!, 'base64') : bytes
  const whole = expectAt(der, 0, SEQUENCE)
  const [content, algorithm, signature] = [...childrenOf(der, whole)]
  if (!content || !algorithm || !signature || signature.tag !== BIT_STRING) throw new DerFault('list')
  const digest = DIGEST[oidOf(der, elementAt(der, algorithm.contents, algorithm.end))]
  if (!digest) throw new DerFault('signature algorithm')

  const fields = [...childrenOf(der, content)]
  if (fields[0]?.tag === VERSION) fields.shift()
  const [, issuer, thisUpdate, nextUpdate, ...rest] = fields
  // A list without an end would be good for ever.
  if (!issuer || !thisUpdate || !nextUpdate || !isTime(nextUpdate)) throw new DerFault('validity')
  const revoked = new Set<string>()
  for (const part of rest) {
    if (part.tag === SEQUENCE)
      for (const entry of childrenOf(der, part)) revoked.add(serialOf(der, elementAt(der, entry.contents, entry.end)))
    else if (part.tag === EXTENSIONS) refuseCritical(der, elementAt(der, part.contents, part.end))
  }
  return {
    issuer: der.subarray(issuer.start, issuer.end),
    thisUpdate: timeOf(der, thisUpdate),
    nextUpdate: timeOf(der, nextUpdate),
    revoked,
    isSignedBy: (key) =>
      // The first byte of a bit string counts the bits that are not used: none.
      verify(
        digest,
        der.subarray(content.start, content.end),
        key,
        der.subarray(signature.contents + 1, signature.end),
      ),
  }
}

/** Delta lists, indirect and partial ones announce themselves by a critical extension: a whole list has none. */
function refuseCritical(der: Buffer, extensions: ReturnType<typeof elementAt>): void {
  for (const extension of childrenOf(der, extensions)) {
    const [oid, critical] = [...childrenOf(der, extension)]
    if (oid && critical?.tag === BOOLEAN && der[critical.contents] !== 0)
      throw new DerFault(`critical ${oidOf(der, oid)}`)
  }
}
