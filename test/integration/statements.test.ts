// The number of SQL statements of each common act is a promise (DESIGN.md part 4, rule 9).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from './client.ts'
import { identify, openExchange, startWorld, type World } from './harness.ts'

let world: World
let practitioner: Client
let adviser: Client
let patientId: string
let exchangeId: string
before(async () => {
  // The worker of the outbox looks by itself: here it is asked for nothing.
  world = await startWorld({ outboxPollMs: 3_600_000 })
  practitioner = await world.signIn(await world.practitioner())
  adviser = await world.signIn(await world.staff())
  patientId = await identify(practitioner)
  exchangeId = await openExchange(practitioner)
})
after(() => world.stop())

/** Those of the request itself; telling the others and sending the notice come after the answer. */
const after_ = /^(live|outbox)\./
const count = async (act: () => Promise<unknown>) => (await world.statements(act)).filter((name) => !after_.test(name))

const params = () => ({ exchangeId })
const acts: [name: string, most: number, act: () => Promise<unknown>][] = [
  [
    'send, practitioner',
    6,
    () => practitioner.do('POST /api/exchanges/:exchangeId/messages', { params: params(), body: { text: 'Texte' } }),
  ],
  [
    'send, adviser (with its notice)',
    6,
    () => adviser.do('POST /api/exchanges/:exchangeId/messages', { params: params(), body: { text: 'Texte' } }),
  ],
  [
    'open',
    6,
    () =>
      practitioner.do('POST /api/exchanges', { body: { patientId, motif: 'ALD', subject: 'Objet', text: 'Texte' } }),
  ],
  ['inbox', 2, () => adviser.do('GET /api/exchanges', { query: { folder: 'todo' } })],
  ['counters', 2, () => adviser.do('GET /api/exchanges/counters')],
  ['read, first time', 4, () => adviser.do('GET /api/exchanges/:exchangeId', { params: params() })],
  ['read, again', 4, () => practitioner.do('GET /api/exchanges/:exchangeId', { params: params() })],
  ['close', 6, () => adviser.do('POST /api/exchanges/:exchangeId/closure', { params: params() })],
  // Session, counted, compared with the others, noted, in hand with its trace.
  ['identify', 5, () => practitioner.do('POST /api/patients/identifications', { body: { number: '284058832102532' } })],
]
for (const [name, most, act] of acts) {
  test(`${name}: at most ${most}`, async () => {
    const names = await count(act)
    assert.ok(names.length > 1, 'the count is wired')
    assert.ok(names.length <= most, names.join(', '))
  })
}

test('an inbox of many lines asks no more than an empty one', async () => {
  const before = await count(() => adviser.do('GET /api/exchanges', { query: { folder: 'todo' } }))
  for (let i = 0; i < 30; i++) await openExchange(practitioner)
  const after = await count(() => adviser.do('GET /api/exchanges', { query: { folder: 'todo' } }))
  assert.deepEqual(after, before)
})
