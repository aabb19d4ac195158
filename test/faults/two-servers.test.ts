// Two servers on one database: what is done by one is seen by the other, once.
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Running } from '../../src/main.ts'
import { verifyTrace } from '../../src/platform/trace/verify.ts'
import type { Client } from '../integration/client.ts'
import { eventually, openExchange, startWorld, type World } from '../integration/harness.ts'
import { assertKept, send } from './writing.ts'

let world: World
let second: Running
let practitioner: Client
let adviser: Client
/** The adviser through the other server. */
let far: Client
before(async () => {
  world = await startWorld({ outboxPollMs: 30 })
  second = await world.second()
  practitioner = await world.signIn(await world.practitioner())
  adviser = await world.signIn(await world.staff())
  far = adviser.at(`http://localhost:${portOf(second)}`)
})
after(() => world?.stop())

const portOf = ({ app }: Running) => (app.server.address() as AddressInfo).port
// The second server’s public address is the first’s: a request says it comes from there.
const origin = () => ({ origin: world.url })

test('one session on both; a change made through one is told by the other', async () => {
  const exchangeId = await openExchange(practitioner)
  const stream = await far.live()
  await send(practitioner, exchangeId, 'Par le premier')
  const { data } = await stream.next(({ event }) => event === 'change', 2000)
  assert.equal(data.exchangeId, exchangeId)
  stream.close()
  const { rows } = await far.do('GET /api/exchanges', { query: { folder: 'todo' } })
  assert.ok(rows.some((row) => row.exchangeId === exchangeId))
})

test('one key sent to both at once: one message, one answer, one event', async () => {
  const exchangeId = await openExchange(practitioner)
  for (let n = 0; n < 20; n++) {
    const request = {
      params: { exchangeId },
      body: { text: `Texte ${n}` },
      key: crypto.randomUUID(),
      headers: origin(),
    }
    const answers = await Promise.all(
      [adviser, far].map((client) => client.call('POST /api/exchanges/:exchangeId/messages', request)),
    )
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201],
    )
    assert.deepEqual(answers[0]?.json, answers[1]?.json)
    assert.equal(answers[0]?.json.seq, n + 2)
  }
  const [told] = await world.database.sql<{ n: string }>(
    "select count(*) as n from trace.event where exchange_id = $1 and type = 'exchange.written'",
    [exchangeId],
  )
  assert.equal(Number(told?.n), 20)
})

test('a retry to the other server tells the screens there: the first may have died before it did', async () => {
  const exchangeId = await openExchange(practitioner)
  const key = crypto.randomUUID()
  const request = { params: { exchangeId }, body: { text: 'Avant de mourir' }, key, headers: origin() }
  await adviser.do('POST /api/exchanges/:exchangeId/messages', request)
  await sleep(100)
  const stream = await practitioner.at(`http://localhost:${portOf(second)}`).live()
  await far.do('POST /api/exchanges/:exchangeId/messages', request)
  assert.equal((await stream.next(({ event }) => event === 'change', 2000)).data.exchangeId, exchangeId)
  stream.close()
})

test('forty notices, two workers: each leaves once', async () => {
  world.mailer.behave = () => sleep(20)
  const exchanges: string[] = []
  for (let n = 0; n < 20; n++) exchanges.push(await openExchange(practitioner))
  await Promise.all(
    exchanges.flatMap((exchangeId) =>
      [adviser, far].map((client) =>
        client.do('POST /api/exchanges/:exchangeId/messages', {
          params: { exchangeId },
          body: { text: 'Réponse' },
          headers: origin(),
        }),
      ),
    ),
  )
  const mails = () => world.mailer.sent.filter((mail) => exchanges.some((exchangeId) => mail.text.includes(exchangeId)))
  await eventually(() => mails().length >= 20, 10_000)
  await sleep(300)
  const sent = mails()
  assert.equal(sent.length, 20)
  assert.equal(new Set(sent.map((mail) => mail.id)).size, 20)
})

test('both write into the same exchanges; one stops in the middle: the other carries on alone', async () => {
  const exchangeId = await openExchange(practitioner)
  const before = world.mailer.sent.length
  const sent = await Promise.all([
    ...Array.from({ length: 10 }, (_, n) => send(adviser, exchangeId, `Premier ${n}`)),
    second.stop(),
  ])
  const kept = sent.filter((one) => typeof one === 'object')
  await world.mailer.until(before + 1, 5000)
  await assertKept(practitioner, exchangeId, kept)
  await eventually(async () => {
    const [left] = await world.database.sql<{ n: string }>(
      'select count(*) as n from portal.outbox where done_at is null',
    )
    return Number(left?.n) === 0
  })
  assert.deepEqual((await verifyTrace(world.server.database.administrative)).faults, [])
})
