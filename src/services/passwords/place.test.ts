import assert from 'node:assert/strict'
import { test } from 'node:test'
import { familyOf, networkOf } from './place.ts'

test('a network is an IPv4 /24 or an IPv6 /48', () => {
  assert.equal(networkOf('192.0.2.7'), networkOf('192.0.2.200'))
  assert.equal(networkOf('::ffff:192.0.2.7'), networkOf('192.0.2.7'))
  assert.notEqual(networkOf('192.0.2.7'), networkOf('192.0.3.7'))
  assert.equal(networkOf('2001:db8:1::1'), networkOf('2001:0db8:0001:2:3:4:5:6'))
  assert.notEqual(networkOf('2001:db8:1::1'), networkOf('2001:db8:2::1'))
  assert.equal(networkOf('::1'), '0:0:0')
})

test('a browser is the same after an update, and not another one', () => {
  const chrome =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36'
  assert.equal(familyOf(chrome), 'Chrome Windows')
  assert.equal(familyOf(chrome.replace('150', '151')), familyOf(chrome))
  assert.equal(familyOf(`${chrome} Edg/150.0`), 'Edg Windows')
  assert.equal(familyOf('Mozilla/5.0 (Linux; Android 16) Chrome/150 Mobile Safari/537'), 'Chrome Android')
  assert.equal(familyOf(''), 'other other')
})
