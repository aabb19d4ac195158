// What a card's certificate says, read from its DER: never from a line of text, where a name could hold a comma
// (IDENTITY.md part 2.1: the profile, read from genuine test certificates).
import 'reflect-metadata'
import { X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { plainSerial, plainValue } from './der.ts'

/** Nothing but what the card says; null where it says nothing. */
export type CardCertificate = {
  /** As OpenSSL sees it: chain and signatures are asked of this one. */
  x509: X509Certificate
  serial: string
  /** IdNat, the CN of the subject: opaque (8 + RPPS, or `structure/internal` for an employee). */
  nationalId: string | null
  familyName: string | null
  givenName: string | null
  /** Code of TRE_G15; an employee has none. */
  profession: number | null
  /** TRE_G02. */
  product: number | null
  /** Where the key lives: 0x80 on a card. */
  support: number | null
  cardNumber: string | null
  /** IdNat of the structure of an employee. */
  structureId: string | null
  /** digitalSignature and clientAuth, without nonRepudiation. */
  forAuthentication: boolean
  /** It has something critical that this portal does not know how to judge. */
  unknownCritical: boolean
  isAuthority: boolean
}

const SUBJECT = { commonName: 'CN', surname: ['SN', '2.5.4.4'], givenName: ['GN', 'G', '2.5.4.42'] } as const
const EXTENSION = {
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  basicConstraints: '2.5.29.19',
  subjectAltName: '2.5.29.17',
  profession: '1.2.250.1.71.1.2.7',
  product: '1.2.250.1.71.1.2.2',
  cardNumber: '1.2.250.1.71.1.2.3',
  support: '1.2.250.1.71.1.2.5',
}
/** RFC 5280, 4.2: what is critical and not understood is refused. */
const POLICIES = '2.5.29.32'
const UNDERSTOOD = new Set([...Object.values(EXTENSION), POLICIES])

/** Reads a certificate, or null when these bytes are none: whatever was sent, it never throws. */
export function readCertificate(der: Uint8Array): CardCertificate | null {
  try {
    const own = new X509Certificate(der)
    // What follows the certificate is not signed by anybody.
    if (own.raw.length !== der.length) return null
    return read(own, new x509.X509Certificate(new Uint8Array(der)))
  } catch {
    return null
  }
}

function read(own: X509Certificate, parsed: x509.X509Certificate): CardCertificate {
  const subject = parsed.subjectName.toJSON()
  const usages = parsed.getExtension(x509.KeyUsagesExtension)?.usages ?? 0
  const extended = parsed.getExtension(x509.ExtendedKeyUsageExtension)?.usages ?? []
  const value = (oid: string) => {
    const extension = parsed.getExtension(oid)
    return extension ? plainValue(new Uint8Array(extension.value)) : null
  }
  const number = (oid: string) => {
    const found = value(oid)
    return typeof found === 'number' ? found : null
  }
  const cardNumber = value(EXTENSION.cardNumber)
  return {
    x509: own,
    serial: plainSerial(own.serialNumber),
    nationalId: onlyOne(subject, [SUBJECT.commonName]),
    familyName: onlyOne(subject, SUBJECT.surname),
    givenName: onlyOne(subject, SUBJECT.givenName),
    profession: number(EXTENSION.profession),
    product: number(EXTENSION.product),
    support: number(EXTENSION.support),
    cardNumber: typeof cardNumber === 'string' ? cardNumber : null,
    structureId: onlyOne(subject, ['OU']),
    forAuthentication:
      (usages & x509.KeyUsageFlags.digitalSignature) !== 0 &&
      (usages & x509.KeyUsageFlags.nonRepudiation) === 0 &&
      extended.includes(x509.ExtendedKeyUsage.clientAuth),
    unknownCritical: parsed.extensions.some(({ critical, type }) => critical && !UNDERSTOOD.has(type)),
    isAuthority: own.ca,
  }
}

/** The one value of an attribute, in whichever RDN it stands; two values are no answer. */
function onlyOne(subject: x509.JsonName, names: readonly string[]): string | null {
  const values = subject.flatMap((rdn) => names.flatMap((name) => rdn[name] ?? []))
  const [first] = values
  return values.length === 1 && typeof first === 'string' && first.trim() ? first.trim() : null
}
