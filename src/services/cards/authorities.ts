// The authorities that cards are checked against: read from a folder, once, and never from what a browser sends.
import 'reflect-metadata'
import { createHash, X509Certificate } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'

export type Authority = {
  /** Common name: « AC IGC-SANTE FORT PERSONNES ». */
  name: string
  certificate: X509Certificate
  /** Its name as DER: what a revocation list calls it by. */
  subject: Buffer
  /** SHA-256 of its public key (SPKI), in hexadecimal: the same through a renewal with the same key. */
  fingerprint: string
  /** Null for a root. */
  issuer: Authority | null
  /** Whether cards of this one are let in: the PERSONNES authorities, by name or fingerprint. */
  pinned: boolean
}

export type Authorities = {
  all: Authority[]
  /** Every certificate as PEM: the list of names that a browser chooses a card by, and the chain for one that sends its own alone. */
  pem: string
}

/** A folder or a setting that cannot be used; the message is for the host. */
export class CardSettingsFault extends Error {}

const CERTIFICATE_FILE = /\.(pem|cer|crt|der)$/i
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * @param pins common names or SPKI fingerprints (`sha256:…`) of the authorities whose cards are let in
 * @throws CardSettingsFault
 */
export async function readAuthorities(folder: string, pins: string[]): Promise<Authorities> {
  const names = await readdir(folder).catch(() => {
    throw new CardSettingsFault(`CONSILIUM_CARD_AUTHORITIES: ${folder} cannot be read.`)
  })
  const certificates: X509Certificate[] = []
  for (const name of names.filter((n) => CERTIFICATE_FILE.test(n)).toSorted()) {
    const found = certificatesOf(await readFile(join(folder, name)))
    if (found.length === 0) throw new CardSettingsFault(`CONSILIUM_CARD_AUTHORITIES: ${name} holds no certificate.`)
    certificates.push(...found)
  }
  return arrange(certificates, pins)
}

/** @throws CardSettingsFault when one leads to no root, or none is pinned */
export function arrange(certificates: X509Certificate[], pins: string[]): Authorities {
  const pinned = new Set(pins.map((pin) => pin.toLowerCase().replace(/^sha256:/, '')))
  const make = (certificate: X509Certificate, issuer: Authority | null): Authority => {
    const name = commonName(certificate)
    const fingerprint = fingerprintOf(certificate)
    // A root gives no cards: to pin one would let in all that is under it.
    const isPinned = issuer !== null && (pinned.has(name.toLowerCase()) || pinned.has(fingerprint))
    return { name, certificate, subject: subjectOf(certificate), fingerprint, issuer, pinned: isPinned }
  }
  const authorities = certificates.filter((certificate) => certificate.ca)
  const roots = authorities.filter((one) => signed(one, one)).map((one) => make(one, null))
  const others = authorities.filter((one) => !signed(one, one))
  const under = others.flatMap((one) => {
    const root = roots.find((candidate) => signed(one, candidate.certificate))
    return root ? [make(one, root)] : []
  })
  if (roots.length === 0) throw new CardSettingsFault('CONSILIUM_CARD_AUTHORITIES: no root authority is there.')
  if (under.length < others.length || authorities.length < certificates.length)
    throw new CardSettingsFault('CONSILIUM_CARD_AUTHORITIES: a certificate there leads to none of its roots.')
  if (!under.some((authority) => authority.pinned))
    throw new CardSettingsFault('CONSILIUM_CARD_ISSUERS names none of the authorities of CONSILIUM_CARD_AUTHORITIES.')
  const all = [...roots, ...under]
  return { all, pem: all.map(({ certificate }) => certificate.toString()).join('') }
}

/** Whether this authority signed that certificate, with a digest that is still worth something. */
export function signed(certificate: X509Certificate, by: X509Certificate): boolean {
  const weak = /sha1|md5/i.test(certificate.signatureAlgorithm ?? '')
  return !weak && certificate.checkIssued(by) && certificate.verify(by.publicKey)
}

function certificatesOf(bytes: Buffer): X509Certificate[] {
  const text = bytes.toString('latin1')
  if (text.includes('-----BEGIN')) return [...text.matchAll(PEM)].map(([pem]) => new X509Certificate(pem))
  try {
    return [new X509Certificate(bytes)]
  } catch {
    return []
  }
}

const subjectOf = (certificate: X509Certificate) =>
  Buffer.from(new x509.X509Certificate(new Uint8Array(certificate.raw)).subjectName.toArrayBuffer())

const commonName = (certificate: X509Certificate) => /^CN=(.+)$/m.exec(certificate.subject)?.[1] ?? ''

const fingerprintOf = (certificate: X509Certificate) =>
  createHash('sha256')
    .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
