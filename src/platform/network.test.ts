import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkOf } from './network.ts'

test('an IPv4 address is itself, however it is told', () => {
  assert.equal(networkOf('198.51.100.7'), '198.51.100.7')
  assert.equal(networkOf('::ffff:198.51.100.7'), '198.51.100.7')
})

test('an IPv6 address is its first 64 bits, in one spelling', () => {
  for (const address of [
    '2001:db8:0:7::1',
    '2001:DB8:0:7:a:b:c:d',
    '2001:db8::7:0:0:0:9',
    '2001:0db8:0000:0007::%eth0',
  ])
    assert.equal(networkOf(address), '2001:db8:0:7', address)
  assert.equal(networkOf('::1'), '0:0:0:0')
  assert.equal(networkOf('fe80::1'), 'fe80:0:0:0')
})
