// Server-sent events: both sides hear of a change, whichever server it came through; and nobody else does.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, EventStream } from './client.ts'
import { eventually, openExchange, startWorld, type World } from './harness.ts'

let world: World
let practitioner: Client
let adviser: Client
before(async () => {
  world = await startWorld({ aliveMs: 100 })
  practitioner = await world.signIn(await world.practitioner())
  adviser = await world.signIn(await world.staff())
})
after(() => world.stop())

const change = (exchangeId: string) => (event: { event: string; data: Record<string, unknown> }) =>
  event.event === 'change' && event.data.exchangeId === exchangeId
const silent = async (stream: EventStream, ms = 300) => {
  const count = stream.events.length
  await sleep(ms)
  assert.deepEqual(stream.events.slice(count), [])
}

test('opening, answering, reading, closing reach both sides', async () => {
  const [mine, theirs] = [await practitioner.live(), await adviser.live()]
  const exchangeId = await openExchange(practitioner)
  await Promise.all([mine.next(change(exchangeId)), theirs.next(change(exchangeId))])
  const params = { exchangeId }
  const acts: [string, () => Promise<unknown>][] = [
    ['read', () => adviser.do('GET /api/exchanges/:exchangeId', { params })],
    ['answer', () => adviser.do('POST /api/exchanges/:exchangeId/messages', { params, body: { text: 'Texte' } })],
    ['close', () => adviser.do('POST /api/exchanges/:exchangeId/closure', { params })],
  ]
  for (const [name, act] of acts) {
    const met = Promise.all([mine.next(change(exchangeId)), theirs.next(change(exchangeId))])
    await act()
    await assert.doesNotReject(met, name)
  }
  mine.close()
  theirs.close()
})

test('events hold the exchange’s identifier and nothing else', async () => {
  const stream = await adviser.live()
  const exchangeId = await openExchange(practitioner, { subject: world.canary('objet') })
  const event = await stream.next(change(exchangeId))
  assert.deepEqual(event.data, { exchangeId })
  stream.close()
})

test('reading again what was read tells nobody: two open windows do not chase one another', async () => {
  const exchangeId = await openExchange(practitioner)
  await adviser.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
  await sleep(100)
  const stream = await practitioner.live()
  for (let i = 0; i < 3; i++) await adviser.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
  await silent(stream)
  stream.close()
})

test('nobody else hears of it', async () => {
  const others = [
    await world.signIn(await world.practitioner()),
    await world.signIn(await world.staff('medecin_conseil', ['01-451'])),
  ]
  const streams = await Promise.all(others.map((other) => other.live()))
  const exchangeId = await openExchange(practitioner)
  await adviser.do('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId }, body: { text: 'Texte' } })
  for (const stream of streams) await silent(stream)
  for (const stream of streams) stream.close()
})

test('a second server on the same database is told too, and tells', async () => {
  const elsewhere = (await world.second()).address
  const there = await adviser.at(elsewhere).live()
  const exchangeId = await openExchange(practitioner)
  await there.next(change(exchangeId))
  const here = await practitioner.live()
  await adviser
    .at(elsewhere)
    .do('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId }, body: { text: 'Texte' } })
  await here.next(change(exchangeId))
  there.close()
  here.close()
})

test('a session that ends is told, and its stream ends', async () => {
  const client = await world.signIn(await world.practitioner())
  const stream = await client.live()
  await client.do('POST /api/session/sign-out')
  await stream.next((event) => event.event === 'session')
  await stream.ended
})

test('a stream that is closed is forgotten', async () => {
  const before = world.server.live.size()
  const stream = await practitioner.live()
  stream.close()
  await eventually(() => world.server.live.size() <= before)
})

test('PostgreSQL away: streams stay open, are told to look again, and go on', async () => {
  const stream = await adviser.live()
  world.database.line.cut()
  await sleep(200)
  world.database.line.restore()
  await stream.next((event) => event.event === 'resync', 10_000)
  const exchangeId = await openExchange(practitioner)
  await stream.next(change(exchangeId))
  stream.close()
})
