import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DeliveryParts, deliver, GivenUp, type Waiting } from './delivery.ts'

const reason: DeliveryParts['reason'] = (failure) => (failure === 'offline' || failure === 'session' ? failure : null)

test('tries again at a growing pace until the server answers', async () => {
  const outcomes = ['offline', 'session', 'offline', 'offline', 'offline', 'sent']
  const waits: [Waiting, number][] = []
  const result = await deliver(
    async () => {
      const next = outcomes.shift()
      if (next !== 'sent') throw next
      return next
    },
    { reason, wait: async (why, milliseconds) => void waits.push([why, milliseconds]) },
  )
  assert.equal(result, 'sent')
  assert.deepEqual(waits, [
    ['offline', 2_000],
    ['session', 4_000],
    ['offline', 8_000],
    ['offline', 15_000],
    ['offline', 30_000],
  ])
})

test('a final refusal is not tried again', async () => {
  let tries = 0
  await assert.rejects(
    deliver(
      async () => {
        tries++
        throw new Error('closed')
      },
      { reason, wait: async () => undefined },
    ),
    /closed/,
  )
  assert.equal(tries, 1)
})

test('given up while waiting, it stops', async () => {
  let tries = 0
  await assert.rejects(
    deliver(
      async () => {
        tries++
        throw 'offline'
      },
      {
        reason,
        wait: async () => {
          throw new GivenUp()
        },
      },
    ),
    GivenUp,
  )
  assert.equal(tries, 1)
})
