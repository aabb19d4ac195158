import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coalesced } from './coalesce.ts'

test('demands during a run make exactly one more run', async () => {
  let runs = 0
  let release: () => void = () => undefined
  const refresh = coalesced(async () => {
    runs++
    await new Promise<void>((resolve) => {
      release = resolve
    })
  })
  const first = refresh()
  refresh()
  const last = refresh()
  assert.equal(runs, 1)
  release()
  await new Promise(setImmediate)
  assert.equal(runs, 2)
  release()
  await Promise.all([first, last])
  assert.equal(runs, 2)
})

test('a failed run does not block the next', async () => {
  let runs = 0
  const refresh = coalesced(async () => {
    runs++
    if (runs === 1) throw new Error('down')
  })
  await assert.rejects(refresh())
  await refresh()
  assert.equal(runs, 2)
})
