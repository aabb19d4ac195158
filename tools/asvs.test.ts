import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Answers, findFaults, NOT_MET, namesATest, requirementIds } from './asvs.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(new URL(path, new URL('..', import.meta.url)), 'utf8')

test('security/asvs.json answers every requirement of the chapters V6 to V10, and every test it names exists', () => {
  const ids = requirementIds(read('data/reference/asvs-5.0.0.csv'))
  assert.equal(ids.length, 122)
  const answers = Answers.parse(JSON.parse(read('security/asvs.json')))
  assert.deepEqual(findFaults(answers, ids, ROOT), [])
  assert.deepEqual(
    answers.map(({ id }) => id),
    ids,
  )
})

const FILE = `
  import { describe, test } from 'node:test'
  test('alone', () => {})
  describe('outer', () => {
    test('inner', () => {})
    for (const kind of ['a']) test(\`made of \${kind}\`, () => {})
    for (const [name, act] of Object.entries({ plain: 1, 'with words': 2 })) test(name, () => {})
  })
`
test('names of tests are found as they are written', () => {
  for (const name of ['alone', 'outer › inner', 'outer › made of a', 'outer › plain', 'outer › with words'])
    assert.ok(namesATest(name, FILE), name)
  for (const name of ['inner', 'outer', 'outer › alone', 'alone › inner', 'outer › made of ', 'outer › never', ''])
    assert.ok(!namesATest(name, FILE), name)
})

test('steps of a story are found under its title', () => {
  const file = `const step = scenario('walk', () => [])\nstep('signs in', async () => {})`
  assert.ok(namesATest('walk: signs in', file))
  for (const name of ['signs in', 'walk', 'other: signs in']) assert.ok(!namesATest(name, file), name)
})

test('what is wrong with the answers is said', () => {
  const one = { id: 'V6.1.1', applies: true, why: 'A reason that is long enough.', tests: [] }
  const faults = (more: object, ids = ['V6.1.1']) => findFaults([{ ...one, ...more }], ids, ROOT).length
  assert.equal(faults({}), 1)
  assert.equal(faults({ why: `${NOT_MET}nobody has written it.` }), 0)
  assert.equal(faults({ applies: false }), 0)
  const here = 'tools/asvs.test.ts::what is wrong with the answers is said'
  assert.equal(faults({ tests: [here] }), 0)
  assert.equal(faults({ tests: [here], applies: false }), 1)
  assert.equal(faults({ tests: [`${here}!`, 'tools/nothing.test.ts::x'] }), 2)
  assert.equal(faults({ applies: false }, ['V6.1.2']), 2)
})
