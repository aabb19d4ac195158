import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { selfSigned } from '../../test/tooling/certificates.ts'
import { type Configuration, ConfigurationFault, readConfiguration } from './configuration.ts'

const issuers = JSON.stringify([
  {
    issuerId: 'cnam',
    label: 'Organismes',
    discovery: 'https://identity.example/.well-known/openid-configuration',
    issuer: 'https://identity.example',
    clientId: 'consilium',
    clientSecret: 'secret',
    organisms: ['01-941'],
  },
])
const production = {
  CONSILIUM_MODE: 'production',
  CONSILIUM_URL: 'https://consilium.example',
  DATABASE_URL: 'postgres://consilium@db.example/consilium',
  CONSILIUM_KEYS: '/keys',
  CONSILIUM_PSC_DISCOVERY: 'https://psc.example/.well-known/wallet-openid-configuration',
  CONSILIUM_PSC_ISSUER: 'https://psc.example',
  CONSILIUM_PSC_CLIENT_ID: 'consilium',
  CONSILIUM_PSC_CLIENT_SECRET: 'secret',
  CONSILIUM_ORGANISM_ISSUERS: issuers,
  CONSILIUM_SMTP_URL: 'smtps://mail.example',
  CONSILIUM_MAIL_FROM: 'ne-pas-repondre@consilium.example',
  CONSILIUM_SECURITY_CONTACT: 'securite@consilium.example',
  CONSILIUM_INSURED_FHIR_URL: 'https://fhir.example',
}

function sentences(environment: Record<string, string | undefined>): string[] {
  try {
    readConfiguration(environment)
    return []
  } catch (fault) {
    assert.ok(fault instanceof ConfigurationFault, String(fault))
    return fault.sentences
  }
}

test('without a setting: a demonstration on 8080, with its simulators on the next ports', () => {
  const configuration = readConfiguration({})
  assert.equal(configuration.mode, 'demonstration')
  assert.equal(configuration.publicUrl, 'http://localhost:8080')
  assert.deepEqual(
    [configuration.ports.psc, configuration.ports.organism, configuration.ports.mailBox],
    [8081, 8082, 8083],
  )
  assert.deepEqual(configuration.simulators, { psc: true, organism: true, mailBox: true, card: false })
  assert.equal(configuration.database, null)
  assert.equal(configuration.keysGenerated, true)
})

test('PORT moves everything', () => {
  const { publicUrl, psc, organismIssuers, smtpUrl } = readConfiguration({ PORT: '9000' })
  assert.equal(publicUrl, 'http://localhost:9000')
  assert.match(psc.discovery, /localhost:9001/)
  assert.match(organismIssuers[0]!.issuer, /localhost:9002/)
  assert.match(smtpUrl, /localhost:9005/)
})

test('everything set: production starts no simulator', () => {
  const configuration = readConfiguration(production)
  assert.deepEqual(configuration.simulators, { psc: false, organism: false, mailBox: false, card: false })
  assert.equal(configuration.keysGenerated, false)
  assert.equal(configuration.insuredDirectory.kind, 'fhir')
})

// Each setting of a demonstration, taken alone, and what the sentence must tell to set instead.
const refused: [name: string, change: Record<string, string | undefined>, sets: RegExp][] = [
  ['no public address', { CONSILIUM_URL: undefined }, /CONSILIUM_URL.*https/],
  ['a public address in plain http', { CONSILIUM_URL: 'http://consilium.example' }, /CONSILIUM_URL.*https/],
  ['the embedded PostgreSQL', { DATABASE_URL: undefined }, /DATABASE_URL.*PostgreSQL/],
  ['generated keys', { CONSILIUM_KEYS: undefined }, /CONSILIUM_KEYS.*consilium keys create/],
  ['the simulated Pro Santé Connect', { CONSILIUM_PSC_DISCOVERY: undefined }, /CONSILIUM_PSC_DISCOVERY/],
  ['an issuer that is not pinned', { CONSILIUM_PSC_ISSUER: undefined }, /CONSILIUM_PSC_ISSUER/],
  ['the client of the demonstration', { CONSILIUM_PSC_CLIENT_ID: undefined }, /CONSILIUM_PSC_CLIENT_ID/],
  ['the secret of the demonstration', { CONSILIUM_PSC_CLIENT_SECRET: undefined }, /CONSILIUM_PSC_CLIENT_SECRET/],
  ['the simulated provider of the staff', { CONSILIUM_ORGANISM_ISSUERS: undefined }, /CONSILIUM_ORGANISM_ISSUERS/],
  ['the demonstration mail box', { CONSILIUM_SMTP_URL: undefined }, /CONSILIUM_SMTP_URL/],
  ['alerts that go to nobody', { CONSILIUM_SECURITY_CONTACT: undefined }, /CONSILIUM_SECURITY_CONTACT/],
  ['the sender of the demonstration', { CONSILIUM_MAIL_FROM: undefined }, /CONSILIUM_MAIL_FROM/],
  ['the fictional insured', { CONSILIUM_INSURED_FHIR_URL: undefined }, /CONSILIUM_INSURED_FHIR_URL/],
]
for (const [name, change, sets] of refused) {
  test(`production refuses ${name}, with one sentence that says what to set`, () => {
    const said = sentences({ ...production, ...change })
    assert.equal(said.length, 1, said.join('\n'))
    assert.match(said[0]!, sets)
  })
}

test('production with nothing set says all of it at once', () => {
  assert.ok(sentences({ CONSILIUM_MODE: 'production' }).length >= 8)
})

// What may never be echoed is the value: it may hold a password.
const wrong: [name: string, change: Record<string, string>, setting: string][] = [
  ['a port that is no number', { PORT: 'secret-value' }, 'PORT'],
  ['a port out of range', { PORT: '70000' }, 'PORT'],
  ['a mode that is none', { CONSILIUM_MODE: 'secret-value' }, 'CONSILIUM_MODE'],
  ['an address that is none', { CONSILIUM_URL: 'secret-value' }, 'CONSILIUM_URL'],
  ['an address of another kind', { CONSILIUM_URL: 'ftp://secret-value' }, 'CONSILIUM_URL'],
  ['a sender that is none', { CONSILIUM_MAIL_FROM: 'secret-value' }, 'CONSILIUM_MAIL_FROM'],
  ['issuers that are no JSON', { CONSILIUM_ORGANISM_ISSUERS: '{secret-value' }, 'CONSILIUM_ORGANISM_ISSUERS'],
  ['no issuer', { CONSILIUM_ORGANISM_ISSUERS: '[]' }, 'CONSILIUM_ORGANISM_ISSUERS'],
  [
    'an issuer that may speak for nobody',
    { CONSILIUM_ORGANISM_ISSUERS: issuers.replace('["01-941"]', '[]') },
    'CONSILIUM_ORGANISM_ISSUERS',
  ],
  ...(
    [
      ['an issuer that passes for the national identities', issuers.replace('"cnam"', '"ans"')],
      ['an issuer that passes for Pro Santé Connect', issuers.replace('"cnam"', '"psc"')],
      ['two issuers of one name', JSON.stringify([...JSON.parse(issuers), ...JSON.parse(issuers)])],
      ['a claim that stands for a role that is none', issuers.replace('}]', ',"roles":{"a":"directeur"}}]')],
      ['a provider asked less often than each hour', issuers.replace('}]', ',"recheckSeconds":3601}]')],
      ['a setting of an issuer that is none', issuers.replace('}]', ',"role":"a"}]')],
    ] as const
  ).map(([name, value]): [string, Record<string, string>, string] => [
    name,
    { CONSILIUM_ORGANISM_ISSUERS: value },
    'CONSILIUM_ORGANISM_ISSUERS',
  ]),
]
for (const [name, change, setting] of wrong) {
  test(`refused: ${name}`, () => {
    const said = sentences(change)
    assert.ok(said.length > 0 && said.every((sentence) => sentence.includes(setting)), said.join('\n'))
    assert.ok(!said.join('').includes('secret-value'))
  })
}

test('an issuer that says nothing of it speaks our roles, is asked again each minute, and demands no level', () => {
  const [issuer] = readConfiguration({ CONSILIUM_ORGANISM_ISSUERS: issuers }).organismIssuers
  assert.equal(issuer!.roles.medecin_conseil, 'medecin_conseil')
  assert.equal(issuer!.recheckSeconds, 60)
  assert.deepEqual([issuer!.acr, issuer!.amr], [[], []])
  assert.deepEqual(issuer!.claims, { role: 'role', organisms: 'organisms' })
})

test('a public address keeps its origin only', () => {
  assert.equal(
    readConfiguration({ CONSILIUM_URL: 'https://consilium.example/a?b' }).publicUrl,
    'https://consilium.example',
  )
})

describe('the client of Pro Santé Connect proves itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'consilium-psc-'))
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('by a secret, or by the certificate of mutual TLS', async () => {
    const { certificate, key } = await selfSigned()
    const paths = {
      CONSILIUM_PSC_CLIENT_CERTIFICATE: file('a.pem', certificate),
      CONSILIUM_PSC_CLIENT_KEY: file('a.key', key),
    }
    const without = { ...production, CONSILIUM_PSC_CLIENT_SECRET: undefined }
    const proofOf = ({ psc }: Configuration) => [psc.clientSecret, psc.clientCertificate]
    assert.deepEqual(proofOf(readConfiguration(production)), ['secret', null])
    assert.deepEqual(proofOf(readConfiguration({ ...without, ...paths })), ['', { certificate, key }])
    const ca = { CONSILIUM_PSC_CA: file('ca.pem', certificate), CONSILIUM_PSC_IDP_HINTS: 'chu-exemple, ght-essai' }
    const { psc } = readConfiguration({ ...production, ...ca })
    assert.equal(psc.ca, certificate)
    assert.deepEqual(psc.idpHints, ['chu-exemple', 'ght-essai'])

    const other = await selfSigned()
    const wrong: [Record<string, string | undefined>, RegExp][] = [
      [without, /CONSILIUM_PSC_CLIENT_SECRET or the certificate/],
      [{ ...production, ...paths }, /remove it/],
      [{ ...without, ...paths, CONSILIUM_PSC_CLIENT_KEY: undefined }, /go together/],
      [{ ...without, ...paths, CONSILIUM_PSC_CLIENT_KEY: file('b.key', other.key) }, /not the key of/],
      [{ ...without, ...paths, CONSILIUM_PSC_CLIENT_KEY: file('c.key', 'x') }, /PRIVATE KEY.*expected/],
      [{ ...without, ...paths, CONSILIUM_PSC_CLIENT_CERTIFICATE: join(folder, 'none') }, /cannot be read/],
      [{ ...production, CONSILIUM_PSC_CA: file('d.pem', 'x') }, /CERTIFICATE.*expected/],
      [{ ...production, CONSILIUM_PSC_DISCOVERY: 'http://psc.example' }, /plain http/],
    ]
    for (const [environment, says] of wrong) {
      const said = sentences(environment)
      assert.equal(said.length, 1, said.join('\n'))
      assert.match(said[0]!, says)
    }
  })
})

describe('cards', () => {
  const cards = {
    CONSILIUM_CARD: '1',
    CONSILIUM_CARD_URL: 'https://cartes.consilium.example',
    CONSILIUM_CARD_AUTHORITIES: '/etc/consilium/authorities',
    CONSILIUM_CARD_CRL: 'http://lists.example/one.crl, http://lists.example/two.crl',
    CONSILIUM_CARD_TLS_CERTIFICATE: '/etc/consilium/card.pem',
    CONSILIUM_CARD_TLS_KEY: '/etc/consilium/card-key.pem',
  }

  test('are off; on a demonstration that has them on, fictional ones are made, and PORT+4 asks for them', () => {
    assert.deepEqual(
      [readConfiguration({}).waysIn.card, readConfiguration({}).card.listens, readConfiguration({}).simulators.card],
      [false, false, false],
    )
    const { card, simulators } = readConfiguration({ CONSILIUM_CARD: '1', PORT: '9000' })
    assert.equal(card.url, 'https://localhost:9004')
    assert.equal(simulators.card, true)
    assert.ok(card.issuers.every((name) => name.startsWith('FICTIF ')))
  })

  test('in production are let in from the three PERSONNES authorities, and from nobody fictional', () => {
    const { card, waysIn, simulators } = readConfiguration({ ...production, ...cards })
    assert.equal(waysIn.card, true)
    assert.equal(simulators.card, false)
    assert.deepEqual(card.issuers, [
      'AC IGC-SANTE ELEMENTAIRE PERSONNES',
      'AC IGC-SANTE STANDARD PERSONNES',
      'AC IGC-SANTE FORT PERSONNES',
    ])
    assert.deepEqual(card.lists, { addresses: ['http://lists.example/one.crl', 'http://lists.example/two.crl'] })
  })

  test('apart: the way in is there, and another process listens', () => {
    const { card, waysIn } = readConfiguration({ ...production, ...cards, CONSILIUM_CARD: 'apart' })
    assert.deepEqual([waysIn.card, card.listens], [true, false])
  })

  test('behind a reverse proxy are asked for on the loopback alone', () => {
    const { card } = readConfiguration({
      ...production,
      ...cards,
      CONSILIUM_PROXIES: '10.0.0.1',
      CONSILIUM_CARD_FORWARDED: 'X-Client-Cert',
    })
    assert.deepEqual([card.forwardedHeader, card.host, card.tls], ['x-client-cert', '127.0.0.1', null])
  })

  const loose: [name: string, change: Record<string, string | undefined>, sets: RegExp][] = [
    ['no origin of their own', { CONSILIUM_CARD_URL: undefined }, /CONSILIUM_CARD_URL.*https/],
    ['no revocation list', { CONSILIUM_CARD_CRL: undefined }, /CONSILIUM_CARD_CRL/],
    ['fictional authorities', { CONSILIUM_CARD_AUTHORITIES: undefined }, /CONSILIUM_CARD_AUTHORITIES/],
    ['no certificate of the server', { CONSILIUM_CARD_TLS_KEY: undefined }, /CONSILIUM_CARD_TLS_KEY/],
    ['a forwarded header from anybody', { CONSILIUM_CARD_FORWARDED: 'X-Client-Cert' }, /CONSILIUM_PROXIES/],
  ]
  for (const [name, change, sets] of loose)
    test(`in production: ${name}, refused with one sentence`, () => {
      const said = sentences({ ...production, ...cards, ...change })
      assert.equal(said.length, 1, said.join('\n'))
      assert.match(said[0]!, sets)
    })
})
