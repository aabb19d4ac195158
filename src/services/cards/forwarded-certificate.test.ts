import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readForwarded } from './forwarded-certificate.ts'
import { createPeers } from './peers.ts'

const DER = Buffer.from('308201', 'hex')
const PEM = `-----BEGIN CERTIFICATE-----\n${DER.toString('base64')}\n-----END CERTIFICATE-----\n`

test('one certificate, as nginx escapes it or in base64', () => {
  for (const value of [encodeURIComponent(PEM), PEM, DER.toString('base64'), `:${DER.toString('base64')}:`])
    assert.deepEqual(readForwarded(value), DER)
})

test('anything else is none: a name, two certificates, text around, a broken escape', () => {
  for (const value of ['CN=899709990016', PEM + PEM, `x${PEM}`, `${PEM}x`, '%E0%A4', '', 'é', '"MIIB"'])
    assert.equal(readForwarded(value), null, value)
})

test('never fails, whatever is sent', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (value) => {
      const read = readForwarded(value)
      assert.ok(read === null || read.length > 0 || value.length < 4)
    }),
  )
})

test('proxies: addresses, ranges and their names, in both families; nobody else', () => {
  const isProxy = createPeers(['10.1.2.3', '192.168.0.0/24', 'fd00::/8', 'loopback'])
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '192.168.0.9', 'fd00::1', '127.0.0.1', '::1'])
    assert.equal(isProxy(address), true, address)
  for (const address of ['10.1.2.4', '192.168.1.9', '::ffff:10.1.2.4', 'fe80::1', '', undefined, 'proxy'])
    assert.equal(isProxy(address), false, address)
  assert.equal(createPeers([])('127.0.0.1'), false)
})
