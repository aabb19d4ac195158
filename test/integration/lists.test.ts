// Folders: true counters with a bound, and pages that neither miss nor double a line while others arrive.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from './client.ts'
import { identify, openExchange, startWorld, type World } from './harness.ts'

let world: World
let practitioner: Client
let adviser: Client
before(async () => {
  world = await startWorld()
  practitioner = await world.signIn(await world.practitioner())
  adviser = await world.signIn(await world.staff())
})
after(() => world.stop())

test('counters are true at every step, on both sides, and stop at a hundred', async () => {
  const patientId = await identify(practitioner)
  const open = () =>
    practitioner.do('POST /api/exchanges', { body: { patientId, motif: 'ALD', subject: 'Objet', text: 'Texte' } })
  const ids: string[] = []
  for (let i = 0; i < 5; i++) ids.push((await open()).exchangeId)
  const unread = async (client: Client) => client.do('GET /api/exchanges/counters')
  assert.equal((await unread(adviser)).todo, 5)
  await adviser.do('GET /api/exchanges/:exchangeId', { params: { exchangeId: ids[0]! } })
  assert.equal((await unread(adviser)).todo, 4)
  await adviser.do('POST /api/exchanges/:exchangeId/messages', {
    params: { exchangeId: ids[0]! },
    body: { text: 'Réponse' },
  })
  assert.equal((await unread(practitioner)).todo, 1)
  await practitioner.do('GET /api/exchanges/:exchangeId', { params: { exchangeId: ids[0]! } })
  assert.deepEqual(await unread(practitioner), { todo: 0, waiting: 0, drafts: 0, closed: 0 })
  await adviser.do('POST /api/exchanges/:exchangeId/closure', { params: { exchangeId: ids[0]! } })
  assert.equal((await unread(practitioner)).closed, 1)

  for (let batch = 0; batch < 11; batch++) await Promise.all(Array.from({ length: 10 }, open))
  const { counters } = await adviser.do('GET /api/exchanges', { query: { folder: 'todo' } })
  assert.equal(counters.todo, 100, 'a hundred and more')
})

test('pages: everything once, newest first, while lines arrive', async () => {
  const wanted = await world.database.sql<{ exchange_id: string }>(
    `select e.exchange_id from medical.box_entry e join portal.box b using (box_id)
     where b.organism_id = '01-941' and e.folder = 'todo' order by e.last_activity_at desc, e.exchange_id desc`,
  )
  assert.ok(wanted.length > 100)
  const met: string[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof list>> = await list(cursor)
    met.push(...page.rows.map((row) => row.exchangeId))
    cursor = page.next
    await openExchange(practitioner)
  } while (cursor)
  assert.deepEqual(
    met,
    wanted.map((row) => row.exchange_id),
  )

  function list(from: string | null) {
    return adviser.do('GET /api/exchanges', { query: { folder: 'todo', ...(from && { cursor: from }) } })
  }
})

test('pages of exchanges of the very same instant neither miss nor double one', async () => {
  await world.database.sql('update medical.box_entry set last_activity_at = $1', [world.clock.now()])
  const met: string[] = []
  let cursor: string | null = null
  do {
    const page: { rows: { exchangeId: string }[]; next: string | null } = await adviser.do('GET /api/exchanges', {
      query: { folder: 'todo', ...(cursor && { cursor }) },
    })
    met.push(...page.rows.map((row) => row.exchangeId))
    cursor = page.next
  } while (cursor)
  const [{ n } = { n: 0 }] = await world.database.sql<{ n: number }>(
    `select count(*)::int as n from medical.box_entry e join portal.box b using (box_id)
     where b.organism_id = '01-941' and e.folder = 'todo'`,
  )
  assert.equal(met.length, n)
  assert.equal(new Set(met).size, n)
})

test('a practitioner of two places sees both in one list, each line with its place', async () => {
  const somebody = await world.practitioner({ places: 2 })
  const [one, two] = [await world.signIn(somebody, { place: 0 }), await world.signIn(somebody, { place: 1 })]
  const ids = [await openExchange(one), await openExchange(two)]
  const { rows } = await one.do('GET /api/exchanges', { query: { folder: 'waiting' } })
  assert.deepEqual(
    rows.map((row) => row.exchangeId),
    ids.toReversed(),
  )
  assert.equal(new Set(rows.map((row) => row.practitioner.place)).size, 2)
})

test('messages older than the last two hundred are paged back to, all of them', async () => {
  const exchangeId = await openExchange(practitioner)
  for (let i = 0; i < 205; i++)
    await practitioner.do('POST /api/exchanges/:exchangeId/messages', {
      params: { exchangeId },
      body: { text: `Texte ${i}` },
    })
  const last = await adviser.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
  assert.deepEqual([last.messages.length, last.earlier, last.messages[0]?.seq], [200, true, 7])
  const before = await adviser.do('GET /api/exchanges/:exchangeId', {
    params: { exchangeId },
    query: { before: String(last.messages[0]!.seq) },
  })
  assert.deepEqual([before.messages.map((message) => message.seq), before.earlier], [[1, 2, 3, 4, 5, 6], false])
})

test('motifs with a legal clock are not offered, and cannot be chosen', async () => {
  const { motifs } = await practitioner.do('GET /api/motifs')
  assert.ok(motifs.length > 5)
  assert.ok(!motifs.some((motif) => motif.code.startsWith('DAP-')))
  for (const motif of ['DAP-BAR', 'INCONNU']) {
    const answer = await practitioner.call('POST /api/exchanges', {
      body: { patientId: await identify(practitioner), motif, subject: 'Objet', text: 'Texte' },
    })
    assert.deepEqual(
      [answer.status, answer.code, answer.problem.faults?.[0]?.pointer],
      [422, 'motif-unknown', '/motif'],
    )
  }
})

test('a motif begins and ends with the day in France', async () => {
  const day = (at: Date) => new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(at)
  await world.database.sql("update portal.motif set valid_from = $1::date + 1 where code = 'INVAL'", [
    day(world.clock.now()),
  ])
  const offered = async () =>
    (await practitioner.do('GET /api/motifs', { passive: true })).motifs.some((motif) => motif.code === 'INVAL')
  assert.equal(await offered(), false)
  // One minute after midnight in France it is still yesterday in UTC.
  const tomorrow = new Date(`${day(new Date(world.clock.now().getTime() + 86_400_000))}T00:01:00+01:00`)
  const offset = day(tomorrow) === day(new Date(tomorrow.getTime() - 120_000)) ? 3_600_000 : 0
  world.clock.advance(tomorrow.getTime() - offset - world.clock.now().getTime())
  practitioner = await world.signIn(await world.practitioner())
  assert.equal(await offered(), true)
})

test('the search of practitioners finds by name and RPPS, and only who may read an exchange', async () => {
  adviser = await world.signIn(await world.staff())
  const admitted = await world.practitioner()
  const other = await world.practitioner({ professionCode: '26' })
  const named = await world.database.sql<{ person_id: string; family_name: string; rpps: string }>(
    'select person_id, family_name, rpps from portal.person where person_id = any ($1)',
    [[admitted.personId, other.personId]],
  )
  for (const { person_id, family_name, rpps } of named)
    for (const query of [family_name, family_name.toLowerCase(), rpps, `${rpps.slice(0, 5)} ${rpps.slice(5)}`]) {
      const { practitioners } = await adviser.do('POST /api/practitioners/search', { body: { query } })
      assert.equal(practitioners.length, person_id === admitted.personId ? 1 : 0, query)
    }
  for (const query of ['%%', '__', '--', 'zz'])
    assert.equal(
      (await adviser.do('POST /api/practitioners/search', { body: { query } })).practitioners.length,
      0,
      query,
    )
})
