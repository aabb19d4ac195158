// What is over is removed, and what is not stays.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startHousehold } from '../../src/platform/household.ts'
import { createSessions } from '../../src/platform/sessions/sessions.ts'
import { eventually, identify, openExchange, startWorld, type World } from './harness.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.stop())

async function sweep() {
  const { database } = world.server
  const household = startHousehold(
    { database, clock: world.clock, log: world.server.app.log as never },
    createSessions(database, world.clock, () => []),
    () => world.server.services.sweep(),
  )
  await household.sweep()
  household.stop()
}
const count = async (table: string) =>
  (await world.database.sql<{ n: number }>(`select count(*)::int as n from ${table}`))[0]!.n

test('patients in hand after 12 hours, sessions after a day, keys after a week, notices after a year', async () => {
  const practitioner = await world.signIn(await world.practitioner())
  const adviser = await world.signIn(await world.staff())
  const exchangeId = await openExchange(practitioner)
  await adviser.do('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId }, body: { text: 'Texte' } })
  await world.mailer.until(1)
  await eventually(async () => (await count('portal.outbox where done_at is not null')) === 1)
  await world.stranger().raw('GET', '/api/sign-in/psc')
  const tables = ['medical.patient_in_hand', 'portal.session', 'portal.idempotency', 'portal.outbox']
  const left = async () => {
    const counts: Record<string, number> = {}
    for (const table of tables) counts[table] = await count(table)
    return counts
  }
  const all = await left()
  assert.ok(
    Object.values(all).every((n) => n > 0),
    JSON.stringify(all),
  )

  await sweep()
  assert.deepEqual(await left(), all, 'nothing is over yet')
  world.clock.advance(13 * HOUR)
  await sweep()
  assert.deepEqual(await left(), { ...all, 'medical.patient_in_hand': 0 })
  world.clock.advance(2 * DAY)
  await sweep()
  assert.deepEqual(await left(), { ...all, 'medical.patient_in_hand': 0, 'portal.session': 0 })
  world.clock.advance(6 * DAY)
  await sweep()
  assert.equal((await left())['portal.idempotency'], 0)
  world.clock.advance(400 * DAY)
  await sweep()
  assert.equal((await left())['portal.outbox'], 0)

  const again = await world.signIn(await world.staff())
  const read = await again.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
  assert.deepEqual(
    [read.messages.length, read.notice],
    [2, 'sent'],
    'the exchange is whole, and still says it was told',
  )
})

test('texts carried over after twelve hours, sign-ins half done and links after a day or two', async () => {
  const practitioner = await world.signIn(await world.practitioner())
  await practitioner.do('POST /api/exchanges/carried-texts', { body: { text: 'Texte' } })
  await practitioner.do('PUT /api/account/password', { body: { password: 'girafe vinaigre boussole' } })
  const { identifier } = await practitioner.do('GET /api/account/password')
  await world.stranger().do('POST /api/password/links', { body: { identifier } })
  const left = async () => [await count('medical.carried_text'), await count('portal.account_link')]
  await sweep()
  assert.deepEqual(await left(), [1, 1])
  world.clock.advance(13 * HOUR)
  await sweep()
  assert.deepEqual(await left(), [0, 1])
  world.clock.advance(3 * DAY)
  await sweep()
  assert.deepEqual(await left(), [0, 0])
  assert.equal(await count('portal.password_account'), 1, 'the account stays')
})

test('a notice that has not left is never removed', async () => {
  const practitioner = await world.signIn(await world.practitioner({ email: null }))
  const adviser = await world.signIn(await world.staff())
  const exchangeId = await openExchange(practitioner)
  await adviser.do('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId }, body: { text: 'Texte' } })
  world.clock.advance(1000 * DAY)
  await sweep()
  assert.equal(await count('portal.outbox where exchange_id is not null'), 1)
})

test('nothing is taken in hand for longer than its time, swept or not', async () => {
  const somebody = await world.practitioner()
  const patientId = await identify(await world.signIn(somebody))
  world.clock.advance(11 * HOUR)
  const still = await world.signIn(somebody)
  assert.equal((await still.call('GET /api/patients/:patientId', { params: { patientId } })).status, 200)
  world.clock.advance(2 * HOUR)
  const later = await world.signIn(somebody)
  const answer = await later.call('GET /api/patients/:patientId', { params: { patientId } })
  assert.equal(answer.code, 'patient-not-in-hand')
})
