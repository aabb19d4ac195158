// « Mes connexions »: what is open under one's own name, and closing it; extending; signing out to the last trace.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../client.ts'
import { type Someone, startWorld, type World } from '../harness.ts'

const MINUTE = 60_000
let world: World
before(async () => {
  world = await startWorld({ aliveMs: 60_000 })
})
after(() => world.stop())

const list = async (client: Client) => (await client.do('GET /api/account/connections')).connections
const events = (person: Someone, type: string) =>
  world.database
    .sql<{ event: string }>('select event from trace.event where actor = $1 and type = $2 order by at', [
      person.personId,
      type,
    ])
    .then((rows) => rows.map(({ event }) => JSON.parse(event)))

test('each open session is listed by its means, its place, its times and its address; this one is told apart', async () => {
  const person = await world.practitioner({ places: 2 })
  await world.signIn(person, { via: 'password', level: 'low', authMode: 'PASSWORD', address: '192.0.2.7' })
  world.clock.advance(MINUTE)
  const here = await world.signIn(person, { place: 1 })
  await world.signIn(await world.practitioner())
  const connections = await list(here)
  assert.deepEqual(
    connections.map(({ via, authMode, current }) => [via, authMode, current]),
    [
      ['psc', 'CARD', true],
      ['password', 'PASSWORD', false],
    ],
  )
  assert.match(connections[0]!.place!, /^CABINET \d+-1$/)
  assert.equal(connections[1]!.address, '192.0.2.7')
  assert.ok(Date.parse(connections[0]!.openedAt) - Date.parse(connections[1]!.openedAt) >= MINUTE)
})

test('the address is that of the last gesture', async () => {
  const client = await world.signIn(await world.practitioner(), { address: '192.0.2.7' })
  world.clock.advance(MINUTE)
  await list(client)
  assert.match((await list(client))[0]!.address!, /127\.0\.0\.1|::1/)
})

test('one is closed from another: at once, its event stream included, and the trace says from where', async () => {
  const person = await world.practitioner()
  const [here, there] = [await world.signIn(person), await world.signIn(person)]
  const stream = await there.live()
  const other = (await list(here)).find(({ current }) => !current)!
  const answer = await here.call('DELETE /api/account/connections/:sessionId', {
    params: { sessionId: other.sessionId },
  })
  assert.equal(answer.status, 204)
  const closed = performance.now()
  await stream.ended
  assert.ok(performance.now() - closed < 2000)
  assert.equal((await there.call('GET /api/account/connections')).code, 'session-required')
  const trace = (await events(person, 'session.closed')).at(-1)
  assert.equal(trace.reason, 'fromElsewhere')
  assert.equal(trace.closed, other.sessionId)
  assert.equal((await list(here)).length, 1)
})

test('on another server too', async () => {
  const elsewhere = (await world.second()).address
  const person = await world.practitioner()
  const [here, there] = [await world.signIn(person), await world.signIn(person)]
  const stream = await there.at(elsewhere).live()
  const { closed } = await here.do('POST /api/account/connections/closure')
  assert.equal(closed, 1)
  await stream.ended
})

test('all others at once, and only one’s own', async () => {
  const person = await world.staff('auditeur')
  const [here, second, third] = [await world.signIn(person), await world.signIn(person), await world.signIn(person)]
  const stranger = await world.signIn(await world.staff('auditeur'))
  assert.deepEqual(await here.do('POST /api/account/connections/closure'), { closed: 2 })
  for (const client of [second, third]) assert.equal((await client.do('GET /api/session')).state, 'signedOut')
  assert.equal((await list(stranger)).length, 1)
  assert.equal((await list(here)).length, 1)
})

test('the session of somebody else is answered as one that does not exist', async () => {
  const mine = await world.signIn(await world.practitioner())
  const theirs = await world.signIn(await world.practitioner())
  const [{ sessionId }] = (await list(theirs)) as unknown as [{ sessionId: string }]
  for (const id of [sessionId, crypto.randomUUID()])
    assert.equal(
      (await mine.call('DELETE /api/account/connections/:sessionId', { params: { sessionId: id } })).code,
      'not-found',
    )
  assert.equal((await list(theirs)).length, 1)
})

test('one that is over is not listed', async () => {
  const person = await world.practitioner()
  await world.signIn(person)
  world.clock.advance(31 * MINUTE)
  assert.equal((await list(await world.signIn(person))).length, 1)
})

test('extended on demand: thirty minutes from now, traced, and never past the end in all', async () => {
  const person = await world.practitioner()
  const client = await world.signIn(person)
  world.clock.advance(26 * MINUTE)
  const passive = await client.do('GET /api/session', { passive: true })
  const extended = await client.do('POST /api/session/extension')
  assert.equal(extended.expiresAt, passive.expiresAt)
  const gained = Date.parse(extended.idleExpiresAt!) - Date.parse(passive.idleExpiresAt!)
  assert.ok(Math.abs(gained - 26 * MINUTE) < 5000, String(gained))
  assert.equal((await events(person, 'session.extended')).length, 1)
  for (let i = 0; i < 8; i++) {
    world.clock.advance(25 * MINUTE)
    await client.do('POST /api/session/extension')
  }
  const late = await client.do('POST /api/session/extension')
  assert.equal(late.idleExpiresAt, late.expiresAt)
  world.clock.advance(15 * MINUTE)
  assert.equal((await client.call('POST /api/session/extension')).code, 'session-required')
})

test('signing out asks the browser to forget what it keeps, and spares the cookies of the neighbours', async () => {
  const client = await world.signIn(await world.practitioner())
  const { headers } = await client.call('POST /api/session/sign-out')
  assert.equal(headers['clear-site-data'], '"cache", "storage"')
  assert.match(String(headers['set-cookie']), /^__Host-consilium=;/)
})

test('a write with a session that does not say where it comes from is refused', async () => {
  const client = await world.signIn(await world.practitioner())
  const bare = { origin: undefined, 'sec-fetch-site': undefined }
  assert.equal((await client.call('POST /api/session/extension', { headers: bare })).code, 'origin-refused')
  for (const headers of [
    { ...bare, origin: world.url },
    { ...bare, 'sec-fetch-site': 'same-origin' },
  ])
    assert.equal((await client.call('POST /api/session/extension', { headers })).status, 200)
  assert.equal(
    (await client.call('POST /api/session/extension', { headers: { ...bare, 'sec-fetch-site': 'none' } })).code,
    'origin-refused',
  )
})

test('a desk that is let go ends the stream that followed it', async () => {
  const person = await world.staff()
  const client = await world.signIn(person)
  const stream = await client.live()
  await world.database.sql('delete from portal.box_holder where person_id = $1', [person.personId])
  const [{ session_id: sessionId }] = (await world.database.sql(
    'select session_id from portal.session where person_id = $1',
    [person.personId],
  )) as [{ session_id: string }]
  world.server.live.lookAt([sessionId])
  await stream.ended
})
