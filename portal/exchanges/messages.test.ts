import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mergeMessages, newFrom } from './messages.ts'

const message = (seq: number, side = 'desk', readAt: string | null = null) => ({
  messageId: `m${seq}`,
  seq,
  side,
  readAt,
})

test('an older page goes before, and stays through a refresh', () => {
  const shown = mergeMessages([message(3), message(4)], [message(1), message(2)])
  assert.deepEqual(
    mergeMessages(shown, [message(3), message(4), message(5)]).map(({ seq }) => seq),
    [1, 2, 3, 4, 5],
  )
})
test('the fresh copy wins: it knows who has read since', () => {
  assert.equal(mergeMessages([message(1)], [message(1, 'desk', 'now')])[0]?.readAt, 'now')
})
test('only what the other side wrote is news', () => {
  const fresh = [message(1), message(2, 'practice'), message(3, 'desk')]
  assert.deepEqual(
    newFrom([message(1)], fresh, 'practice').map(({ seq }) => seq),
    [3],
  )
})
