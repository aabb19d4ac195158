// Every route while PostgreSQL is away: a refusal that says so, and everything again once it is back.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client, RouteName } from './client.ts'
import { identify, openExchange, startWorld, type World } from './harness.ts'

let world: World
let practitioner: Client
let adviser: Client
let exchangeId: string
before(async () => {
  world = await startWorld()
  practitioner = await world.signIn(await world.practitioner())
  adviser = await world.signIn(await world.staff())
  exchangeId = await openExchange(practitioner)
})
after(() => world.stop())

/** Routes that ask nothing of the database when nobody is signed in. */
const WITHOUT = new Set([
  'GET /api/openapi.json',
  'GET /api/reference',
  'GET /docs/errors/:code',
  'GET /api/sign-in/options',
])

test('PostgreSQL away: 503 with its code on every route that needs it, and a time to come back', async () => {
  world.database.line.cut()
  for (const { method, url, operation } of world.server.routes) {
    // A provider's own call: it is read, and its signature asked for, before anything is written.
    if (operation.consumes === 'form') continue
    const name = `${method} ${url}`
    const params = {
      exchangeId,
      draftId: exchangeId,
      patientId: exchangeId,
      code: 'not-found',
      issuerId: 'demonstration',
    }
    const answer = await practitioner.call(name as RouteName, {
      params,
      query: name === 'GET /api/exchanges' ? { folder: 'todo' } : undefined,
      body: method === 'POST' || method === 'PUT' ? {} : undefined,
    })
    assert.deepEqual([answer.status, answer.code], [503, 'service-unavailable'], name)
    assert.equal(answer.headers['retry-after'], '2')
    assert.ok(!/ECONN|socket|postgres/i.test(answer.text))
    if (!WITHOUT.has(name)) continue
    const stranger = await world.stranger().call(name as RouteName, { params })
    assert.equal(stranger.status, 200, name)
  }
  world.database.line.restore()
  assert.equal((await practitioner.call('GET /api/exchanges/:exchangeId', { params: { exchangeId } })).status, 200)
})

test('away in the middle of a request: told so; sent again with the same key, done once', async () => {
  const key = crypto.randomUUID()
  const send = () =>
    practitioner.call('POST /api/exchanges/:exchangeId/messages', {
      params: { exchangeId },
      body: { text: 'Une fois' },
      key,
    })
  // What is asked goes through, the answer never comes, then the line breaks: nobody knows whether it was done.
  world.database.line.swallowAnswers()
  const first = send()
  setTimeout(() => world.database.line.restore(), 300)
  const answer = await first
  assert.deepEqual([answer.status, answer.code], [503, 'service-unavailable'])
  assert.equal((await send()).status, 201)
  assert.equal((await send()).status, 201)
  const { messages } = await adviser.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
  assert.deepEqual(
    messages.map((message) => message.seq),
    [1, 2],
  )
})

test('away for an opening in mid-flight, ten times: each is there once', async () => {
  for (let round = 0; round < 10; round++) {
    const body = { patientId: await identify(practitioner), motif: 'ALD', subject: `Objet ${round}`, text: 'Texte' }
    const key = crypto.randomUUID()
    const cutting = setTimeout(() => world.database.line.cut(), round * 2)
    const restoring = setTimeout(() => world.database.line.restore(), 60)
    let answer = await practitioner.call('POST /api/exchanges', { body, key })
    // A refusal comes at once while the line is cut: as a browser does, a moment is left before the next try.
    for (let i = 0; i < 100 && answer.status === 503; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      answer = await practitioner.call('POST /api/exchanges', { body, key })
    }
    clearTimeout(cutting)
    clearTimeout(restoring)
    world.database.line.restore()
    assert.equal(answer.status, 201, answer.text)
    const again = await practitioner.call('POST /api/exchanges', { body, key })
    assert.deepEqual(again.json, answer.json)
  }
  const [row] = await world.database.sql<{ n: number; distinct: number }>(
    'select count(*)::int as n, count(distinct exchange_id)::int as distinct from medical.exchange',
  )
  assert.deepEqual(row, { n: 11, distinct: 11 })
})

test('nothing of the outage was an unforeseen fault', () => {
  assert.ok(!world.logs().includes('unforeseen fault'))
})
