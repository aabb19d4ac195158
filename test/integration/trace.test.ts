// The trace: every act has its event, and whatever is done to the table afterwards is found.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { verifyTrace } from '../../src/platform/trace/verify.ts'
import type { Client } from './client.ts'
import { identify, type Someone, startWorld, type World } from './harness.ts'

let world: World
let person: Someone
let practitioner: Client
let adviser: Client
before(async () => {
  world = await startWorld()
  person = await world.practitioner({ places: 2 })
  practitioner = await world.signIn(person, { place: null })
  adviser = await world.signIn(await world.staff())
})
after(() => world.stop())

type Event = { type: string; exchange_id: string | null; actor: string | null; event: string }
let seen = 0
/** Events written since the last look, oldest first. */
async function fresh(): Promise<Event[]> {
  const rows = await world.database.sql<Event & { n: number }>(
    'select type, exchange_id, actor, event from trace.event order by at, seq',
  )
  const news = rows.slice(seen)
  seen = rows.length
  return news
}
const verify = () => verifyTrace(world.server.database.administrative)

test('every act writes one event, and no other', async () => {
  const [params, draft] = [{ exchangeId: '' }, { draftId: '' }]
  let patientId = ''
  const steps: [act: () => Promise<unknown>, events: string[]][] = [
    [
      () => practitioner.do('PUT /api/session/place', { body: { activityId: person.activityIds[0] } }),
      ['place.chosen'],
    ],
    [() => practitioner.do('PUT /api/account/email', { body: { email: 'autre@praticien.example' } }), ['email.set']],
    [async () => (patientId = await identify(practitioner)), ['patient.identified']],
    [
      () => practitioner.call('POST /api/patients/identifications', { body: { number: '199127512345681' } }),
      ['patient.identified'],
    ],
    [
      async () => {
        const body = { patientId, motif: 'ALD', subject: 'Objet', text: 'Texte' }
        params.exchangeId = (await practitioner.do('POST /api/exchanges', { body })).exchangeId
      },
      ['exchange.opened'],
    ],
    [() => adviser.do('GET /api/exchanges', { query: { folder: 'todo' } }), []],
    [() => adviser.do('GET /api/exchanges/:exchangeId', { params }), ['exchange.read']],
    [() => adviser.do('GET /api/exchanges/:exchangeId', { params }), ['exchange.read']],
    [
      () => adviser.do('POST /api/exchanges/:exchangeId/messages', { params, body: { text: 'Texte' } }),
      ['exchange.written'],
    ],
    [() => practitioner.do('POST /api/exchanges/:exchangeId/patient', { params }), ['patient.taken']],
    [
      async () => {
        const content = { motif: null, subject: '', text: 'Texte', practiceBoxId: null }
        draft.draftId = (
          await practitioner.do('POST /api/drafts', { body: { exchangeId: params.exchangeId, content } })
        ).draftId
      },
      [],
    ],
    [() => adviser.do('POST /api/exchanges/:exchangeId/closure', { params }), ['exchange.closed']],
    [() => practitioner.call('POST /api/exchanges/:exchangeId/messages', { params, body: { text: 'Tard' } }), []],
    ...(['GET /api/exchanges/:exchangeId', 'POST /api/exchanges/:exchangeId/patient'] as const).map(
      (route): [() => Promise<unknown>, string[]] => [
        async () => (await world.signIn(await world.practitioner())).call(route, { params }),
        ['session.opened', 'exchange.refused'],
      ],
    ),
    [() => practitioner.do('POST /api/session/sign-out'), ['session.closed']],
  ]
  await fresh()
  for (const [act, events] of steps) {
    await act()
    assert.deepEqual(
      (await fresh()).map((event) => event.type),
      events,
      String(act),
    )
  }
})

test('a write that comes twice is traced once', async () => {
  const client = await world.signIn(person)
  const body = { patientId: await identify(client), motif: 'ALD', subject: 'Objet', text: 'Texte' }
  await fresh()
  const key = crypto.randomUUID()
  await Promise.all(Array.from({ length: 5 }, () => client.do('POST /api/exchanges', { body, key })))
  assert.deepEqual(
    (await fresh()).map((event) => event.type),
    ['exchange.opened'],
  )
})

test('an event says who, by which means, from where; and holds identifiers only', async () => {
  const client = await world.signIn(person)
  const subject = world.canary('objet')
  await fresh()
  const body = { patientId: await identify(client), motif: 'ALD', subject, text: subject }
  const { exchangeId } = await client.do('POST /api/exchanges', { body })
  const events = await fresh()
  const opened = JSON.parse(events.at(-1)!.event)
  assert.equal(opened.exchange, exchangeId)
  assert.equal(opened.actor.person, person.personId)
  assert.equal(opened.actor.activity, person.activityIds[0])
  assert.deepEqual([opened.actor.via, opened.actor.authMode, opened.actor.level], ['psc', 'CARD', 'substantial'])
  const all = JSON.stringify(events)
  for (const hidden of [subject, '2840588321025', 'FICTIF']) assert.ok(!all.includes(hidden))
})

test('the story of an exchange is in one chain', async () => {
  const rows = await world.database.sql(
    `select exchange_id from trace.event where exchange_id is not null and organism_id <> 'portal'
     group by exchange_id having count(distinct lane) > 1`,
  )
  assert.deepEqual(rows, [])
})

test('a sound trace has no fault, also while it is written', async () => {
  const client = await world.signIn(person)
  const patientId = await identify(client)
  const body = { patientId, motif: 'ALD', subject: 'Objet', text: 'Texte' }
  const writing = Array.from({ length: 40 }, () => client.do('POST /api/exchanges', { body }))
  const during = await verify()
  await Promise.all(writing)
  const { events, lanes, faults } = await verify()
  assert.deepEqual([during.faults, faults], [[], []])
  assert.ok(events > 50 && lanes > 4)
})

/** What somebody with the owner's hands could do; each is undone afterwards. */
const tampering: Record<string, { fault: string; sql: string }> = {
  'the text of an event changed': {
    fault: 'broken-link',
    sql: `update trace.event set event = replace(event, '"v":1', '"v":2') where ROW`,
  },
  'an actor column changed, the text left': {
    fault: 'columns-differ',
    sql: 'update trace.event set actor = gen_random_uuid() where ROW',
  },
  'a time column changed': {
    fault: 'columns-differ',
    sql: `update trace.event set at = at + interval '1 hour' where ROW`,
  },
  'an exchange column emptied': {
    fault: 'columns-differ',
    sql: 'update trace.event set exchange_id = null where ROW',
  },
  'an event dropped from the middle': { fault: 'missing-event', sql: 'delete from trace.event where ROW' },
  'two events swapped': {
    fault: 'broken-link',
    sql: `with two as (select organism_id, lane, seq, event, type, actor, exchange_id, at,
            lead(event) over w as e2, lag(event) over w as e1 from trace.event
            where (organism_id, lane) = (select organism_id, lane from chosen) window w as (order by seq))
          update trace.event t set event = case when t.seq = c.seq then two.e2 else two.e1 end
          from two, chosen c where (t.organism_id, t.lane, t.seq) = (two.organism_id, two.lane, two.seq)
            and t.seq in (c.seq, c.seq + 1)`,
  },
  'an event inserted at the end, well linked': {
    fault: 'beyond-head',
    sql: `insert into trace.event (organism_id, lane, seq, head, at, type, actor, exchange_id, event)
          select l.organism_id, l.lane, l.seq + 1,
            sha256(l.head || int8send(l.seq + 1) || sha256(convert_to(e.event, 'UTF8'))),
            e.at, e.type, e.actor, e.exchange_id, e.event
          from trace.lane l join trace.event e using (organism_id, lane, seq)
          where (l.organism_id, l.lane) = (select organism_id, lane from chosen)`,
  },
  'the end cut off': {
    fault: 'truncated',
    sql: `delete from trace.event where (organism_id, lane) = (select organism_id, lane from chosen)
          and seq > (select seq from chosen)`,
  },
  'a whole chain removed, its last link left': {
    fault: 'truncated',
    sql: 'delete from trace.event where (organism_id, lane) = (select organism_id, lane from chosen)',
  },
  'a chain’s last link changed': {
    fault: 'head-differs',
    sql: `update trace.lane set head = sha256('x') where (organism_id, lane) = (select organism_id, lane from chosen)`,
  },
  'a chain’s last link removed': {
    fault: 'unknown-lane',
    sql: 'delete from trace.lane where (organism_id, lane) = (select organism_id, lane from chosen)',
  },
}
for (const [name, { fault, sql }] of Object.entries(tampering)) {
  test(`found: ${name}`, async () => {
    // A chain of at least four, and the second event of it that tells of an exchange.
    const [chosen] = await world.database.sql<{ organism_id: string; lane: number; seq: number }>(
      `select e.organism_id, e.lane, min(e.seq) as seq from trace.event e join trace.lane l using (organism_id, lane)
       where e.seq between 2 and l.seq - 2 and e.exchange_id is not null and e.organism_id <> 'portal'
       group by 1, 2 limit 1`,
    )
    assert.ok(chosen)
    const place = `'${chosen.organism_id}'::text as organism_id, ${chosen.lane}::smallint as lane, ${chosen.seq}::bigint as seq`
    await world.database.sql('create table public.kept_event as table trace.event')
    await world.database.sql('create table public.kept_lane as table trace.lane')
    await world.database.sql(`create table public.chosen as select ${place}`)
    try {
      await world.database.sql(
        sql
          .replaceAll('chosen', 'public.chosen')
          .replace('ROW', '(organism_id, lane, seq) = (select organism_id, lane, seq from public.chosen)'),
      )
      const { faults } = await verify()
      assert.ok(
        faults.some(
          (found) => found.fault === fault && found.organismId === chosen.organism_id && found.lane === chosen.lane,
        ),
        JSON.stringify(faults),
      )
    } finally {
      await world.database.sql('truncate trace.event, trace.lane')
      await world.database.sql('insert into trace.event select * from public.kept_event')
      await world.database.sql('insert into trace.lane select * from public.kept_lane')
      await world.database.sql('drop table public.kept_event, public.kept_lane, public.chosen')
    }
    assert.deepEqual((await verify()).faults, [])
  })
}
