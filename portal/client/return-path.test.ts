import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ReturnPath } from '../../src/services/accounts/contract.ts'
import { HOSTILE_PATHS, ODD_PATHS } from '../../test/integration/attacks/hostile-paths.ts'
import { isReturnPath, organismAddress, pscAddress, returnPathOf } from './return-path.ts'

const cases = [
  '/',
  '/echanges/a-traiter',
  '/echanges/0190?patient=1',
  '//evil.test',
  '/\\evil.test',
  'https://evil.test',
  'javascript:alert(1)',
  '',
  '/a b',
  '/a\\b',
  '/\t/evil.test',
  `/${'a'.repeat(511)}`,
  `/${'a'.repeat(512)}`,
]
for (const path of cases) {
  test(`same verdict as the contract for ${JSON.stringify(path.slice(0, 30))}`, () => {
    assert.equal(isReturnPath(path), ReturnPath.safeParse(path).success)
  })
}

test('same verdict as the contract for every hostile and odd path of the attacks', () => {
  for (const path of HOSTILE_PATHS) assert.ok(!isReturnPath(path) && !ReturnPath.safeParse(path).success, path)
  for (const path of ODD_PATHS) assert.ok(isReturnPath(path) && ReturnPath.safeParse(path).success, path)
})

test('what is not a path of the portal leads home', () => {
  for (const value of [undefined, null, ['/a'], 4, ...HOSTILE_PATHS]) assert.equal(returnPathOf(value), '/')
})

test('addresses of sign-in carry the path, encoded', () => {
  assert.equal(pscAddress('/echanges/1?patient=2'), '/api/sign-in/psc?retour=%2Fechanges%2F1%3Fpatient%3D2')
  assert.equal(pscAddress('//evil.test'), '/api/sign-in/psc?retour=%2F')
  assert.equal(organismAddress('a/b', '/x'), '/api/sign-in/organism/a%2Fb?retour=%2Fx')
})
