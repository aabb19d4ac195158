import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runTestFiles } from './run-test-files.ts'

const root = mkdtempSync(join(tmpdir(), 'consilium-runner-'))
after(() => rmSync(root, { recursive: true, force: true }))

function file(name: string, code: string): string {
  const path = join(root, `${name}.test.mjs`)
  writeFileSync(path, `import assert from 'node:assert/strict'\nimport { describe, test } from 'node:test'\n${code}`)
  return path
}
const run = (files: string[], timeoutMs = 30_000, grep?: string) =>
  runTestFiles(files, { concurrency: 2, timeoutMs, root, grep })

test('counts the tests that hold no other, and tells what was left out', async () => {
  const tally = await run([
    file(
      'mixed',
      `test('alone', () => {})
       test('parent', async (t) => { await t.test('one', () => {}); await t.test('two', () => {}) })
       describe('suite', () => { test('in it', () => {}); test('later', { skip: 'no card reader' }, () => {}) })`,
    ),
  ])
  assert.deepEqual([tally.passed, tally.failed, tally.failures], [4, 0, []])
  assert.equal(tally.skipped.length, 1)
  assert.match(tally.skipped[0]!, /mixed.*suite › later: no card reader/)
})

test('shows a failure with its place, its difference and what the file printed', async () => {
  const tally = await run([
    file(
      'wrong',
      `console.log('printed before')
       test('parent', async (t) => { await t.test('uneven', () => assert.equal(1, 2)) })`,
    ),
  ])
  assert.deepEqual([tally.passed, tally.failed], [0, 1], 'the parent of a failing test is not a second failure')
  assert.match(tally.failures[0]!, /^wrong\.test\.mjs:\d+ › parent › uneven\n[\s\S]*1 !== 2/)
  assert.match(tally.failures[1]!, /printed before/)
})

test('a file that cannot be loaded, that holds nothing or that never ends is a failure', async () => {
  const broken = await run([file('broken', `throw new Error('broken at the top')`)])
  assert.equal(broken.failed, 1)
  assert.match(broken.failures.join('\n'), /broken at the top/)

  const empty = await run([file('empty', '')])
  assert.equal(empty.failed, 1)
  assert.match(empty.failures[0]!, /holds no test/)

  const leaving = await run([file('leaving', `test('fine', () => {}); setInterval(() => {}, 1000)`)], 1500)
  assert.deepEqual([leaving.passed, leaving.failed], [1, 1])
  assert.match(leaving.failures[0]!, /stopped after 1.5 s/)

  const hanging = await run(
    [file('hanging', `test('waits', () => new Promise(() => setInterval(() => {}, 1000)))`)],
    1500,
  )
  assert.match(hanging.failures[0]!, /begun and not ended: waits/)
})

test('runs only the tests asked for', async () => {
  const tally = await run([file('some', `test('red door', () => {}); test('blue door', () => {})`)], 30_000, 'red')
  assert.deepEqual([tally.passed, tally.failed], [1, 0])
})
