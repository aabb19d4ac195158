import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Side } from './limits.ts'
import { type Act, after, folderOf, may, opened, other } from './rules.ts'

const side = fc.constantFrom<Side>('practice', 'desk')
const acts = fc.array(fc.tuple(fc.constantFrom<Act>('write', 'close'), side), { maxLength: 40 })

test('whatever is done, an exchange awaits one side until it is closed, and nobody after', () => {
  fc.assert(
    fc.property(side, acts, (by, steps) => {
      let now = opened(by)
      for (const [act, who] of steps) now = after(now, act, who) ?? now
      assert.equal(now.awaits === 'nobody', now.state === 'closed')
      const folders = (['practice', 'desk'] as const).map((s) => folderOf(now.awaits, s)).sort()
      assert.deepEqual(folders, now.state === 'closed' ? ['closed', 'closed'] : ['todo', 'waiting'])
    }),
  )
})

test('nothing changes a closed exchange', () => {
  fc.assert(
    fc.property(acts, (steps) => {
      for (const [act, who] of steps) {
        assert.equal(after({ state: 'closed', awaits: 'nobody' }, act, who), null)
        assert.equal(may({ state: 'closed', awaits: 'nobody' }, act, who), false)
      }
    }),
  )
})

test('writing puts the exchange in the hands of the other side, and writing twice changes nothing more', () => {
  fc.assert(
    fc.property(side, acts, side, (by, steps, who) => {
      let now = opened(by)
      for (const [act, s] of steps) if (act === 'write') now = after(now, act, s) ?? now
      const once = after(now, 'write', who)!
      assert.equal(once.awaits, other(who))
      assert.deepEqual(after(once, 'write', who), once)
    }),
  )
})

test('only the service médical closes', () => {
  assert.equal(after(opened('practice'), 'close', 'practice'), null)
  assert.deepEqual(after(opened('practice'), 'close', 'desk'), { state: 'closed', awaits: 'nobody' })
})

test('an answer of the service médical, then a word of the practitioner', () => {
  const answered = after(opened('practice'), 'write', 'desk')
  assert.deepEqual(answered, { state: 'answered', awaits: 'practice' })
  assert.deepEqual(after(answered!, 'write', 'practice'), { state: 'inProgress', awaits: 'desk' })
})
