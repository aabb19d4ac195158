import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stepOf } from './totp.ts'

// RFC 6238, appendix B: the secret « 12345678901234567890 », last six digits.
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const at = (seconds: number) => new Date(seconds * 1000)

test('the codes of RFC 6238 are of their step', () => {
  assert.equal(stepOf(SECRET, '287082', at(59)), 1)
  assert.equal(stepOf(SECRET, '081804', at(1111111109)), 37037036)
  assert.equal(stepOf(SECRET, ' 005 924 ', at(1234567890)), 41152263)
})

test('one step before and one after are taken, with their own step, and no other', () => {
  assert.equal(stepOf(SECRET, '287082', at(89)), 1)
  assert.equal(stepOf(SECRET, '287082', at(29)), 1)
  assert.equal(stepOf(SECRET, '287082', at(90)), null)
  for (const code of ['', '28708', '2870822', 'abcdef', '000000']) assert.equal(stepOf(SECRET, code, at(59)), null)
})
