// A session's end: 30 minutes without a gesture, four hours in all; what the browser does by itself is no gesture.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Client } from './client.ts'
import { identify, startWorld, type World } from './harness.ts'

const MINUTE = 60_000
let world: World
let client: Client
before(async () => {
  world = await startWorld()
})
after(() => world.stop())
beforeEach(async () => {
  client = await world.signIn(await world.practitioner())
})

const isOpen = async () => (await client.do('GET /api/session', { passive: true })).state === 'signedIn'
const gesture = () => client.call('GET /api/exchanges/counters')

test('idle: alive after 29 minutes, over after 31', async () => {
  world.clock.advance(29 * MINUTE)
  assert.equal(await isOpen(), true)
  world.clock.advance(2 * MINUTE)
  assert.equal(await isOpen(), false)
  assert.deepEqual([(await gesture()).status, (await gesture()).code], [401, 'session-required'])
})

test('a gesture pushes the idle limit back', async () => {
  for (let i = 0; i < 4; i++) {
    world.clock.advance(20 * MINUTE)
    assert.equal((await gesture()).status, 200)
  }
  assert.equal(await isOpen(), true)
})

test('a click within the first half minute counts for nothing less than half a minute', async () => {
  world.clock.advance(25_000)
  await gesture()
  world.clock.advance(29 * MINUTE + 25_000)
  assert.equal(await isOpen(), true)
})

test('four hours in all, whatever one does', async () => {
  for (let i = 0; i < 11; i++) {
    world.clock.advance(20 * MINUTE)
    assert.equal((await gesture()).status, 200)
  }
  world.clock.advance(19 * MINUTE)
  assert.equal(await isOpen(), true)
  world.clock.advance(2 * MINUTE)
  assert.equal(await isOpen(), false)
})

const passive: Record<string, () => Promise<unknown>> = {
  'saving a draft by itself': async () => {
    const body = {
      patientId: await identify(client),
      content: { motif: null, subject: '', text: 'Texte', practiceBoxId: null },
    }
    const { draftId } = await client.do('POST /api/drafts', { body })
    return async (version: number) =>
      client.do('PUT /api/drafts/:draftId', {
        params: { draftId },
        body: { version, content: { ...body.content, text: `Texte ${version}` } },
        passive: true,
      })
  },
  'refreshing a folder': async () => async () =>
    client.do('GET /api/exchanges', { query: { folder: 'todo' }, passive: true }),
  'asking who is signed in': async () => async () => client.do('GET /api/session', { passive: true }),
  'live updates': async () => async () => (await client.live()).close(),
}
for (const [name, prepare] of Object.entries(passive)) {
  test(`${name} does not prolong a session`, async () => {
    const act = (await prepare()) as (version: number) => Promise<unknown>
    for (let i = 1; i <= 2; i++) {
      world.clock.advance(14 * MINUTE)
      await act(i)
    }
    world.clock.advance(3 * MINUTE)
    assert.equal(await isOpen(), false)
  })
}

test('a session says when it ends, and a passive question does not move it', async () => {
  world.clock.advance(10 * MINUTE)
  const first = await client.do('GET /api/session', { passive: true })
  world.clock.advance(5 * MINUTE)
  const second = await client.do('GET /api/session', { passive: true })
  assert.equal(first.idleExpiresAt, second.idleExpiresAt)
  const third = await client.do('GET /api/session')
  assert.ok(third.idleExpiresAt! > second.idleExpiresAt!)
})

test('signed out: the cookie is worth nothing, and the other sessions of the person stay', async () => {
  const person = await world.practitioner()
  const [one, two] = [await world.signIn(person), await world.signIn(person)]
  const answer = await one.call('POST /api/session/sign-out')
  assert.match(String(answer.headers['set-cookie']), /__Host-consilium=;/)
  assert.equal((await one.do('GET /api/session')).state, 'signedOut')
  assert.equal((await two.do('GET /api/session')).state, 'signedIn')
})

test('cookies that are none: too long, too short, of another, twice', async () => {
  const cookies = ['', 'x', 'x'.repeat(43), 'x'.repeat(5000), `${client.cookie}x`, '../../x', "' or true --"]
  for (const cookie of cookies) {
    const answer = await client.raw('GET', '/api/session', { headers: { cookie: `__Host-consilium=${cookie}` } })
    assert.equal((answer.json as { state: string }).state, 'signedOut', cookie.slice(0, 60))
  }
})

test('the cookie’s value is nowhere in the database', async () => {
  const rows = await world.database.sql('select to_jsonb(s)::text as row from portal.session s')
  assert.ok(rows.length > 0)
  for (const { row } of rows) assert.ok(!row.includes(client.cookie!))
})
