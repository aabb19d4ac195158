// Certificates for tests: an authority made in memory, and what it signs. Never written but where a test writes them.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

export type Pair = { certificate: string; key: string }
export type Authority = {
  /** PEM of the authority’s own certificate. */
  certificate: string
  /** For a server on this host. */
  server(host: string): Promise<Pair>
  /** For a client of mutual TLS, of this subject (« CN=…,O=… »). */
  client(subject: string): Promise<Pair>
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const crypto = webcrypto as unknown as Parameters<typeof X509CertificateGenerator.create>[1]
let serial = 1

export async function createAuthority(name: string): Promise<Authority> {
  const keys = await newKeys()
  const issuer = `CN=${name}`
  const own = await X509CertificateGenerator.create(
    {
      ...common(issuer, issuer),
      publicKey: keys.publicKey,
      signingKey: keys.privateKey,
      extensions: [new BasicConstraintsExtension(true, 1, true)],
    },
    crypto,
  )
  const sign = async (subject: string, extensions: Extension[]): Promise<Pair> => {
    const { publicKey, privateKey } = await newKeys()
    const made = await X509CertificateGenerator.create(
      { ...common(subject, issuer), publicKey, signingKey: keys.privateKey, extensions },
      crypto,
    )
    return { certificate: pemOf(made), key: await keyPem(privateKey) }
  }
  return {
    certificate: pemOf(own),
    server: (host) =>
      sign(`CN=${host}`, [
        new SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      ]),
    client: (subject) => sign(subject, [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])]),
  }
}

/** A certificate of nobody’s, with its key. */
export async function selfSigned(): Promise<Pair> {
  const authority = await createAuthority('Essai')
  return authority.client('CN=essai')
}

function common(subject: string, issuer: string) {
  return {
    serialNumber: (serial++).toString(16).padStart(2, '0'),
    subject,
    issuer,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 86_400_000),
    signingAlgorithm: ALGORITHM,
  }
}

const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
const pemOf = (certificate: X509Certificate) => `${certificate.toString('pem')}\n`

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64')
  return `-----BEGIN PRIVATE KEY-----\n${bytes.match(/.{1,64}/g)!.join('\n')}\n-----END PRIVATE KEY-----\n`
}
