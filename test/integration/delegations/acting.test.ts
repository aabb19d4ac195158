// Acting for somebody: what each scope opens, for which motifs, places and dates, and what everybody is told of it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Scope } from '../../../src/platform/sessions/holds.ts'
import type { Client } from '../client.ts'
import { eventually, identify, openExchange, type Someone, startWorld, type World } from '../harness.ts'

const DAY = 24 * 3_600_000
let world: World
let holder: Someone
let doctor: Client
let adviser: Client
before(async () => {
  world = await startWorld()
  holder = await world.practitioner({ places: 2 })
  doctor = await world.signIn(holder)
  adviser = await world.signIn(await world.staff())
})
after(() => world.stop())

const at = (delegate: Someone, place = 0, of = holder) => world.signIn(delegate, { activityId: of.activityIds[place] })
const content = (text: string, motif: string | null = 'ALD') => ({ motif, subject: 'Objet', text, practiceBoxId: null })
const exchange = (client: Client, exchangeId: string) =>
  client.call('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
const send = (client: Client, exchangeId: string, draftId: string | null = null) =>
  client.call('POST /api/exchanges/:exchangeId/messages', {
    params: { exchangeId },
    body: { text: 'Texte envoyé', draftId },
  })
const prepare = (client: Client, exchangeId: string, text = 'Réponse préparée') =>
  client.call('POST /api/drafts', { body: { exchangeId, content: content(text) } })
const rowsOf = async (client: Client) => {
  const { rows } = await client.do('GET /api/exchanges', { query: { folder: 'waiting' } })
  return rows.map(({ exchangeId }) => exchangeId)
}
const events = (exchangeId: string) =>
  world.database.sql<{ type: string; event: string }>(
    'select type, event from trace.event where exchange_id = $1 order by seq',
    [exchangeId],
  )

const SCOPES: [Scope, read: number | string, prepared: number | string, sent: number | string][] = [
  ['headers', 'delegation-scope', 'delegation-scope', 'delegation-scope'],
  ['read', 200, 'delegation-scope', 'delegation-scope'],
  ['prepare', 200, 201, 'delegation-scope'],
  ['send', 200, 201, 201],
]
for (const [scope, read, prepared, sent] of SCOPES) {
  test(`scope ${scope}: the lists and what is told of them, and no further than granted`, async () => {
    const exchangeId = await openExchange(doctor)
    const secretary = await world.employee()
    await world.delegate(holder, secretary, { scope })
    const client = await at(secretary)
    const told = (answer: { status: number; code?: string }) => answer.code ?? answer.status
    assert.ok((await rowsOf(client)).includes(exchangeId))
    assert.equal(told(await exchange(client, exchangeId)), read)
    assert.equal(told(await prepare(client, exchangeId)), prepared)
    assert.equal(told(await send(client, exchangeId)), sent)
    const patient = await client.call('POST /api/exchanges/:exchangeId/patient', { params: { exchangeId } })
    assert.equal(told(patient), prepared === 201 ? 200 : prepared)
    const identified = await client.call('POST /api/patients/identifications', { body: { number: '284058832102532' } })
    assert.equal(told(identified), prepared === 201 ? 200 : prepared)
    const closed = await client.call('POST /api/exchanges/:exchangeId/closure', { params: { exchangeId } })
    assert.equal(told(closed), 'right-missing')
    if (prepared === 201) {
      const opened = await client.call('POST /api/exchanges', {
        body: { patientId: identified.json.beneficiaries[0]!.patientId, motif: 'ALD', subject: 'Objet', text: 'Texte' },
      })
      assert.equal(told(opened), sent)
    }
    const { state, place, may } = await client.do('GET /api/session')
    assert.equal(state, 'signedIn')
    assert.equal(place?.onBehalfOf?.scope, scope)
    assert.deepEqual([may.useExchanges, may.identifyPatients, may.delegate], [true, prepared === 201, false])
  })
}

test('prepared by a secretary, sent by the holder: said to both sides and in the trace', async () => {
  const exchangeId = await openExchange(doctor)
  const secretary = await world.employee()
  await world.delegate(holder, secretary, { scope: 'prepare' })
  const client = await at(secretary)
  const draft = (await prepare(client, exchangeId)).json
  const seen = (await doctor.do('GET /api/drafts')).drafts.find(({ draftId }) => draftId === draft.draftId)
  assert.match(seen?.preparedBy ?? '', /^Essai FICTIF/)
  const read = (await exchange(doctor, exchangeId)).json
  assert.equal(read.draft?.text, 'Réponse préparée')
  assert.equal(read.draft?.preparedBy, seen?.preparedBy)
  // The holder changes a word and sends: who prepared it is still told.
  const saved = await doctor.do('PUT /api/drafts/:draftId', {
    params: { draftId: draft.draftId },
    body: { version: 1, content: content('Réponse relue') },
  })
  assert.equal(saved.version, 2)
  assert.equal((await send(doctor, exchangeId, draft.draftId)).status, 201)
  const left = (await client.do('GET /api/drafts')).drafts
  assert.ok(!left.some(({ draftId }) => draftId === draft.draftId))
  for (const reader of [doctor, adviser, client]) {
    const last = (await exchange(reader, exchangeId)).json.messages.at(-1)!
    assert.equal(last.preparedBy, seen?.preparedBy)
    assert.match(last.author.displayName, /^Dr Essai FICTIF/)
    assert.equal(last.author.role, 'Médecin')
    assert.equal(last.onBehalfOf, null)
  }
  const written = JSON.parse((await events(exchangeId)).find(({ type }) => type === 'exchange.written')!.event)
  assert.equal(written.preparedBy, secretary.personId)
  assert.equal(written.actor.person, holder.personId)
})

test('a draft of a new exchange prepared by a secretary is opened by the holder, from that very place', async () => {
  const secretary = await world.employee()
  await world.delegate(holder, secretary, { scope: 'prepare' })
  const client = await at(secretary)
  const { draftId } = await client.do('POST /api/drafts', {
    body: { patientId: await identify(client), content: content('Question préparée') },
  })
  const { exchangeId } = await doctor.do('POST /api/exchanges', {
    body: { draftId, motif: 'ALD', subject: 'Objet', text: 'Question préparée' },
  })
  const [opened] = await events(exchangeId)
  assert.equal(JSON.parse(opened!.event).preparedBy, secretary.personId)
  assert.ok((await exchange(adviser, exchangeId)).json.messages[0]!.preparedBy)
})

test('sent by a locum: author, role, and for whom, on both sides; the reading is traced as theirs for the holder', async () => {
  const exchangeId = await openExchange(doctor)
  const locum = await world.practitioner({ professionCode: '10' })
  await world.delegate(holder, locum, { capacity: 'locum' })
  const client = await at(locum)
  await adviser.do('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId }, body: { text: 'Question' } })
  await exchange(client, exchangeId)
  assert.equal((await send(client, exchangeId)).status, 201)
  const { messages } = (await exchange(adviser, exchangeId)).json
  const last = messages.at(-1)!
  assert.equal(last.author.role, 'Médecin, remplaçant')
  assert.match(last.onBehalfOf ?? '', /^Dr Essai FICTIF/)
  assert.notEqual(last.onBehalfOf, last.author.displayName)
  assert.equal(messages.find(({ side }) => side === 'desk')?.readForHolder, true)
  for (const { type, event } of await events(exchangeId)) {
    const { actor } = JSON.parse(event)
    if (actor.person === locum.personId) assert.equal(actor.onBehalfOf, holder.personId, type)
    else assert.ok(!('onBehalfOf' in actor), type)
  }
})

test('motifs: only what is of them, in lists, counters, readings, drafts and openings', async () => {
  const of = await world.practitioner()
  const client = await world.signIn(of)
  const ald = await openExchange(client)
  const arret = await openExchange(client, { motif: 'ARRET' })
  for (const exchangeId of [ald, arret])
    await adviser.do('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId }, body: { text: 'Réponse' } })
  await client.do('POST /api/drafts', { body: { exchangeId: arret, content: content('Hors délégation', 'ARRET') } })
  const secretary = await world.employee()
  await world.delegate(of, secretary, { scope: 'send', motifs: ['ALD'] })
  const acting = await at(secretary, 0, of)
  const { rows, counters } = await acting.do('GET /api/exchanges', { query: { folder: 'todo' } })
  assert.deepEqual([rows.map(({ exchangeId }) => exchangeId), counters.todo, counters.drafts], [[ald], 1, 0])
  assert.equal((await exchange(acting, arret)).code, 'exchange-not-found')
  assert.equal((await send(acting, arret)).code, 'exchange-not-found')
  assert.equal((await prepare(acting, arret)).code, 'exchange-not-found')
  assert.equal((await exchange(acting, ald)).status, 200)
  assert.deepEqual(
    (await acting.do('GET /api/motifs')).motifs.map(({ code }) => code),
    ['ALD'],
  )
  const patientId = await identify(acting)
  const opened = (motif: string) =>
    acting.call('POST /api/exchanges', { body: { patientId, motif, subject: 'Objet', text: 'Texte' } })
  assert.equal((await opened('ARRET')).code, 'delegation-motif')
  assert.equal((await opened('ALD')).status, 201)
  const begun = (motif: string | null) =>
    acting.call('POST /api/drafts', { body: { patientId, content: content('Texte', motif) } })
  assert.equal((await begun('ARRET')).code, 'delegation-motif')
  const draft = await begun(null)
  assert.equal(draft.status, 201)
  const moved = await acting.call('PUT /api/drafts/:draftId', {
    params: { draftId: draft.json.draftId },
    body: { version: 1, content: content('Texte', 'ARRET') },
  })
  assert.equal(moved.code, 'delegation-motif')
  assert.equal((await acting.do('GET /api/drafts')).drafts.length, 1)
})

test('two grants at once: each motif as far as its own, and the wider of two for the same', async () => {
  const of = await world.practitioner()
  const client = await world.signIn(of)
  const ald = await openExchange(client)
  const arret = await openExchange(client, { motif: 'ARRET' })
  const secretary = await world.employee()
  await world.delegate(of, secretary, { scope: 'headers' })
  await world.delegate(of, secretary, { scope: 'send', motifs: ['ALD'] })
  const acting = await at(secretary, 0, of)
  assert.equal((await rowsOf(acting)).length, 2)
  assert.equal((await send(acting, ald)).status, 201)
  assert.equal((await exchange(acting, arret)).code, 'delegation-scope')
  assert.equal((await send(acting, arret)).code, 'delegation-scope')
})

test('places: one is not another, and one’s own boxes are not mixed with those of the holder', async () => {
  const locum = await world.practitioner()
  const own = await openExchange(await world.signIn(locum))
  await world.delegate(holder, locum, { scope: 'send', places: [holder.activityIds[1]!] })
  const theirs = await openExchange(doctor)
  const atHome = await world.signIn(locum)
  assert.equal((await exchange(atHome, theirs)).code, 'exchange-not-found')
  assert.equal((await send(atHome, theirs)).code, 'exchange-not-found')
  const refused = await atHome.call('PUT /api/session/place', { body: { activityId: holder.activityIds[0] } })
  assert.equal(refused.code, 'place-not-yours')
  const session = await atHome.do('PUT /api/session/place', { body: { activityId: holder.activityIds[1] } })
  assert.equal(session.place?.activityId, holder.activityIds[1])
  assert.equal((await exchange(atHome, own)).code, 'exchange-not-found')
  assert.equal((await exchange(atHome, theirs)).code, 'exchange-not-found', 'it is of the first place')
  assert.deepEqual(await rowsOf(atHome), [])
})

test('dates: not before the first, not after the last; a session lost its place and says so', async () => {
  const secretary = await world.employee()
  const now = world.clock.now().getTime()
  await world.delegate(holder, secretary, { from: new Date(now + DAY), to: new Date(now + DAY + 3_600_000) })
  const early = await world.signIn(secretary)
  const choose = (client: Client) =>
    client.call('PUT /api/session/place', { body: { activityId: holder.activityIds[0] } })
  assert.equal((await choose(early)).code, 'place-not-yours')
  world.clock.advance(DAY)
  const client = await world.signIn(secretary)
  assert.equal((await choose(client)).status, 200)
  assert.equal((await client.call('GET /api/exchanges/counters')).status, 200)
  world.clock.advance((61 * 60_000) / 3)
  await client.do('GET /api/session')
  world.clock.advance((61 * 60_000) / 3)
  await client.do('GET /api/session')
  world.clock.advance((61 * 60_000) / 3)
  assert.equal((await client.call('GET /api/exchanges/counters')).code, 'right-missing')
  assert.equal((await client.do('GET /api/session')).state, 'placeRequired')
  doctor = await world.signIn(holder)
  adviser = await world.signIn(await world.staff())
})

test('revoked: refused at the next request, and the stream of changes ends', async () => {
  const secretary = await world.employee()
  const delegationId = await world.delegate(holder, secretary)
  const client = await at(secretary)
  const exchangeId = await openExchange(doctor)
  const stream = await client.live()
  assert.equal((await exchange(client, exchangeId)).status, 200)
  await doctor.do('POST /api/delegations/:delegationId/revocation', { params: { delegationId } })
  assert.equal((await send(client, exchangeId)).code, 'right-missing')
  assert.equal((await exchange(client, exchangeId)).code, 'right-missing')
  await stream.next(({ event }) => event === 'session')
  stream.close()
})

test('live: a delegate is told of the motifs they see, and of no other', async () => {
  const secretary = await world.employee()
  await world.delegate(holder, secretary, { scope: 'headers', motifs: ['ARRET'] })
  const stream = await (await at(secretary)).live()
  const other = await openExchange(doctor)
  const seen = await openExchange(doctor, { motif: 'ARRET' })
  await stream.next(({ event, data }) => event === 'change' && data.exchangeId === seen)
  assert.ok(!stream.events.some(({ data }) => data.exchangeId === other))
  stream.close()
})

test('a password opens nobody else’s place, not even one chosen with a card before', async () => {
  const locum = await world.practitioner()
  await world.delegate(holder, locum, { capacity: 'locum' })
  const low = { level: 'low', via: 'password', authMode: 'PASSWORD' } as const
  const client = await world.signIn(locum, low)
  const refused = await client.call('PUT /api/session/place', { body: { activityId: holder.activityIds[0] } })
  assert.equal(refused.code, 'place-not-yours')
  assert.ok((await client.do('GET /api/session')).places.every(({ onBehalfOf }) => onBehalfOf === null))
  const forged = await world.signIn(locum, { ...low, activityId: holder.activityIds[0] })
  assert.equal((await forged.do('GET /api/session')).state, 'placeRequired')
})

test('nobody else’s delegate gets anything at that place', async () => {
  const stranger = await world.employee()
  const client = await at(stranger)
  assert.equal((await client.call('GET /api/exchanges/counters')).code, 'right-missing')
  assert.equal((await client.do('GET /api/session')).state, 'placeRequired')
})

test('statements of a delegate: no more than of the holder', async () => {
  const secretary = await world.employee()
  await world.delegate(holder, secretary, { motifs: ['ALD'] })
  const client = await at(secretary)
  const exchangeId = await openExchange(doctor)
  const count = async (act: () => Promise<unknown>) =>
    (await world.statements(act)).filter((name) => !/^(live|outbox)\./.test(name)).length
  assert.ok((await count(() => client.do('GET /api/exchanges', { query: { folder: 'waiting' } }))) <= 2)
  assert.ok((await count(() => exchange(client, exchangeId))) <= 4)
  assert.ok((await count(() => send(client, exchangeId))) <= 6)
  await eventually(async () => (await rowsOf(client)).length > 0)
})
