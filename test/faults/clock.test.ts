// The server's clock jumps an hour forward, and back.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { verifyTrace } from '../../src/platform/trace/verify.ts'
import type { Client } from '../integration/client.ts'
import { eventually, identify, openExchange, type Someone, startWorld, type World } from '../integration/harness.ts'
import { assertKept, send } from './writing.ts'

const HOUR = 3_600_000
let world: World
let someone: Someone
let colleague: Someone
let practitioner: Client
let adviser: Client
before(async () => {
  world = await startWorld({ outboxPollMs: 50 })
  someone = await world.practitioner()
  colleague = await world.staff()
  practitioner = await world.signIn(someone)
  adviser = await world.signIn(colleague)
})
after(() => world?.stop())

const SESSION_OVER = 'Votre session est fermée ou expirée. Reconnectez-vous pour continuer.'

test('an hour forward: the session is over and says so; signed in again, everything is there and goes on', async () => {
  const exchangeId = await openExchange(practitioner)
  const patientId = await identify(practitioner)
  const content = { motif: 'ALD', subject: 'Objet', text: 'Texte commencé', practiceBoxId: null }
  const { draftId } = await practitioner.do('POST /api/drafts', { body: { patientId, content } })
  const first = await send(practitioner, exchangeId, 'Avant le saut')

  world.clock.advance(HOUR)
  const refused = await practitioner.call('PUT /api/drafts/:draftId', {
    params: { draftId },
    body: { version: 1, content: { ...content, text: 'Texte continué' } },
  })
  assert.deepEqual([refused.status, refused.code, refused.problem.title], [401, 'session-required', SESSION_OVER])

  const again = await world.signIn(someone)
  const back = await world.signIn(colleague)
  const saved = await again.do('PUT /api/drafts/:draftId', {
    params: { draftId },
    body: { version: 1, content: { ...content, text: 'Texte continué' } },
  })
  assert.equal(saved.version, 2)
  const second = await send(again, exchangeId, 'Après le saut')
  const third = await send(back, exchangeId, 'Réponse après le saut')
  await world.mailer.until(1)
  // The patient in hand is kept for a day’s work: an hour does not lose it.
  await again.do('POST /api/exchanges', { body: { patientId, motif: 'ALD', subject: 'Objet', text: 'Texte' } })

  world.clock.advance(-HOUR)
  // The sessions opened an hour ahead go on, and so do those of before.
  const fourth = await send(again, exchangeId, 'Après le retour')
  const fifth = await send(adviser, exchangeId, 'Réponse après le retour')
  await assertKept(practitioner, exchangeId, [first, second, third, fourth, fifth])
  const { rows } = await practitioner.do('GET /api/exchanges', { query: { folder: 'todo' } })
  assert.ok(rows.some((row) => row.exchangeId === exchangeId))
  const { drafts } = await practitioner.do('GET /api/drafts')
  assert.deepEqual(
    drafts.map((draft) => [draft.version, draft.content.text]),
    [[2, 'Texte continué']],
  )
  await eventually(async () => {
    const [left] = await world.database.sql<{ n: string }>(
      'select count(*) as n from portal.outbox where done_at is null',
    )
    return Number(left?.n) === 0
  })
  assert.deepEqual((await verifyTrace(world.server.database.administrative)).faults, [])
})

test('who was enrolled while the clock was ahead has their rights when it is put right', async () => {
  world.clock.advance(HOUR)
  const early = await world.signIn(await world.practitioner())
  const desk = await world.signIn(await world.staff())
  const exchangeId = await openExchange(early)
  world.clock.advance(-HOUR)
  const sent = await send(early, exchangeId, 'À l’heure juste')
  await assertKept(desk, exchangeId, [sent])
})

test('a notice put off while the clock was ahead leaves when it is put right, once', async () => {
  const exchangeId = await openExchange(practitioner)
  const before = world.mailer.sent.length
  world.clock.advance(HOUR)
  const desk = await world.signIn(colleague)
  world.mailer.behave = () => {
    throw Object.assign(new Error('451 later'), { responseCode: 451 })
  }
  await send(desk, exchangeId, 'Réponse en avance')
  await eventually(async () => {
    const [row] = await world.database.sql<{ attempts: number }>(
      'select attempts from portal.outbox where exchange_id = $1',
      [exchangeId],
    )
    return (row?.attempts ?? 0) >= 1
  })
  world.clock.advance(-HOUR)
  world.mailer.behave = () => {}
  await world.mailer.until(before + 1, 5000)
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.equal(world.mailer.sent.filter((mail) => mail.text.includes(exchangeId)).length, 1)
})
