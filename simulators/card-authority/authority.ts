// A fictional authority shaped as the IGC-Santé (three roots; PERSONNES and ORGANISATIONS under each), with its cards and
// its revocation lists. Every name says FICTIF: nothing here can pass for a real certificate.
import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

export const TIERS = ['ELEMENTAIRE', 'STANDARD', 'FORT'] as const
export type Tier = (typeof TIERS)[number]
export type Branch = 'PERSONNES' | 'ORGANISATIONS'

type Signer = { name: string; certificate: x509.X509Certificate; keys: webcrypto.CryptoKeyPair; issuer: Signer | null }

/** What a certificate says; a nominative CPS for authentication unless told. */
export type CardWishes = {
  /** IdNat: 8 + RPPS, or `3FINESS/internal` for an employee. */
  nationalId: string
  familyName?: string | null
  givenName?: string | null
  /** Code of TRE_G15, and in words. */
  profession?: { code: number; label: string } | null
  /** TRE_G02: 0 CPS, 1 CPF, 2 CPE, 3 CPA. */
  product?: number | null
  /** 0x80 on a card, 0x83 software. */
  support?: number | null
  /** Identifier and name of the structure of an employee. */
  structure?: { id: string; name: string }
  use?: 'authentication' | 'signature'
  tier?: Tier
  branch?: Branch
  notBefore?: Date
  notAfter?: Date
  /** SPKI of a key that lives elsewhere (in a token): the certificate is made for it, and `keyPem` stays empty. */
  publicKey?: Uint8Array<ArrayBuffer>
}

export type Card = {
  serial: string
  /** DER. */
  certificate: Buffer
  certificatePem: string
  keyPem: string
  issuer: string
}

export type CardAuthority = {
  /** Roots and intermediates, by the name of a file. */
  authorities: { file: string; pem: string }[]
  /** Common names of the PERSONNES authorities: what a portal pins. */
  issuers: string[]
  issue(wishes: CardWishes): Promise<Card>
  /** A certificate for a web server on these names. */
  issueServer(names: string[]): Promise<{ certificatePem: string; keyPem: string }>
  revoke(serial: string): void
  /** A revocation list of each authority, as PEM, by the name of a file. */
  lists(validity?: { thisUpdate?: Date; nextUpdate?: Date }): Promise<{ file: string; name: string; pem: string }[]>
  /** Everything, keys included, as text: `restoreCardAuthority` makes the same authority of it. */
  save(): Promise<string>
}

/** Lists of a morning stand for a week. */
const LIST_DAYS = 7
const DAY_MS = 24 * 3_600_000
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
}
const OID = { surname: '2.5.4.4', title: '2.5.4.12', givenName: '2.5.4.42' }
const POLICY = '1.2.250.1.213.1.7.2.1.1.1.1'
const SMART_CARD_LOGON = '1.3.6.1.4.1.311.20.2.2'

export async function createCardAuthority(): Promise<CardAuthority> {
  return authorityOf((await Promise.all(TIERS.map(createTier))).flat())
}

type Saved = { name: string; issuer: string | null; certificate: string; key: string; publicKey: string }[]

/** @param text what `save` gave */
export async function restoreCardAuthority(text: string): Promise<CardAuthority> {
  const signers: Signer[] = []
  const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))
  for (const saved of JSON.parse(text) as Saved) {
    const { subtle } = webcrypto
    const privateKey = await subtle.importKey('pkcs8', bytes(saved.key), RSA, true, ['sign'])
    const publicKey = await subtle.importKey('spki', bytes(saved.publicKey), RSA, true, ['verify'])
    signers.push({
      name: saved.name,
      certificate: new x509.X509Certificate(bytes(saved.certificate)),
      keys: { privateKey, publicKey },
      issuer: signers.find(({ name }) => name === saved.issuer) ?? null,
    })
  }
  return authorityOf(signers)
}

function authorityOf(signers: Signer[]): CardAuthority {
  const revoked = new Map<string, Set<string>>(signers.map(({ name }) => [name, new Set()]))
  // Of the intermediate authorities at first; every card is added.
  const issuerOf = new Map(
    signers.flatMap(({ certificate, issuer }) => (issuer ? [[certificate.serialNumber, issuer.name]] : [])),
  )
  const signer = (tier: Tier, branch: Branch) => signers.find(({ name }) => name === intermediateName(tier, branch))!

  async function issue(wishes: CardWishes): Promise<Card> {
    const { tier = 'FORT', branch = 'PERSONNES', use = 'authentication' } = wishes
    const from = signer(tier, branch)
    const keys = wishes.publicKey ? null : await createKeys()
    const publicKey =
      keys?.publicKey ?? (await webcrypto.subtle.importKey('spki', wishes.publicKey!, RSA, true, ['verify']))
    const certificate = await sign(from, publicKey, {
      subject: subjectOf(wishes),
      notBefore: wishes.notBefore,
      notAfter: wishes.notAfter,
      extensions: [
        ...(use === 'authentication' ? AUTHENTICATION() : SIGNATURE()),
        ...(use === 'authentication'
          ? [
              new x509.SubjectAlternativeNameExtension([
                {
                  type: 'upn',
                  value: `${wishes.nationalId[0]}.${wishes.nationalId.slice(1)}@carte-fictive.example`,
                } as never,
              ]),
            ]
          : []),
        ...productExtensions(wishes),
      ],
    })
    issuerOf.set(certificate.serialNumber, from.name)
    return {
      serial: certificate.serialNumber,
      certificate: Buffer.from(certificate.rawData),
      certificatePem: pemOf(certificate),
      keyPem: keys ? await keyPemOf(keys) : '',
      issuer: from.name,
    }
  }

  return {
    authorities: signers.map(({ name, certificate }) => ({ file: `${fileName(name)}.pem`, pem: pemOf(certificate) })),
    issuers: TIERS.map((tier) => intermediateName(tier, 'PERSONNES')),
    issue,
    async issueServer(names) {
      const keys = await createKeys()
      const certificate = await sign(signer('ELEMENTAIRE', 'ORGANISATIONS'), keys.publicKey, {
        subject: [{ C: ['FR'] }, { O: ['PORTAIL FICTIF'] }, { CN: [names[0]!] }],
        extensions: [
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension(
            names.map((value) => ({ type: /^[\d.]+$/.test(value) ? 'ip' : 'dns', value })),
          ),
        ],
      })
      return { certificatePem: pemOf(certificate), keyPem: await keyPemOf(keys) }
    },
    revoke(serial) {
      const issuer = issuerOf.get(serial)
      if (!issuer) throw new Error('this authority never gave this certificate')
      revoked.get(issuer)!.add(serial)
    },
    lists: ({ thisUpdate = new Date(), nextUpdate } = {}) =>
      Promise.all(
        signers.map(async (from) => ({
          file: `${fileName(from.name)}.crl`,
          name: from.name,
          pem: await listOf(from, [...revoked.get(from.name)!], {
            thisUpdate,
            nextUpdate: nextUpdate ?? new Date(thisUpdate.getTime() + LIST_DAYS * DAY_MS),
          }),
        })),
      ),
    async save() {
      const { subtle } = webcrypto
      const base64 = (bytes: ArrayBuffer) => Buffer.from(bytes).toString('base64')
      const saved: Saved = await Promise.all(
        signers.map(async ({ name, certificate, keys, issuer }) => ({
          name,
          issuer: issuer?.name ?? null,
          certificate: base64(certificate.rawData),
          key: base64(await subtle.exportKey('pkcs8', keys.privateKey)),
          publicKey: base64(await subtle.exportKey('spki', keys.publicKey)),
        })),
      )
      return JSON.stringify(saved)
    },
  }
}

const rootName = (tier: Tier) => `FICTIF AC RACINE IGC-SANTE ${tier}`
const intermediateName = (tier: Tier, branch: Branch) => `FICTIF AC IGC-SANTE ${tier} ${branch}`
const fileName = (name: string) => name.toLowerCase().replaceAll(' ', '-')
const authorityName = (name: string): x509.JsonName => [
  { C: ['FR'] },
  { O: ['AGENCE-FICTIVE'] },
  { OU: ['0002 000000000'] },
  { OU: ['IGC-SANTE FICTIVE'] },
  { CN: [name] },
]

async function createTier(tier: Tier): Promise<Signer[]> {
  const root = await createSigner(rootName(tier), null)
  const under = (branch: Branch) => createSigner(intermediateName(tier, branch), root)
  return [root, ...(await Promise.all([under('PERSONNES'), under('ORGANISATIONS')]))]
}

async function createSigner(name: string, issuer: Signer | null): Promise<Signer> {
  const keys = await createKeys()
  const extensions = [
    new x509.BasicConstraintsExtension(true, issuer ? 0 : undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ]
  const signer = { name, keys, issuer } as Signer
  signer.certificate = await sign(issuer ?? signer, keys.publicKey, {
    subject: authorityName(name),
    extensions,
    notAfter: new Date(Date.now() + 3650 * DAY_MS),
  })
  return signer
}

const createKeys = () => webcrypto.subtle.generateKey(RSA, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>

async function sign(
  from: Signer,
  publicKey: webcrypto.CryptoKey,
  what: { subject: x509.JsonName; notBefore?: Date; notAfter?: Date; extensions: x509.Extension[] },
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    // Positive and never shorter than its bytes.
    serialNumber: `4${randomBytes(10).toString('hex').slice(1)}`,
    subject: what.subject,
    issuer: authorityName(from.name),
    notBefore: what.notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: what.notAfter ?? new Date(Date.now() + 3 * 365 * DAY_MS),
    publicKey,
    signingKey: from.keys.privateKey,
    signingAlgorithm: RSA,
    extensions: [
      ...what.extensions,
      new x509.CertificatePolicyExtension([POLICY]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(from.keys.publicKey),
    ],
  })
}

/** As on a card: one RDN holds given name, common name and surname together. */
function subjectOf({ nationalId, familyName = 'FICTIF', givenName = 'ESSAI', profession, structure }: CardWishes) {
  const holder: x509.JsonAttributeAndStringValue = { CN: [nationalId] }
  if (givenName) holder[OID.givenName] = [givenName]
  if (familyName) holder[OID.surname] = [familyName]
  const subject: x509.JsonName = [{ C: ['FR'] }]
  if (structure) subject.push({ L: ['Val-de-Marne (94)'] }, { O: [structure.name] }, { OU: [structure.id] })
  if (profession) subject.push({ [OID.title]: [profession.label] })
  return [...subject, holder]
}

const AUTHENTICATION = () => [
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
  new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth, SMART_CARD_LOGON]),
]
const SIGNATURE = () => [
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.nonRepudiation, true),
  new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.emailProtection]),
]

function productExtensions({ product = 0, support = 0x80, profession }: CardWishes): x509.Extension[] {
  const extensions: x509.Extension[] = []
  const add = (oid: string, tag: number, value: Buffer) =>
    extensions.push(new x509.Extension(oid, false, Buffer.concat([Buffer.from([tag, value.length]), value])))
  if (support !== null) add('1.2.250.1.71.1.2.5', 0x04, Buffer.from([support]))
  if (product !== null) add('1.2.250.1.71.1.2.2', 0x02, Buffer.from([product]))
  add('1.2.250.1.71.1.2.3', 0x13, Buffer.from(`9925000001/${randomBytes(5).toString('hex')}`))
  if (profession) add('1.2.250.1.71.1.2.7', 0x02, Buffer.from([profession.code]))
  return extensions
}

async function listOf(from: Signer, serials: string[], validity: { thisUpdate: Date; nextUpdate: Date }) {
  const list = await x509.X509CrlGenerator.create({
    issuer: authorityName(from.name),
    ...validity,
    entries: serials.map((serialNumber) => ({ serialNumber, revocationDate: new Date() })),
    signingAlgorithm: RSA,
    signingKey: from.keys.privateKey,
  })
  // The library writes « BEGIN CRL »; OpenSSL wants its own words.
  return asPem('X509 CRL', list.rawData)
}

function asPem(label: string, bytes: ArrayBuffer): string {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .match(/.{1,64}/g)!
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

const pemOf = (certificate: x509.X509Certificate) => asPem('CERTIFICATE', certificate.rawData)

async function keyPemOf({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return asPem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', privateKey))
}
