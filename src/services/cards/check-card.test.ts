import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import {
  type CardAuthority,
  type CardWishes,
  createCardAuthority,
} from '../../../simulators/card-authority/authority.ts'
import { type Authorities, arrange, CardSettingsFault } from './authorities.ts'
import { checkCard } from './check-card.ts'
import { type RevocationList, readRevocationList } from './revocation-list.ts'

const DAY_MS = 24 * 3_600_000
const DOCTOR = { nationalId: '899709990016', familyName: 'EXEMPLE', givenName: 'CAMILLE' }
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS)

let authority: CardAuthority
let stranger: CardAuthority
let authorities: Authorities
let lists: RevocationList[]
const certificatesOf = (one: CardAuthority) => one.authorities.map(({ pem }) => new X509Certificate(pem))
before(async () => {
  authority = await createCardAuthority()
  stranger = await createCardAuthority()
  authorities = arrange(certificatesOf(authority), authority.issuers)
  await renewLists()
})

async function renewLists(validity?: { thisUpdate?: Date; nextUpdate?: Date }) {
  lists = (await authority.lists(validity)).map(({ pem }) => readRevocationList(Buffer.from(pem)))
}

const check = (der: Uint8Array | null, more: Partial<Parameters<typeof checkCard>[1]> = {}) =>
  checkCard(der, {
    authorities,
    listOf: ({ subject, certificate }) =>
      lists.find((list) => list.issuer.equals(subject) && list.isSignedBy(certificate.publicKey)),
    now: new Date(),
    ...more,
  })
const refusalOf = (verdict: ReturnType<typeof checkCard>) => ('refusal' in verdict ? verdict.refusal : null)
const issued = async (wishes: Partial<CardWishes> = {}, by = authority) => by.issue({ ...DOCTOR, ...wishes })

describe('a card that is let in', () => {
  for (const tier of ['ELEMENTAIRE', 'STANDARD', 'FORT'] as const)
    test(`of the authority ${tier}`, async () => {
      const { certificate } = await issued({ tier })
      const verdict = check(certificate)
      assert.ok('card' in verdict)
      assert.equal(verdict.card.nationalId, DOCTOR.nationalId)
      assert.match(verdict.card.issuer.name, new RegExp(`${tier} PERSONNES$`))
    })

  test('is a CPS, a CPF or a CPE', async () => {
    for (const product of [0, 1, 2]) assert.equal(refusalOf(check((await issued({ product })).certificate)), null)
  })

  test('is pinned by the fingerprint of its authority as by its name', async () => {
    const { certificate } = await issued()
    const { fingerprint } = authorities.all.find(({ name }) => name.endsWith('FORT PERSONNES'))!
    const pinned = arrange(certificatesOf(authority), [`SHA256:${fingerprint.toUpperCase()}`])
    assert.equal(refusalOf(check(certificate, { authorities: pinned })), null)
    const { certificate: other } = await issued({ tier: 'STANDARD' })
    assert.equal(refusalOf(check(other, { authorities: pinned })), 'card-organisation')
  })
})

describe('a card that is refused', () => {
  test('is not there', () => assert.equal(refusalOf(check(null)), 'card-missing'))
  test('is no certificate', () => assert.equal(refusalOf(check(Buffer.from('30820000'))), 'card-unreadable'))

  test('comes from another authority, even of the same names', async () => {
    const { certificate } = await issued({}, stranger)
    assert.equal(refusalOf(check(certificate)), 'card-authority-unknown')
  })

  test('is an authority itself, or a self-signed copy of one', () => {
    for (const { pem } of authority.authorities)
      assert.equal(refusalOf(check(new X509Certificate(pem).raw)), 'card-authority-unknown')
  })

  test('has one byte of its content changed: the signature no longer fits', async () => {
    const { certificate } = await issued()
    const at = certificate.indexOf('899709990016')
    certificate[at + 11] = '7'.charCodeAt(0)
    assert.equal(refusalOf(check(certificate)), 'card-authority-unknown')
  })

  test('is no longer, or not yet, valid', async () => {
    const { certificate } = await issued({ notBefore: inDays(-30), notAfter: inDays(-1) })
    assert.equal(refusalOf(check(certificate)), 'card-expired')
    const { certificate: early } = await issued({ notBefore: inDays(1) })
    assert.equal(refusalOf(check(early)), 'card-expired')
  })

  test('is of an authority that was revoked itself', async () => {
    const { certificate } = await issued({ tier: 'STANDARD' })
    const { name, certificate: above } = authorities.all.find((one) => one.name.endsWith('STANDARD PERSONNES'))!
    authority.revoke(above.serialNumber.toLowerCase())
    await renewLists()
    assert.equal(refusalOf(check(certificate)), 'card-revoked', name)
    assert.equal(refusalOf(check((await issued()).certificate)), null, 'those of another are let in')
  })

  test('is revoked', async () => {
    const { certificate, serial } = await issued()
    assert.equal(refusalOf(check(certificate)), null)
    authority.revoke(serial)
    await renewLists()
    assert.equal(refusalOf(check(certificate)), 'card-revoked')
  })

  test('cannot be looked up: the list of its authority, or of the root, is missing or over', async () => {
    const { certificate } = await issued()
    for (const suffix of ['FORT PERSONNES', 'RACINE IGC-SANTE FORT']) {
      const listOf = ({ name, subject }: { name: string; subject: Buffer }) =>
        name.endsWith(suffix) ? undefined : lists.find((list) => list.issuer.equals(subject))
      assert.equal(refusalOf(check(certificate, { listOf })), 'card-revocation-unavailable')
    }
    assert.equal(refusalOf(check(certificate, { now: inDays(8) })), 'card-revocation-unavailable')
    assert.equal(refusalOf(check(certificate, { now: inDays(6) })), null)
  })

  test('is the certificate for signatures', async () => {
    assert.equal(refusalOf(check((await issued({ use: 'signature' })).certificate)), 'card-signature-certificate')
  })

  test('is an organisation’s, which TLS would let in: only the pin refuses it', async () => {
    const { certificate } = await issued({ branch: 'ORGANISATIONS' })
    assert.equal(refusalOf(check(certificate)), 'card-organisation')
  })

  test('names nobody, is a CPA or of no product, or has its key elsewhere than on a card', async () => {
    const others = [
      { familyName: null, givenName: null, nationalId: '3990000001/000000018', product: 2 },
      { product: 3 },
      { product: null },
      { support: 0x83 },
      { support: null },
    ]
    for (const wishes of others)
      assert.equal(refusalOf(check((await issued(wishes)).certificate)), 'card-type-refused', JSON.stringify(wishes))
  })
})

describe('two faults at once', () => {
  // In the order of the checks: each is told before all that follow it.
  const ordered: [code: string, wishes: Partial<CardWishes>][] = [
    ['card-expired', { notBefore: inDays(-30), notAfter: inDays(-1) }],
    ['card-revoked', {}],
    ['card-signature-certificate', { use: 'signature' }],
    ['card-organisation', { branch: 'ORGANISATIONS' }],
    ['card-type-refused', { product: 3 }],
  ]
  for (const [at, [code, first]] of ordered.entries())
    for (const [later, second] of ordered.slice(at + 1))
      test(`${code} is told, and not ${later}`, async () => {
        const { certificate, serial } = await issued({ ...second, ...first })
        if ([code, later].includes('card-revoked')) {
          authority.revoke(serial)
          await renewLists()
        }
        assert.equal(refusalOf(check(certificate)), code)
      })

  test('whatever else, a card of a stranger is of a stranger, and without lists nothing is said of it', async () => {
    const { certificate } = await issued(
      { use: 'signature', product: 3, notAfter: inDays(-1), notBefore: inDays(-9) },
      stranger,
    )
    assert.equal(refusalOf(check(certificate)), 'card-authority-unknown')
    const { certificate: signature } = await issued({ use: 'signature' })
    assert.equal(refusalOf(check(signature, { listOf: () => undefined })), 'card-revocation-unavailable')
  })
})

test('mangled certificates are refused, and never fail', async () => {
  const { certificate } = await issued()
  const change = fc.tuple(fc.nat(certificate.length - 1), fc.integer({ min: 1, max: 255 }))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = Buffer.from(certificate)
      for (const [at, difference] of changes) bytes[at] = bytes[at]! ^ difference
      fc.pre(!bytes.equals(certificate))
      assert.notEqual(refusalOf(check(bytes)), null)
    }),
    { numRuns: 500 },
  )
})

describe('authorities', () => {
  test('that lead to no root, or of which none is pinned, are no ground to stand on', () => {
    const own = certificatesOf(authority)
    const orphan = certificatesOf(stranger).find(({ subject }) => subject.includes('FORT PERSONNES'))!
    assert.throws(() => arrange([...own, orphan], authority.issuers), CardSettingsFault)
    assert.throws(() => arrange(own, ['AC INCONNUE']), CardSettingsFault)
    assert.throws(() => arrange([], authority.issuers), CardSettingsFault)
    // A root is no giver of cards, even when it is named.
    assert.throws(() => arrange(own, ['FICTIF AC RACINE IGC-SANTE FORT']), CardSettingsFault)
  })
})
