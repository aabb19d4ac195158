// The text being written: kept on the server, never dropped, whoever else writes it.
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

const content = (text: string, more: Record<string, unknown> = {}) => ({
  motif: null,
  subject: '',
  text,
  practiceBoxId: null,
  ...more,
})
const begin = async (text: string) =>
  practitioner.do('POST /api/drafts', { body: { patientId: await identify(practitioner), content: content(text) } })
const save = (draftId: string, version: number, text: string, client = practitioner) =>
  client.call('PUT /api/drafts/:draftId', { params: { draftId }, body: { version, content: content(text) } })
const read = (draftId: string) => practitioner.do('GET /api/drafts/:draftId', { params: { draftId } })
const countDrafts = async () => (await practitioner.do('GET /api/exchanges/counters')).drafts

test('a draft is begun, saved, read again, listed, counted, thrown away', async () => {
  const text = world.canary('brouillon')
  const before = await countDrafts()
  const { draftId, version } = await begin('')
  assert.equal(version, 1)
  const saved = await save(draftId, 1, text)
  assert.deepEqual([saved.status, saved.json.version], [200, 2])
  const stored = await read(draftId)
  assert.equal(stored.content.text, text)
  assert.equal(stored.patient.nirKey, '32')
  const { drafts, counters } = await practitioner.do('GET /api/drafts')
  assert.equal(drafts[0]?.draftId, draftId)
  assert.equal(counters.drafts, before + 1)
  assert.equal((await practitioner.call('DELETE /api/drafts/:draftId', { params: { draftId } })).status, 204)
  assert.equal((await practitioner.call('DELETE /api/drafts/:draftId', { params: { draftId } })).status, 204, 'again')
  assert.equal((await save(draftId, 2, 'Trop tard')).code, 'draft-not-found')
  assert.equal(await countDrafts(), before)
})

test('an adviser whose organism was taken away reads its drafts no more, and begins none for its patients', async () => {
  const somebody = await world.staff()
  const leaving = await world.signIn(somebody)
  const patientId = await identify(leaving)
  const text = world.canary('brouillon du service médical')
  const { draftId } = await leaving.do('POST /api/drafts', { body: { patientId, content: content(text) } })
  await world.database.sql('delete from portal.box_holder where person_id = $1', [somebody.personId])
  const gone = await leaving.call('GET /api/drafts/:draftId', { params: { draftId } })
  assert.equal(gone.code, 'draft-not-found')
  assert.equal((await save(draftId, 1, 'Encore', leaving)).code, 'draft-not-found')
  assert.deepEqual((await leaving.do('GET /api/drafts')).drafts, [])
  const begun = await leaving.call('POST /api/drafts', { body: { patientId, content: content('') } })
  assert.equal(begun.code, 'organism-not-yours')
})

test('a practitioner is not told whose box an identifier is', async () => {
  const somebody = await world.practitioner()
  const [practiceBoxId] = somebody.boxIds
  for (const [client, told] of [
    [practitioner, false],
    [adviser, true],
  ] as const) {
    const patientId = await identify(client)
    const { draftId } = await client.do('POST /api/drafts', {
      body: { patientId, content: content('Texte', { practiceBoxId }) },
    })
    const { practitionerLabel } = await client.do('GET /api/drafts/:draftId', { params: { draftId } })
    assert.equal(practitionerLabel !== null, told)
  }
})

test('two windows: the second one is told, sees the stored text, and nothing is dropped', async () => {
  const { draftId } = await begin('Départ')
  assert.equal((await save(draftId, 1, 'Première fenêtre')).status, 200)
  const second = await save(draftId, 1, 'Seconde fenêtre')
  assert.deepEqual([second.status, second.code], [409, 'draft-conflict'])
  const stored = second.problem.stored as { version: number; content: { text: string } }
  assert.equal(stored.content.text, 'Première fenêtre')
  assert.equal((await read(draftId)).content.text, 'Première fenêtre')
  assert.equal((await save(draftId, stored.version, 'Choisie')).json.version, 3)
})

test('a saving whose answer was lost comes again: no conflict, no second version', async () => {
  const { draftId } = await begin('Départ')
  const first = await save(draftId, 1, 'Texte')
  const again = await save(draftId, 1, 'Texte')
  assert.deepEqual(again.json, first.json)
  assert.equal((await read(draftId)).version, 2)
})

test('many savings at once from one version: one wins, the others are told', async () => {
  const { draftId } = await begin('Départ')
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => save(draftId, 1, `Fenêtre ${i}`)))
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1)
  assert.equal(answers.filter((answer) => answer.code === 'draft-conflict').length, 9)
  assert.equal((await read(draftId)).version, 2)
})

test('one draft of an answer per person and exchange; the exchange shows it, sending removes it', async () => {
  const exchangeId = await openExchange(practitioner)
  const create = (text: string, client = practitioner) =>
    client.call('POST /api/drafts', { body: { exchangeId, content: content(text) } })
  const first = await create('Ma réponse')
  assert.equal(first.status, 201)
  const second = await create('Autre fenêtre')
  assert.equal(second.code, 'draft-conflict')
  assert.equal((second.problem.stored as { draftId: string }).draftId, first.json.draftId)
  assert.equal((await create('Ma réponse')).json.draftId, first.json.draftId, 'the same text is no conflict')
  const theirs = await create('De l’autre côté', adviser)
  assert.equal(theirs.status, 201)

  const shown = await practitioner.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
  assert.equal(shown.draft?.text, 'Ma réponse')
  const other = await adviser.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
  assert.equal(other.draft?.text, 'De l’autre côté')

  await practitioner.do('POST /api/exchanges/:exchangeId/messages', {
    params: { exchangeId },
    body: { text: 'Ma réponse', draftId: first.json.draftId },
  })
  const after = await practitioner.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
  assert.equal(after.draft, null)
  assert.ok((await adviser.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })).draft, 'theirs stays')
})

test('sent from a draft: the patient is the draft’s, the draft is gone, a retry gets its answer', async () => {
  const { draftId } = await begin('Texte')
  // The patient in hand has expired meanwhile; the draft knows whom it concerns.
  await world.database.sql('delete from medical.patient_in_hand')
  const body = { draftId, patientId: crypto.randomUUID(), motif: 'ALD', subject: 'Objet', text: 'Texte' }
  const key = crypto.randomUUID()
  const first = await practitioner.do('POST /api/exchanges', { body, key })
  assert.equal((await practitioner.call('GET /api/drafts/:draftId', { params: { draftId } })).code, 'draft-not-found')
  assert.deepEqual(await practitioner.do('POST /api/exchanges', { body, key }), first)
  const later = await practitioner.call('POST /api/exchanges', { body })
  assert.equal(later.code, 'patient-required', 'a new key: there is no patient any more')
})

test('a refused sending keeps the draft', async () => {
  const { draftId } = await begin('Texte')
  const answer = await practitioner.call('POST /api/exchanges', {
    body: { draftId, motif: 'DAP-BAR', subject: 'Objet', text: 'Texte' },
  })
  assert.equal(answer.code, 'motif-unknown')
  assert.equal((await read(draftId)).content.text, 'Texte')
})

test('a draft survives the session and is there in another browser', async () => {
  const somebody = await world.practitioner()
  const first = await world.signIn(somebody)
  const { draftId } = await first.do('POST /api/drafts', {
    body: { patientId: await identify(first), content: content('Demain') },
  })
  await first.do('POST /api/session/sign-out')
  const second = await world.signIn(somebody)
  const draft = await second.do('GET /api/drafts/:draftId', { params: { draftId } })
  assert.equal(draft.content.text, 'Demain')
})

test('an adviser’s draft names the practitioner it is for', async () => {
  const somebody = await world.practitioner()
  const { draftId } = await adviser.do('POST /api/drafts', {
    body: { patientId: await identify(adviser), content: content('Texte', { practiceBoxId: somebody.boxIds[0] }) },
  })
  const draft = await adviser.do('GET /api/drafts/:draftId', { params: { draftId } })
  assert.match(draft.practitionerLabel ?? '', /^Dr Essai FICTIF.*, CABINET/)
})
