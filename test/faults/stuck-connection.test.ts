// The line to PostgreSQL carries what is asked, and no answer any more, without a word: a pulled cable, a firewall.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../integration/client.ts'
import { eventually, openExchange, startWorld, type World } from '../integration/harness.ts'
import { assertKept, assertUnavailable } from './writing.ts'

let world: World
let practitioner: Client
let adviser: Client
before(async () => {
  world = await startWorld()
  practitioner = await world.signIn(await world.practitioner())
  adviser = await world.signIn(await world.staff())
})
after(() => world?.stop())

test('a message whose answer never comes: told within half a minute, sent again, there once', async () => {
  const exchangeId = await openExchange(practitioner)
  const stream = await practitioner.live()
  const key = crypto.randomUUID()
  const ask = () =>
    practitioner.call('POST /api/exchanges/:exchangeId/messages', {
      params: { exchangeId },
      body: { text: 'Sans réponse' },
      key,
    })
  const began = performance.now()
  // The session and the right are asked first: only the writing itself must be left without an answer.
  const written = new Promise<void>((resolve) => {
    world.server.database.onStatement = (name) => {
      if (name !== 'exchanges.send') return
      world.database.line.swallowAnswers()
      resolve()
    }
  })
  const answer = ask()
  await written
  world.server.database.onStatement = null
  // Somebody else meanwhile is told too, rather than left waiting.
  const other = adviser.call('GET /api/exchanges/counters')
  assertUnavailable(await answer)
  assertUnavailable(await other)
  assert.ok(performance.now() - began < 30_000)

  // Nobody mends the line of the connections that hang: they are given up, the listening one included.
  await eventually(() => world.logs().includes('live updates: connection lost'), 30_000)
  world.database.line.restore()
  await stream.next(({ event }) => event === 'resync', 10_000)
  stream.close()

  const again = await ask()
  assert.equal(again.status, 201)
  const { messageId, seq } = again.json
  await assertKept(adviser, exchangeId, [{ text: 'Sans réponse', messageId, seq, refusals: 0, lost: 0, longestMs: 0 }])
  const [row] = await world.database.sql<{ n: string }>(
    "select count(*) as n from trace.event where exchange_id = $1 and type = 'exchange.written'",
    [exchangeId],
  )
  assert.equal(Number(row?.n), 1)
})
