import assert from 'node:assert/strict'
import { test } from 'node:test'
import { useGesture } from './gesture.ts'
import { NetworkFailure, readProblem } from './problem.ts'

test('a double click is one gesture', async () => {
  const keys: string[] = []
  const { run, busy } = useGesture(async (key) => {
    keys.push(key)
    await new Promise((resolve) => setTimeout(resolve, 5))
    return 'done'
  })
  const both = [run(), run()]
  assert.equal(busy.value, true)
  assert.deepEqual(await Promise.all(both), ['done', 'done'])
  assert.equal(keys.length, 1)
  assert.equal(busy.value, false)
})

const kept: [string, unknown][] = [
  ['the network', new NetworkFailure(null)],
  ['an unavailable server', readProblem(503, '{}')],
  ['an expired session', readProblem(401, '{}')],
]
for (const [what, failure] of kept) {
  test(`the key is kept over a failure of ${what}, and changes after success`, async () => {
    const keys: string[] = []
    const { run } = useGesture(async (key) => {
      keys.push(key)
      if (keys.length === 1) throw failure
    })
    await assert.rejects(run())
    await run()
    await run()
    assert.equal(keys[0], keys[1])
    assert.notEqual(keys[1], keys[2])
  })
}

test('a refusal for good makes the next try another demand', async () => {
  const keys: string[] = []
  const { run } = useGesture(async (key) => {
    keys.push(key)
    throw readProblem(422, '{}')
  })
  await assert.rejects(run())
  await assert.rejects(run())
  assert.notEqual(keys[0], keys[1])
})
