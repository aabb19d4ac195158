// The notice by real SMTP, against a mail server that refuses, dawdles and hangs up.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type MailBox, startMailBox } from '../../simulators/mail-box/start.ts'
import type { Client } from './client.ts'
import { eventually, freePort, openExchange, startWorld, type World } from './harness.ts'

let world: World
let box: MailBox
let practitioner: Client
let adviser: Client
before(async () => {
  box = await startMailBox({ port: await freePort(), smtpPort: await freePort() })
  world = await startWorld({ mailer: 'smtp', environment: { CONSILIUM_SMTP_URL: box.smtpUrl }, outboxPollMs: 50 })
  practitioner = await world.signIn(await world.practitioner())
  adviser = await world.signIn(await world.staff())
})
after(async () => {
  await world.stop()
  await box.close()
})

const answer = async () => {
  const exchangeId = await openExchange(practitioner)
  await adviser.do('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId }, body: { text: 'Texte' } })
  return exchangeId
}
const done = (exchangeId: string) => async () => {
  const [row] = await world.database.sql('select done_at from portal.outbox where exchange_id = $1', [exchangeId])
  return row?.done_at != null
}

test('reaches the mail box within a second: subject, link, bare addresses, nothing more in the headers', async () => {
  const subject = world.canary('objet')
  const exchangeId = await openExchange(practitioner, { subject })
  const began = performance.now()
  await adviser.do('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId }, body: { text: 'Texte' } })
  await eventually(() => box.messages().length === 1, 1000)
  assert.ok(performance.now() - began < 1000)
  const [mail] = box.messages()
  assert.equal(mail?.subject, 'Vous avez reçu un échange médical sécurisé')
  assert.ok(mail?.text.includes(`${world.url}/echanges/${exchangeId}`))
  assert.ok(mail?.html.includes(`${world.url}/echanges/${exchangeId}`))
  assert.deepEqual(mail?.headers.map((header) => header.name).toSorted(), [
    'auto-submitted',
    'content-type',
    'date',
    'from',
    'message-id',
    'mime-version',
    'subject',
    'to',
  ])
  assert.match(mail!.headers.find((header) => header.name === 'to')!.value, /^praticien-\d+@praticien\.example$/)
  assert.equal(mail!.headers.find((header) => header.name === 'from')!.value, 'ne-pas-repondre@consilium.example')
  for (const hidden of [subject, 'FICTIF', 'ALD']) assert.ok(!mail!.raw.includes(hidden))
  await eventually(done(exchangeId))
})

const faults = ['refuse', 'drop', 'dropAfterKeeping'] as const
for (const kind of faults) {
  test(`${kind}: tried again until it arrives, always under the same Message-ID`, async () => {
    box.clear()
    box.setFault({ kind })
    const before = box.attempts()
    const exchangeId = await answer()
    await eventually(() => box.attempts() > before && (kind !== 'dropAfterKeeping' || box.messages().length > 0))
    assert.equal(await done(exchangeId)(), false)
    box.setFault({ kind: 'none' })
    for (let i = 0; i < 10 && !(await done(exchangeId)()); i++) {
      world.clock.advance(60_000)
      await eventually(done(exchangeId), 1500).catch(() => {})
    }
    assert.equal(await done(exchangeId)(), true)
    const copies = box.messages().filter((mail) => mail.text.includes(exchangeId))
    assert.equal(copies.length, kind === 'dropAfterKeeping' ? 2 : 1)
    assert.equal(new Set(copies.map((mail) => mail.messageId)).size, 1)
  })
}

test('slow: waited for, sent once', async () => {
  box.clear()
  box.setFault({ kind: 'slow', delayMs: 800 })
  const exchangeId = await answer()
  await eventually(done(exchangeId), 5000)
  assert.equal(box.messages().length, 1)
  box.setFault({ kind: 'none' })
})
