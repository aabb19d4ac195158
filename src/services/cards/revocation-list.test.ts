import assert from 'node:assert/strict'
import { createSign, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { type CardAuthority, createCardAuthority } from '../../../simulators/card-authority/authority.ts'
import { type Authority, arrange } from './authorities.ts'
import { DerFault } from './der.ts'
import { readRevocationList } from './revocation-list.ts'

let authority: CardAuthority
let giver: Authority
let pem: string
let serial: string
const FROM = new Date('2026-11-24T07:00:00Z')
const UNTIL = new Date('2026-12-01T07:00:00Z')
before(async () => {
  authority = await createCardAuthority()
  const certificates = authority.authorities.map((one) => new X509Certificate(one.pem))
  giver = arrange(certificates, authority.issuers).all.find(({ name }) => name.endsWith('FORT PERSONNES'))!
  serial = (await authority.issue({ nationalId: '899709990016' })).serial
  authority.revoke(serial)
  const lists = await authority.lists({ thisUpdate: FROM, nextUpdate: UNTIL })
  pem = lists.find(({ name }) => name === giver.name)!.pem
})
const derOf = (text: string) => Buffer.from(text.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')

describe('a revocation list', () => {
  test('says who is revoked, from when to when, and for whom it speaks; in PEM as in DER', () => {
    for (const bytes of [Buffer.from(pem), derOf(pem)]) {
      const list = readRevocationList(bytes)
      assert.deepEqual([...list.revoked], [serial])
      assert.deepEqual([list.thisUpdate, list.nextUpdate], [FROM, UNTIL])
      assert.ok(list.issuer.equals(giver.subject))
      assert.equal(list.isSignedBy(giver.certificate.publicKey), true)
      assert.equal(list.isSignedBy(giver.issuer!.certificate.publicKey), false)
    }
  })

  test('with one serial changed is signed by nobody', () => {
    const der = derOf(pem)
    der[der.indexOf(Buffer.from(serial, 'hex'))]! ^= 1
    assert.equal(readRevocationList(der).isSignedBy(giver.certificate.publicKey), false)
  })

  test('never fails otherwise than as no list, however it is mangled', () => {
    const der = derOf(pem)
    const change = fc.tuple(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 5 }), fc.nat(der.length), (changes, length) => {
        const bytes = Buffer.from(der)
        for (const [at, difference] of changes) bytes[at]! ^= difference
        try {
          readRevocationList(bytes.subarray(0, length))
        } catch (fault) {
          assert.ok(fault instanceof DerFault)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('lists made by hand', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const element = (tag: number, ...parts: Buffer[]) => {
    const content = Buffer.concat(parts)
    const { length } = content
    const head =
      length < 0x80 ? [length] : [0x84, length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255]
    return Buffer.concat([Buffer.from([tag, ...head]), content])
  }
  const time = (text: string) => element(0x17, Buffer.from(text))
  const ALGORITHM = element(0x30, Buffer.from('06092a864886f70d01010b0500', 'hex'))
  const NAME = element(0x30)
  function list(entries: Buffer, options: { nextUpdate?: boolean; extension?: string } = {}): Buffer {
    const { nextUpdate = true, extension } = options
    const critical = extension && element(0xa0, element(0x30, Buffer.from(extension, 'hex')))
    const parts = [element(0x02, Buffer.from([1])), ALGORITHM, NAME, time('261124070000Z')]
    if (nextUpdate) parts.push(time('261201070000Z'))
    const content = element(0x30, ...parts, entries, ...(critical ? [critical] : []))
    const signature = createSign('sha256').update(content).sign(privateKey)
    return element(0x30, content, ALGORITHM, element(0x03, Buffer.from([0]), signature))
  }

  test('of two hundred thousand entries are read in a few seconds at most', () => {
    const entry = (number: number) => {
      const serialNumber = Buffer.alloc(10)
      serialNumber.writeUInt32BE(0x4000_0000)
      serialNumber.writeUInt32BE(number, 6)
      return element(0x30, element(0x02, serialNumber), time('260101000000Z'))
    }
    const bytes = list(element(0x30, Buffer.concat(Array.from({ length: 200_000 }, (_, i) => entry(i)))))
    const from = performance.now()
    const read = readRevocationList(bytes)
    assert.equal(read.revoked.size, 200_000)
    assert.equal(read.isSignedBy(publicKey), true)
    assert.ok(performance.now() - from < 5000, `${performance.now() - from} ms`)
  })

  test('that say not everything (delta, partial, indirect), or are good for ever, are none', () => {
    const none = element(0x30)
    assert.equal(readRevocationList(list(none)).revoked.size, 0)
    // Delta CRL indicator (2.5.29.27) and issuing distribution point (2.5.29.28), critical as they always are.
    for (const extension of ['300d0603551d1b0101ff0403020101', '300f0603551d1c0101ff04053003810101'])
      assert.throws(() => readRevocationList(list(none, { extension })), DerFault)
    assert.throws(() => readRevocationList(list(none, { nextUpdate: false })), DerFault)
  })
})
