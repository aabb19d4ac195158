import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { type Card, type CardAuthority, createCardAuthority } from '../../../simulators/card-authority/authority.ts'
import { readCertificate } from './certificate.ts'

let authority: CardAuthority
let card: Card
before(async () => {
  authority = await createCardAuthority()
  card = await authority.issue({
    nationalId: '899709990016',
    familyName: 'EXEMPLE, CN=800000000000',
    givenName: 'CAMILLE',
    profession: { code: 10, label: 'Médecin' },
  })
})

describe('a card', () => {
  test('says who holds it, from the RDN that has several values, whatever a name holds', () => {
    const read = readCertificate(card.certificate)
    assert.ok(read)
    assert.equal(read.nationalId, '899709990016')
    assert.equal(read.familyName, 'EXEMPLE, CN=800000000000')
    assert.equal(read.givenName, 'CAMILLE')
    assert.equal(read.profession, 10)
    assert.equal(read.product, 0)
    assert.equal(read.support, 0x80)
    assert.match(read.cardNumber ?? '', /^9925000001\//)
    assert.equal(read.structureId, null)
    assert.equal(read.serial, card.serial)
    assert.equal(read.forAuthentication, true)
    assert.equal(read.unknownCritical, false)
    assert.equal(read.isAuthority, false)
  })

  test('of an employee says the structure, and an identifier that is no number', async () => {
    const { certificate } = await authority.issue({
      nationalId: '30B0000001/CPET00001',
      product: 2,
      structure: { id: '10B0000001', name: 'CENTRE FICTIF' },
    })
    const read = readCertificate(certificate)
    assert.equal(read?.nationalId, '30B0000001/CPET00001')
    assert.equal(read?.structureId, '10B0000001')
    assert.equal(read?.product, 2)
    assert.equal(read?.profession, null)
  })

  test('has a second certificate, which is not for authentication', async () => {
    const { certificate } = await authority.issue({ nationalId: '899709990016', use: 'signature' })
    assert.equal(readCertificate(certificate)?.forAuthentication, false)
  })
})

describe('bytes that are no certificate', () => {
  test('are none, and what follows a certificate makes it none', () => {
    assert.equal(readCertificate(Buffer.from('texte')), null)
    assert.equal(readCertificate(Buffer.alloc(0)), null)
    assert.equal(readCertificate(Buffer.concat([card.certificate, Buffer.from([0])])), null)
    assert.equal(readCertificate(card.certificate.subarray(0, -1)), null)
  })

  test('never throw, however they are mangled', () => {
    const mangled = fc
      .array(fc.tuple(fc.nat(card.certificate.length - 1), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 6,
      })
      .map((changes) => {
        const bytes = Buffer.from(card.certificate)
        for (const [at, value] of changes) bytes[at] = value
        return bytes
      })
    const cut = fc.nat(card.certificate.length).map((length) => card.certificate.subarray(0, length))
    const any = fc.uint8Array({ maxLength: 200 })
    fc.assert(
      fc.property(fc.oneof(mangled, cut, any), (bytes) => {
        const read = readCertificate(bytes)
        assert.ok(read === null || typeof read.serial === 'string')
      }),
      { numRuns: 1500 },
    )
  })
})
