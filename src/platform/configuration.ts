// The environment, parsed once. A default that is only fit for a demonstration is refused in production, each with a
// sentence that says what to set instead.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { STAFF_ROLES, type StaffRoleName } from './sessions/staff-roles.ts'

const flag = z
  .enum(['0', '1', 'true', 'false'])
  .default('0')
  .transform((value) => value === '1' || value === 'true')
/** « a, b » → ['a', 'b'] */
const list = (text: string) =>
  text
    .split(',')
    .map((value) => value.trim())
    .filter(Boolean)
const optional = z
  .string()
  .optional()
  .transform((value) => (value ? value : undefined))

const Environment = z.object({
  CONSILIUM_MODE: z.enum(['demonstration', 'production']).default('demonstration'),
  PORT: z.coerce.number().int().min(1).max(65_000).default(8080),
  HOST: z.string().default('localhost'),
  CONSILIUM_URL: z.url({ protocol: /^https?$/ }).optional(),
  CONSILIUM_DATA: z.string().default('./var'),
  CONSILIUM_KEYS: optional,
  DATABASE_URL: optional,
  DATABASE_URL_MEDICAL: optional,
  DATABASE_URL_ADMINISTRATIVE: optional,
  CONSILIUM_PSC_DISCOVERY: optional,
  CONSILIUM_PSC_ISSUER: optional,
  CONSILIUM_PSC_CLIENT_ID: optional,
  CONSILIUM_PSC_CLIENT_SECRET: optional,
  CONSILIUM_PSC_CLIENT_CERTIFICATE: optional,
  CONSILIUM_PSC_CLIENT_KEY: optional,
  CONSILIUM_PSC_CA: optional,
  CONSILIUM_PSC_IDP_HINTS: z.string().default(''),
  CONSILIUM_PSC_ACR: z.string().default('eidas1,eidas2,eidas3'),
  CONSILIUM_ORGANISM_ISSUERS: optional,
  CONSILIUM_SMTP_URL: optional,
  CONSILIUM_MAIL_FROM: z.email().optional(),
  CONSILIUM_SECURITY_CONTACT: z.email().optional(),
  CONSILIUM_PROXIES: z.string().default(''),
  CONSILIUM_CARD: z.enum(['0', '1', 'true', 'false', 'apart']).default('0'),
  CONSILIUM_CARD_URL: z.url({ protocol: /^https$/ }).optional(),
  CONSILIUM_CARD_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  CONSILIUM_CARD_HOST: optional,
  CONSILIUM_CARD_TLS_CERTIFICATE: optional,
  CONSILIUM_CARD_TLS_KEY: optional,
  CONSILIUM_CARD_AUTHORITIES: optional,
  CONSILIUM_CARD_ISSUERS: optional,
  CONSILIUM_CARD_CRL: optional,
  CONSILIUM_CARD_REFRESH: z.coerce.number().int().min(1).max(1440).default(60),
  CONSILIUM_CARD_FORWARDED: z
    .string()
    .regex(/^[A-Za-z0-9-]*$/)
    .optional(),
  CONSILIUM_PASSWORD: z
    .enum(['0', '1', 'true', 'false'])
    .default('1')
    .transform((value) => value === '1' || value === 'true'),
  CONSILIUM_PASSWORD_TRIES: z.coerce.number().int().min(3).max(100).default(10),
  CONSILIUM_INSURED_FHIR_URL: optional,
  CONSILIUM_INSURED_FHIR_TOKEN: optional,
  CONSILIUM_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  CONSILIUM_CHECK_ANSWERS: flag,
})

/** One identity provider of an insurer's staff. */
export const OrganismIssuer = z.strictObject({
  /** « ans » and « psc » are national identities, of which no insurer's provider says anything. */
  issuerId: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .refine((id) => id !== 'ans' && id !== 'psc', 'reserved'),
  label: z.string(),
  /** Full address of its discovery document. */
  discovery: z.url(),
  /** Pinned issuer; the discovery document must name it. */
  issuer: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  /** What is asked for besides the identity; some providers give a refresh token for « offline_access » only. */
  scope: z.string().default('openid profile email'),
  /** Values of `acr` that are accepted; empty: any. */
  acr: z.array(z.string()).default([]),
  /** Methods (`amr`) of which one must be wholly shown, several joined by « + » (« sc+pin »); empty: any. */
  amr: z.array(z.string().min(1)).default([]),
  /** Claims that hold the roles and the organisms; a dot leads into a claim (« realm_access.roles »). */
  claims: z
    .strictObject({ role: z.string().default('role'), organisms: z.string().default('organisms') })
    .default({ role: 'role', organisms: 'organisms' }),
  /** Values of the claim of roles → roles of the portal; our own names unless told. */
  roles: z
    .record(z.string(), z.enum(STAFF_ROLES))
    .default(() => Object.fromEntries(STAFF_ROLES.map((role) => [role, role])) as Record<string, StaffRoleName>),
  /** The only organisms this provider may speak for. */
  organisms: z.array(z.string()).min(1),
  /** Whom somebody asks who is refused for their role: an address, a telephone number, a service. */
  contact: z.string().max(200).default(''),
  /** A session asks the provider again whether the person still is who they were, this often; 0: never. */
  recheckSeconds: z.int().min(0).max(3600).default(60),
})
export type OrganismIssuer = z.infer<typeof OrganismIssuer>

export type Configuration = {
  mode: 'demonstration' | 'production'
  port: number
  host: string
  /** Public origin, without a closing slash. */
  publicUrl: string
  dataFolder: string
  keysFolder: string
  keysGenerated: boolean
  database: { owner: string; medical?: string; administrative?: string } | null
  psc: {
    discovery: string
    issuer: string
    clientId: string
    /** What the client proves itself by: a secret, or (then it is empty) the certificate of mutual TLS, RFC 8705. */
    clientSecret: string
    /** PEM texts, not paths. */
    clientCertificate: { certificate: string; key: string } | null
    /** Authorities (PEM) that its servers are trusted by, in place of the system's. */
    ca: string | null
    acr: string[]
    /** Values of `kc_idp_hint` (establishments' own identity providers) that are passed on. */
    idpHints: string[]
  }
  organismIssuers: OrganismIssuer[]
  smtpUrl: string
  mailFrom: string
  /** Which ways in there are besides Pro Santé Connect and the insurers' providers. */
  waysIn: { card: boolean; password: boolean }
  /** Failures of an identifier after which its password is locked. */
  passwordTries: number
  /** The card's own origin (mutual TLS); says nothing unless `waysIn.card`. */
  card: CardSettings
  /** Where alerts go (identification blocked, revocation lists that grow old). */
  securityContact: string
  /** Reverse proxies whose forwarded headers are believed: addresses or ranges. */
  proxies: string[]
  insuredDirectory: { kind: 'demonstration' } | { kind: 'fhir'; url: string; token: string | null }
  logLevel: string
  checkAnswers: boolean
  /** Which simulators this process starts. */
  simulators: { psc: boolean; organism: boolean; mailBox: boolean; card: boolean }
  ports: { psc: number; organism: number; mailBox: number; smtp: number }
}

export type CardSettings = {
  /** Whether this process listens for cards; with `apart` another one does (`consilium card`). */
  listens: boolean
  /** Public origin, without a closing slash: https always. */
  url: string
  port: number
  host: string
  /** Files of the server's certificate and key; null behind a reverse proxy, which has its own. */
  tls: { certificate: string; key: string } | null
  /** Folder of root and intermediate authorities. */
  authorities: string
  /** Authorities whose cards are let in: common names, or `sha256:…` of their key. */
  issuers: string[]
  lists: { folder: string } | { addresses: string[] }
  refreshMs: number
  /** Name of the header that a reverse proxy forwards the certificate in, in small letters. */
  forwardedHeader: string | null
}

/** A setting that cannot be accepted; the message is for the host, and names the setting. */
export class ConfigurationFault extends Error {
  readonly sentences: string[]
  constructor(sentences: string[]) {
    super(sentences.join('\n'))
    this.name = 'ConfigurationFault'
    this.sentences = sentences
  }
}

/**
 * Reads the environment.
 * @throws ConfigurationFault naming every setting that is wrong, or unfit for production.
 */
export function readConfiguration(environment: Record<string, string | undefined>): Configuration {
  const parsed = Environment.safeParse(environment)
  if (!parsed.success)
    throw new ConfigurationFault(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: the value is not accepted (${issue.message}).`),
    )
  const env = parsed.data
  const production = env.CONSILIUM_MODE === 'production'
  const issuers = readIssuers(env.CONSILIUM_ORGANISM_ISSUERS)
  if (production) refuseDemonstration(env)
  refuseLooseCards(env)
  const url = new URL(env.CONSILIUM_URL ?? `http://localhost:${env.PORT}`)
  const ports = { psc: env.PORT + 1, organism: env.PORT + 2, mailBox: env.PORT + 3, smtp: env.PORT + 5 }
  const dataFolder = resolve(env.CONSILIUM_DATA)
  const pscIssuer = `http://localhost:${ports.psc}/auth/realms/esante-wallet`
  return {
    mode: env.CONSILIUM_MODE,
    port: env.PORT,
    host: env.HOST,
    publicUrl: url.origin,
    dataFolder,
    keysFolder: env.CONSILIUM_KEYS ? resolve(env.CONSILIUM_KEYS) : resolve(dataFolder, 'keys'),
    keysGenerated: !env.CONSILIUM_KEYS,
    database: env.DATABASE_URL
      ? {
          owner: env.DATABASE_URL,
          medical: env.DATABASE_URL_MEDICAL,
          administrative: env.DATABASE_URL_ADMINISTRATIVE,
        }
      : null,
    psc: {
      discovery: env.CONSILIUM_PSC_DISCOVERY ?? `${pscIssuer}/.well-known/wallet-openid-configuration`,
      issuer: env.CONSILIUM_PSC_ISSUER ?? pscIssuer,
      clientId: env.CONSILIUM_PSC_CLIENT_ID ?? 'consilium-demonstration',
      ...readProof(env),
      ca: env.CONSILIUM_PSC_CA ? readPem('CONSILIUM_PSC_CA', env.CONSILIUM_PSC_CA, 'CERTIFICATE') : null,
      acr: list(env.CONSILIUM_PSC_ACR),
      idpHints: list(env.CONSILIUM_PSC_IDP_HINTS),
    },
    organismIssuers: issuers ?? [
      OrganismIssuer.parse({
        issuerId: 'demonstration',
        label: 'Organismes de démonstration',
        discovery: `http://localhost:${ports.organism}/.well-known/openid-configuration`,
        issuer: `http://localhost:${ports.organism}`,
        clientId: 'consilium-demonstration',
        clientSecret: 'demonstration-secret-of-no-value',
        organisms: ['01-941', '01-451'],
        contact: 'habilitations@organisme.example',
      }),
    ],
    smtpUrl: env.CONSILIUM_SMTP_URL ?? `smtp://localhost:${ports.smtp}`,
    mailFrom: env.CONSILIUM_MAIL_FROM ?? 'ne-pas-repondre@consilium.example',
    passwordTries: env.CONSILIUM_PASSWORD_TRIES,
    waysIn: { card: isOn(env.CONSILIUM_CARD), password: env.CONSILIUM_PASSWORD },
    card: cardSettings(env, dataFolder),
    securityContact: env.CONSILIUM_SECURITY_CONTACT ?? 'securite@consilium.example',
    proxies: list(env.CONSILIUM_PROXIES),
    insuredDirectory: env.CONSILIUM_INSURED_FHIR_URL
      ? { kind: 'fhir', url: env.CONSILIUM_INSURED_FHIR_URL, token: env.CONSILIUM_INSURED_FHIR_TOKEN ?? null }
      : { kind: 'demonstration' },
    logLevel: env.CONSILIUM_LOG_LEVEL,
    checkAnswers: env.CONSILIUM_CHECK_ANSWERS,
    simulators: {
      psc: !production && !env.CONSILIUM_PSC_DISCOVERY,
      organism: !production && !issuers,
      mailBox: !production && !env.CONSILIUM_SMTP_URL,
      card: !production && isOn(env.CONSILIUM_CARD) && !env.CONSILIUM_CARD_AUTHORITIES,
    },
    ports,
  }
}

const distinct = (list: OrganismIssuer[]) => new Set(list.map(({ issuerId }) => issuerId)).size === list.length
const isOn = (value: string) => value !== '0' && value !== 'false'

/** The three authorities that give cards to persons (IDENTITY.md part 2.1). */
const PERSONNES = ['ELEMENTAIRE', 'STANDARD', 'FORT'].map((tier) => `AC IGC-SANTE ${tier} PERSONNES`)

/** Without authorities of its own, a demonstration makes fictional ones under the data folder (src/demonstration.ts). */
function cardSettings(env: z.infer<typeof Environment>, dataFolder: string): CardSettings {
  const port = env.CONSILIUM_CARD_PORT ?? env.PORT + 4
  const made = (name: string) => resolve(dataFolder, 'cards', name)
  const lists = list(env.CONSILIUM_CARD_CRL ?? '')
  const addresses = lists.filter((one) => /^https?:/.test(one))
  const forwardedHeader = env.CONSILIUM_CARD_FORWARDED?.toLowerCase() || null
  const fictional = !env.CONSILIUM_CARD_AUTHORITIES
  return {
    listens: isOn(env.CONSILIUM_CARD) && env.CONSILIUM_CARD !== 'apart',
    url: new URL(env.CONSILIUM_CARD_URL ?? `https://localhost:${port}`).origin,
    port,
    // Behind a proxy, plain http: not for a network.
    host: env.CONSILIUM_CARD_HOST ?? (forwardedHeader ? '127.0.0.1' : env.HOST),
    tls: forwardedHeader
      ? null
      : {
          certificate: resolve(env.CONSILIUM_CARD_TLS_CERTIFICATE ?? made('server.pem')),
          key: resolve(env.CONSILIUM_CARD_TLS_KEY ?? made('server-key.pem')),
        },
    authorities: resolve(env.CONSILIUM_CARD_AUTHORITIES ?? made('authorities')),
    issuers: env.CONSILIUM_CARD_ISSUERS
      ? list(env.CONSILIUM_CARD_ISSUERS)
      : PERSONNES.map((name) => (fictional ? `FICTIF ${name}` : name)),
    lists: addresses.length > 0 ? { addresses } : { folder: resolve(lists[0] ?? made('lists')) },
    refreshMs: env.CONSILIUM_CARD_REFRESH * 60_000,
    forwardedHeader,
  }
}

/** @throws ConfigurationFault when both proofs are set, half of one, or a file is not what it should be */
function readProof(env: z.infer<typeof Environment>): Pick<Configuration['psc'], 'clientSecret' | 'clientCertificate'> {
  const { CONSILIUM_PSC_CLIENT_CERTIFICATE: certificate, CONSILIUM_PSC_CLIENT_KEY: key } = env
  const secret = env.CONSILIUM_PSC_CLIENT_SECRET
  if (!certificate && !key)
    return { clientSecret: secret ?? 'demonstration-secret-of-no-value', clientCertificate: null }
  if (!certificate || !key)
    throw new ConfigurationFault([
      'CONSILIUM_PSC_CLIENT_CERTIFICATE and CONSILIUM_PSC_CLIENT_KEY go together: set both, or neither.',
    ])
  if (secret)
    throw new ConfigurationFault([
      'CONSILIUM_PSC_CLIENT_SECRET is set beside a client certificate: with mutual TLS there is no secret; remove it.',
    ])
  const proof = {
    certificate: readPem('CONSILIUM_PSC_CLIENT_CERTIFICATE', certificate, 'CERTIFICATE'),
    key: readPem('CONSILIUM_PSC_CLIENT_KEY', key, 'PRIVATE KEY'),
  }
  if (!isPair(proof.certificate, proof.key))
    throw new ConfigurationFault([
      'CONSILIUM_PSC_CLIENT_KEY is not the key of CONSILIUM_PSC_CLIENT_CERTIFICATE, or is protected by a password.',
    ])
  return { clientSecret: '', clientCertificate: proof }
}

function isPair(certificate: string, key: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}

function readPem(setting: string, path: string, what: 'CERTIFICATE' | 'PRIVATE KEY'): string {
  let text: string
  try {
    text = readFileSync(resolve(path), 'utf8')
  } catch {
    throw new ConfigurationFault([`${setting}: the file cannot be read.`])
  }
  if (!new RegExp(`-----BEGIN [A-Z ]*${what}-----`).test(text))
    throw new ConfigurationFault([`${setting}: a PEM file (« -----BEGIN ${what}----- ») is expected.`])
  return text
}

function readIssuers(text: string | undefined): OrganismIssuer[] | null {
  if (!text) return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ConfigurationFault(['CONSILIUM_ORGANISM_ISSUERS: not JSON (a list of identity providers is expected).'])
  }
  const parsed = z.array(OrganismIssuer).min(1).refine(distinct, 'two have the same issuerId').safeParse(value)
  if (parsed.success) return parsed.data
  throw new ConfigurationFault(
    parsed.error.issues.map((issue) => `CONSILIUM_ORGANISM_ISSUERS ${issue.path.join('.')}: ${issue.message}.`),
  )
}

/** The defaults that a demonstration lives on, and what production needs in their place. */
function refuseDemonstration(env: z.infer<typeof Environment>): void {
  const sentences: string[] = []
  const need = (missing: boolean, sentence: string) => missing && sentences.push(sentence)
  need(!env.CONSILIUM_URL, 'CONSILIUM_URL is not set: set the public https address of the portal.')
  need(
    env.CONSILIUM_URL?.startsWith('http:') ?? false,
    'CONSILIUM_URL is plain http: set the public https address of the portal.',
  )
  need(
    !env.DATABASE_URL,
    'DATABASE_URL is not set, and the embedded PostgreSQL has no password: set the address of your PostgreSQL (15 or newer).',
  )
  need(
    !env.CONSILIUM_KEYS,
    'CONSILIUM_KEYS is not set, and generated keys would lie beside the data: run « consilium keys create FOLDER » and set CONSILIUM_KEYS to that folder, on another disk.',
  )
  need(
    !env.CONSILIUM_PSC_DISCOVERY ||
      !env.CONSILIUM_PSC_ISSUER ||
      !env.CONSILIUM_PSC_CLIENT_ID ||
      !(env.CONSILIUM_PSC_CLIENT_SECRET || env.CONSILIUM_PSC_CLIENT_CERTIFICATE),
    'The simulated Pro Santé Connect is for demonstrations: set CONSILIUM_PSC_DISCOVERY, CONSILIUM_PSC_ISSUER, CONSILIUM_PSC_CLIENT_ID, and CONSILIUM_PSC_CLIENT_SECRET or the certificate of mutual TLS (CONSILIUM_PSC_CLIENT_CERTIFICATE and CONSILIUM_PSC_CLIENT_KEY).',
  )
  need(
    [env.CONSILIUM_PSC_DISCOVERY, env.CONSILIUM_PSC_ISSUER].some((address) => address?.startsWith('http:')),
    'CONSILIUM_PSC_DISCOVERY and CONSILIUM_PSC_ISSUER are plain http: set the https addresses of Pro Santé Connect.',
  )
  need(
    !env.CONSILIUM_ORGANISM_ISSUERS,
    'The simulated identity provider of the staff is for demonstrations: set CONSILIUM_ORGANISM_ISSUERS.',
  )
  need(
    !env.CONSILIUM_SMTP_URL,
    'The demonstration mail box is for demonstrations: set CONSILIUM_SMTP_URL to your SMTP server.',
  )
  need(!env.CONSILIUM_MAIL_FROM, 'CONSILIUM_MAIL_FROM is not set: set the sender’s address of the notices.')
  need(
    !env.CONSILIUM_SECURITY_CONTACT,
    'CONSILIUM_SECURITY_CONTACT is not set: set the address that security alerts go to.',
  )
  need(
    !env.CONSILIUM_INSURED_FHIR_URL,
    'The demonstration directory of the insured holds fictional people: set CONSILIUM_INSURED_FHIR_URL to your FHIR R4 server.',
  )
  if (sentences.length > 0) throw new ConfigurationFault(sentences)
}

/** What cards cannot be trusted without, wherever they are on. */
function refuseLooseCards(env: z.infer<typeof Environment>): void {
  if (!isOn(env.CONSILIUM_CARD)) return
  const sentences: string[] = []
  const need = (missing: boolean, sentence: string) => missing && sentences.push(sentence)
  const production = env.CONSILIUM_MODE === 'production'
  const { CONSILIUM_CARD_CRL: lists = '' } = env
  need(
    Boolean(env.CONSILIUM_CARD_FORWARDED) && list(env.CONSILIUM_PROXIES).length === 0,
    'CONSILIUM_CARD_FORWARDED is set without CONSILIUM_PROXIES: anybody could forward a certificate; set the addresses of your reverse proxies.',
  )
  need(
    list(lists).length > 1 && !list(lists).every((one) => /^https?:/.test(one)),
    'CONSILIUM_CARD_CRL: either one folder, or addresses that begin with http.',
  )
  need(
    production && !env.CONSILIUM_CARD_URL,
    'CONSILIUM_CARD_URL is not set: set the public https origin of the card, another one than CONSILIUM_URL.',
  )
  need(
    production && !env.CONSILIUM_CARD_AUTHORITIES,
    'CONSILIUM_CARD_AUTHORITIES is not set, and fictional cards are for demonstrations: set the folder of the IGC-Santé authorities.',
  )
  need(
    Boolean(env.CONSILIUM_CARD_AUTHORITIES) && !lists,
    'CONSILIUM_CARD_CRL is not set: without revocation lists no card can be accepted; set their folder or addresses.',
  )
  need(
    production && !env.CONSILIUM_CARD_FORWARDED && (!env.CONSILIUM_CARD_TLS_CERTIFICATE || !env.CONSILIUM_CARD_TLS_KEY),
    'CONSILIUM_CARD_TLS_CERTIFICATE and CONSILIUM_CARD_TLS_KEY are not set: set the files of the server’s certificate and key, or CONSILIUM_CARD_FORWARDED behind a reverse proxy.',
  )
  if (sentences.length > 0) throw new ConfigurationFault(sentences)
}
