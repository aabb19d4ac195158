// The walk of the main job over HTTP, from the identification to the closing.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from './client.ts'
import { eventually, identify, startWorld, type World } from './harness.ts'

let world: World
let practitioner: Client
let adviser: Client
before(async () => {
  world = await startWorld()
  practitioner = await world.signIn(await world.practitioner())
  adviser = await world.signIn(await world.staff())
})
after(() => world.stop())

test('the walk: identify, open, answer, one notice, read with receipt, close', async () => {
  const subject = world.canary('objet')
  const question = world.canary('question')
  const reply = world.canary('avis')

  const found = await practitioner.do('POST /api/patients/identifications', { body: { number: '2 84 05 88 321 025' } })
  assert.equal(found.keyComputed, true)
  assert.equal(found.beneficiaries.length, 3)
  const patientId = found.beneficiaries[0]!.patientId
  const banner = await practitioner.do('GET /api/patients/:patientId', { params: { patientId } })
  assert.equal(banner.nirKey, '32')
  assert.equal(banner.organism.organismId, '01-941')

  const { exchangeId } = await practitioner.do('POST /api/exchanges', {
    body: { patientId, motif: 'ALD', subject, text: question },
  })
  const mine = await practitioner.do('GET /api/exchanges', { query: { folder: 'waiting' } })
  assert.deepEqual(
    mine.rows.map((row) => [row.exchangeId, row.unread, row.state, row.notice]),
    [[exchangeId, false, 'sent', 'none']],
  )
  assert.deepEqual(mine.counters, { todo: 0, waiting: 0, drafts: 0, closed: 0 })

  const desk = await adviser.do('GET /api/exchanges', { query: { folder: 'todo' } })
  assert.equal(desk.counters.todo, 1)
  const [row] = desk.rows
  assert.equal(row?.exchangeId, exchangeId)
  assert.equal(row?.subject, subject)
  assert.equal(row?.unread, true)
  assert.equal(row?.motif.label, 'Affection de longue durée')
  assert.match(row?.practitioner.displayName ?? '', /^Dr Essai FICTIF/)
  assert.match(row?.reference ?? '', /^[0-9A-Z]{4}-[0-9A-Z]{4}$/)

  const read = await adviser.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
  assert.equal(read.side, 'desk')
  assert.deepEqual(
    read.messages.map((message) => [message.text, message.mine, message.readAt]),
    [[question, false, null]],
  )
  assert.deepEqual(read.may, { answer: true, send: true, close: true })
  assert.equal(read.patient.lastName, banner.lastName)
  assert.equal((await adviser.do('GET /api/exchanges/counters')).todo, 0, 'read: no longer unread')

  const answered = await adviser.do('POST /api/exchanges/:exchangeId/messages', {
    params: { exchangeId },
    body: { text: reply },
  })
  assert.equal(answered.seq, 2)
  const [mail, ...more] = await world.mailer.until(1)
  assert.equal(more.length, 0)
  assert.equal(mail?.subject, 'Vous avez reçu un échange médical sécurisé')
  assert.ok(mail?.text.includes(`${world.url}/echanges/${exchangeId}`))

  // Handed over a moment before it is recorded as sent.
  await eventually(async () => {
    const [row] = await world.database.sql<{ done: boolean }>(
      'select done_at is not null as done from portal.outbox where exchange_id = $1',
      [exchangeId],
    )
    return row?.done === true
  })
  const counters = await practitioner.do('GET /api/exchanges/counters')
  assert.deepEqual(counters, { todo: 1, waiting: 0, drafts: 0, closed: 0 })
  const here = await practitioner.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
  assert.equal(here.state, 'answered')
  assert.equal(here.awaits, 'practice')
  assert.equal(here.notice, 'sent')
  assert.deepEqual(
    here.messages.map((message) => message.text),
    [question, reply],
  )
  assert.match(here.messages[0]?.readBy ?? '', /Conseil FICTIF/, 'the adviser has read the question')
  assert.equal(here.messages[1]?.author.role, 'Médecin-conseil')
  assert.deepEqual(here.may, { answer: true, send: true, close: false })

  const receipt = await adviser.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
  assert.ok(receipt.messages[1]?.readAt, 'the other side sees that it was read')
  assert.match(receipt.messages[1]?.readBy ?? '', /^Dr Essai FICTIF/)

  await practitioner.do('POST /api/exchanges/:exchangeId/messages', {
    params: { exchangeId },
    body: { text: 'Merci.' },
  })
  assert.equal((await adviser.do('GET /api/exchanges', { query: { folder: 'todo' } })).rows[0]?.state, 'inProgress')

  const closed = await adviser.do('POST /api/exchanges/:exchangeId/closure', { params: { exchangeId } })
  assert.ok(closed.closedAt)
  for (const side of [practitioner, adviser]) {
    const { rows } = await side.do('GET /api/exchanges', { query: { folder: 'closed' } })
    assert.deepEqual(
      rows.map((r) => [r.exchangeId, r.state]),
      [[exchangeId, 'closed']],
    )
    const after = await side.call('POST /api/exchanges/:exchangeId/messages', {
      params: { exchangeId },
      body: { text: 'Encore' },
    })
    assert.deepEqual([after.status, after.code], [409, 'exchange-closed'])
  }
  const again = await adviser.call('POST /api/exchanges/:exchangeId/closure', { params: { exchangeId } })
  assert.deepEqual([again.status, again.code], [409, 'exchange-closed'])
})

test('an adviser opens an exchange: the practitioner is found, told, and answers', async () => {
  const somebody = await world.practitioner({ places: 2 })
  const client = await world.signIn(somebody, { place: 1 })
  const before = world.mailer.sent.length
  const { person, place } = await client.do('GET /api/session')
  const name = person!.displayName.split(' ').at(-1)!
  const { practitioners } = await adviser.do('POST /api/practitioners/search', { body: { query: name.slice(0, 12) } })
  assert.equal(practitioners.length, 2, 'a line per place')
  assert.deepEqual(
    practitioners.map((line) => line.practiceBoxId),
    somebody.boxIds,
  )
  const byRpps = await adviser.do('POST /api/practitioners/search', { body: { query: practitioners[0]!.rpps } })
  assert.equal(byRpps.practitioners.length, 2)

  const { exchangeId } = await adviser.do('POST /api/exchanges', {
    body: {
      patientId: await identify(adviser),
      motif: 'ARRET',
      subject: 'Durée',
      text: 'Pouvez-vous préciser ?',
      practiceBoxId: somebody.boxIds[1],
    },
  })
  await world.mailer.until(before + 1)
  const { rows, counters } = await client.do('GET /api/exchanges', { query: { folder: 'todo' } })
  assert.equal(counters.todo, 1)
  assert.deepEqual(
    rows.map((row) => [row.exchangeId, row.practitioner.place]),
    [[exchangeId, place!.name]],
  )
  await client.do('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId }, body: { text: 'Voici.' } })
  const read = await adviser.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
  assert.deepEqual(
    read.messages.map((message) => [message.side, message.text]),
    [
      ['desk', 'Pouvez-vous préciser ?'],
      ['practice', 'Voici.'],
    ],
  )
})

test('the patient of an exchange is taken in hand for another one', async () => {
  const exchangeId = (
    await practitioner.do('POST /api/exchanges', {
      body: { patientId: await identify(practitioner), motif: 'LPP', subject: 'Un', text: 'Un' },
    })
  ).exchangeId
  const { patientId } = await practitioner.do('POST /api/exchanges/:exchangeId/patient', { params: { exchangeId } })
  const banner = await practitioner.do('GET /api/patients/:patientId', { params: { patientId } })
  assert.equal(banner.nirKey, '32')
  await practitioner.do('POST /api/exchanges', { body: { patientId, motif: 'LPP', subject: 'Deux', text: 'Deux' } })
})
