// Granting, listing and revoking: who may, what is refused, and what is told of whether somebody is known here.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { dayInFrance } from '../../../src/services/delegations/rules.ts'
import type { Client } from '../client.ts'
import { type Someone, startWorld, type World } from '../harness.ts'

const DAY = 24 * 3_600_000
/** Correct keys, of nobody here. */
const UNKNOWN_RPPS = '99709990016'

let world: World
let holder: Someone
let doctor: Client
before(async () => {
  world = await startWorld()
  holder = await world.practitioner({ places: 2 })
  doctor = await world.signIn(holder)
})
after(() => world.stop())

const day = (days: number) => dayInFrance(new Date(world.clock.now().getTime() + days * DAY))
const body = (more: Record<string, unknown> = {}) => ({
  capacity: 'delegate',
  delegate: '30B0168811/INCONNU1',
  scope: 'read',
  motifs: null,
  places: null,
  validFrom: day(0),
  validTo: day(10),
  ...more,
})
const grant = (more: Record<string, unknown> = {}, client = doctor, key?: string) =>
  client.call('POST /api/delegations', { body: body(more), ...(key && { key }) })
const cardOf = async ({ personId }: Someone) => {
  const [row] = await world.database.sql<{ subject: string }>(
    'select subject from portal.person where person_id = $1',
    [personId],
  )
  return row!.subject
}
const holdersOf = (personId: string) =>
  world.database.sql<{ box_id: string }>(
    'select box_id from portal.box_holder where person_id = $1 and delegation_id is not null',
    [personId],
  )

const REFUSED: [name: string, more: Record<string, unknown>, code: string, pointer: string | null][] = [
  ['an identifier of no known form', { delegate: 'secretaire' }, 'delegate-shape', '/delegate'],
  ['an RPPS with a wrong key', { delegate: '99709990017' }, 'delegate-rpps-key', '/delegate'],
  ['a locum with a card of a structure', { capacity: 'locum', scope: 'send' }, 'delegation-locum', '/delegate'],
  ['a locum held to reading', { capacity: 'locum', delegate: UNKNOWN_RPPS }, 'delegation-locum', '/scope'],
  [
    'a locum for one motif',
    { capacity: 'locum', delegate: UNKNOWN_RPPS, scope: 'send', motifs: ['ALD'] },
    'delegation-locum',
    '/motifs',
  ],
  ['a motif that does not exist', { motifs: ['ALD', 'RIEN'] }, 'delegation-motifs', null],
  ['no motif at all', { motifs: [] }, 'request-invalid', null],
  ['a place of nobody', { places: [crypto.randomUUID()] }, 'delegation-places', null],
  ['a scope of no name', { scope: 'close' }, 'request-invalid', null],
]
for (const [name, more, code, pointer] of REFUSED) {
  test(`refused: ${name}`, async () => {
    const answer = await grant(more)
    assert.equal(answer.code, code)
    if (pointer) assert.equal(answer.problem.faults?.[0]?.pointer, pointer)
  })
}

test('refused: dates passed, upside down, too long, too far', async () => {
  for (const more of [
    { validFrom: day(-1) },
    { validTo: day(-1) },
    { validTo: day(400) },
    { validFrom: day(400), validTo: day(401) },
  ])
    assert.equal((await grant(more)).code, 'delegation-dates', JSON.stringify(more))
})

test('refused: oneself, somebody else’s place, the same grant twice', async () => {
  const [me] = await world.database.sql<{ rpps: string }>('select rpps from portal.person where person_id = $1', [
    holder.personId,
  ])
  await world.database.sql("update portal.person set rpps = '99709990024' where person_id = $1", [holder.personId])
  assert.equal((await grant({ delegate: '99709990024' })).code, 'delegate-oneself')
  await world.database.sql('update portal.person set rpps = $2 where person_id = $1', [holder.personId, me!.rpps])
  const other = await world.practitioner()
  assert.equal((await grant({ places: other.activityIds })).code, 'delegation-places')
  const twice = { delegate: '30B0168811/DOUBLE', motifs: ['ALD', 'ARRET'] }
  assert.equal((await grant(twice)).status, 201)
  assert.equal(
    (await grant({ ...twice, motifs: ['ARRET', 'ALD', 'ALD'], validTo: day(5) })).code,
    'delegation-duplicate',
  )
  assert.equal((await grant({ ...twice, scope: 'send' })).status, 201, 'another scope is another grant')
})

test('the same demand again changes nothing; another with its key is refused', async () => {
  const key = crypto.randomUUID()
  const more = { delegate: '30B0168811/UNEFOIS' }
  const [first, second] = [await grant(more, doctor, key), await grant(more, doctor, key)]
  assert.deepEqual(second.json, first.json)
  assert.equal((await grant({ ...more, scope: 'send' }, doctor, key)).code, 'idempotency-key-reused')
})

test('nobody learns whether a number is known: same answer, and no name before they have signed in since', async () => {
  const secretary = await world.employee()
  const [known, unknown] = [
    await grant({ delegate: await cardOf(secretary) }),
    await grant({ delegate: '30B0168811/XYZ99' }),
  ]
  assert.deepEqual(Object.keys(known.json), Object.keys(unknown.json))
  const rows = async () => (await doctor.do('GET /api/delegations')).granted
  for (const { json } of [known, unknown])
    assert.equal(
      (await rows()).find(({ delegationId }) => delegationId === json.delegationId)?.delegate.displayName,
      null,
    )
  const client = await world.signIn(secretary)
  const named = (await rows()).find(({ delegationId }) => delegationId === known.json.delegationId)
  assert.match(named?.delegate.displayName ?? '', /^Essai FICTIF/)
  const { received, mayGrant } = await client.do('GET /api/delegations')
  assert.match(received[0]?.holder ?? '', /^Dr Essai FICTIF/)
  assert.equal(mayGrant, false)
})

test('a delegate unknown at first holds from their first sign-in; a place that comes later too, unless places were chosen', async () => {
  const secretary = await world.employee()
  const card = await cardOf(secretary)
  await world.database.sql('update portal.person set subject = $2 where person_id = $1', [
    secretary.personId,
    'AILLEURS/1',
  ])
  const other = await world.practitioner()
  const client = await world.signIn(other)
  assert.equal((await grant({ delegate: card }, client)).status, 201)
  assert.equal((await holdersOf(secretary.personId)).length, 0)
  await world.database.sql('update portal.person set subject = $2 where person_id = $1', [secretary.personId, card])
  await world.signIn(secretary)
  assert.equal((await holdersOf(secretary.personId)).length, 1)
  const [activity, box] = [crypto.randomUUID(), crypto.randomUUID()]
  await world.database.sql(
    `with a as (insert into portal.activity (activity_id, person_id, activity_key, name, address_line, city, profession,
       speciality, sector_code) select $1, $2, 'nouveau', 'NOUVEAU CABINET', '', '', 'Médecin', '', 'SA07' returning activity_id)
     insert into portal.box (box_id, kind, activity_id) select $3, 'practice', activity_id from a`,
    [activity, other.personId, box],
  )
  await world.signIn(other)
  assert.equal((await holdersOf(secretary.personId)).length, 2)
})

test('a delegate does not delegate, an employee has nothing to, and a password grants nothing', async () => {
  const locum = await world.practitioner()
  await world.delegate(holder, locum, { capacity: 'locum' })
  const acting = await world.signIn(locum, { activityId: holder.activityIds[0] })
  assert.equal((await grant({}, acting)).code, 'delegation-not-allowed')
  assert.equal((await grant({}, await world.signIn(await world.employee()))).code, 'delegation-not-allowed')
  const low = await world.signIn(holder, { level: 'low', via: 'password', authMode: 'PASSWORD' })
  assert.equal((await grant({}, low)).code, 'level-insufficient')
  assert.equal((await low.call('GET /api/delegations')).code, 'level-insufficient')
})

test('revoked by its holder alone; again is no fault; the states are told', async () => {
  const { delegationId } = (await grant({ delegate: '30B0168811/REVOQUE' })).json
  const { delegationId: later } = (await grant({ delegate: '30B0168811/PLUSTARD', validFrom: day(3) })).json
  const revoke = (client: Client) =>
    client.call('POST /api/delegations/:delegationId/revocation', { params: { delegationId } })
  assert.equal((await revoke(await world.signIn(await world.practitioner()))).code, 'delegation-not-found')
  const stateOf = async (id: string) =>
    (await doctor.do('GET /api/delegations')).granted.find((one) => one.delegationId === id)?.state
  assert.equal(await stateOf(delegationId), 'active')
  assert.equal(await stateOf(later), 'upcoming')
  assert.equal((await revoke(doctor)).status, 204)
  assert.equal((await revoke(doctor)).status, 204)
  assert.equal(await stateOf(delegationId), 'revoked')
  const events = await world.database.sql<{ type: string; n: number }>(
    `select type, count(*)::int as n from trace.event where event like '%' || $1 || '%' group by type order by type`,
    [delegationId],
  )
  assert.deepEqual(events, [
    { type: 'delegation.granted', n: 1 },
    { type: 'delegation.revoked', n: 1 },
  ])
})

test('ended after its last day in France, and not a moment before', async () => {
  const secretary = await world.employee()
  assert.equal((await grant({ delegate: await cardOf(secretary), validTo: day(0) })).status, 201)
  const [line] = await world.database.sql<{ valid_to: Date }>(
    'select valid_to from portal.box_holder where person_id = $1 and delegation_id is not null',
    [secretary.personId],
  )
  world.clock.advance(line!.valid_to.getTime() - world.clock.now().getTime() - 60_000)
  const client = await world.signIn(secretary, { activityId: holder.activityIds[0] })
  assert.equal((await client.call('GET /api/exchanges/counters')).status, 200)
  world.clock.advance(60_000)
  assert.equal((await client.call('GET /api/exchanges/counters')).code, 'right-missing')
})
