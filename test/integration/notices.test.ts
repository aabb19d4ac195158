// The e-mail that says that an exchange exists: when it leaves, when it does not, and that it is never lost.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from './client.ts'
import { eventually, openExchange, startWorld, type World } from './harness.ts'

const MINUTE = 60_000
let world: World
let practitioner: Client
let adviser: Client
before(async () => {
  world = await startWorld({ outboxPollMs: 50 })
})
after(() => world.stop())
beforeEach(async () => {
  world.mailer.behave = () => {}
  world.mailer.sent.length = 0
  practitioner = await world.signIn(await world.practitioner())
  adviser = await world.signIn(await world.staff())
})

const answer = (exchangeId: string, client = adviser) =>
  client.do('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId }, body: { text: 'Texte' } })
const read = (exchangeId: string, client = practitioner) =>
  client.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
const noticesOf = (exchangeId: string) =>
  world.database.sql<{ outbox_id: string; done: boolean; attempts: number }>(
    'select outbox_id, done_at is not null as done, attempts from portal.outbox where exchange_id = $1 order by created_at',
    [exchangeId],
  )
/** Long enough for several looks of the worker. */
const quiet = () => sleep(250)

test('leaves within a second of the commit', async () => {
  const exchangeId = await openExchange(practitioner)
  const began = performance.now()
  await answer(exchangeId)
  await world.mailer.until(1, 1000)
  assert.ok(performance.now() - began < 1000)
})

test('says that an exchange exists and nothing of it; bare addresses', async () => {
  const subject = world.canary('objet')
  const exchangeId = await openExchange(practitioner, { subject })
  await answer(exchangeId)
  const [mail] = await world.mailer.until(1)
  assert.match(mail!.to, /^praticien-\d+@praticien\.example$/)
  assert.ok(mail!.html.includes(`${world.url}/echanges/${exchangeId}`))
  for (const hidden of [subject, 'ALD', 'Affection', '2 84', 'FICTIF'])
    assert.ok(!JSON.stringify(mail).includes(hidden), hidden)
})

test('none within ten minutes while unread, then one; and one at once after a reading', async () => {
  const exchangeId = await openExchange(practitioner)
  await answer(exchangeId)
  await world.mailer.until(1)
  await eventually(async () => (await noticesOf(exchangeId))[0]?.done === true)
  world.clock.advance(9 * MINUTE)
  await answer(exchangeId)
  await quiet()
  assert.equal(world.mailer.sent.length, 1, 'nine minutes')
  world.clock.advance(2 * MINUTE)
  await answer(exchangeId)
  await world.mailer.until(2)
  await eventually(async () => (await noticesOf(exchangeId)).every((notice) => notice.done))
  await answer(exchangeId)
  await quiet()
  assert.equal(world.mailer.sent.length, 2)
  await read(exchangeId)
  await answer(exchangeId)
  await world.mailer.until(3)
  await quiet()
  assert.equal(world.mailer.sent.length, 3)
})

test('the adviser’s own reading, and the practitioner’s messages, bring no notice and change nothing', async () => {
  const exchangeId = await openExchange(practitioner)
  await answer(exchangeId)
  await world.mailer.until(1)
  await read(exchangeId, adviser)
  await answer(exchangeId)
  await answer(exchangeId, practitioner)
  await quiet()
  assert.equal(world.mailer.sent.length, 1)
})

test('advisers who write at once bring one notice', async () => {
  const exchangeId = await openExchange(practitioner)
  await Promise.all(Array.from({ length: 10 }, () => answer(exchangeId)))
  await world.mailer.until(1)
  await quiet()
  assert.equal(world.mailer.sent.length, 1)
})

test('a practitioner without an address: « non prévenu », then told once of everything when there is one', async () => {
  const somebody = await world.signIn(await world.practitioner({ email: null }))
  const exchangeId = await openExchange(somebody)
  await answer(exchangeId)
  assert.equal((await read(exchangeId, adviser)).notice, 'noAddress')
  world.clock.advance(20 * MINUTE)
  await answer(exchangeId)
  world.clock.advance(5 * 60 * MINUTE)
  adviser = await world.signIn(await world.staff())
  await answer(exchangeId)
  assert.equal(world.mailer.sent.length, 0)
  const again = await world.signIn({ ...(await personOf(exchangeId)), side: 'practice' })
  await again.do('PUT /api/account/email', { body: { email: 'enfin@praticien.example' } })
  const [mail] = await world.mailer.until(1)
  assert.equal(mail?.to, 'enfin@praticien.example')
  await quiet()
  assert.equal(world.mailer.sent.length, 1, 'one for all of it')
  const list = await adviser.do('GET /api/exchanges', { query: { folder: 'waiting' } })
  assert.equal(list.rows.find((row) => row.exchangeId === exchangeId)?.notice, 'sent')
})

test('a mail server that refuses: tried again later and later, told as pending, sent once', async () => {
  const exchangeId = await openExchange(practitioner)
  world.mailer.behave = () => {
    throw Object.assign(new Error('451 later'), { responseCode: 451 })
  }
  await answer(exchangeId)
  await eventually(async () => ((await noticesOf(exchangeId))[0]?.attempts ?? 0) >= 1)
  assert.equal((await read(exchangeId, adviser)).notice, 'pending')
  for (const [minutes, attempts] of [
    [1, 2],
    [1, 3],
    [10, 4],
  ] as const) {
    world.clock.advance(minutes * MINUTE)
    await eventually(async () => ((await noticesOf(exchangeId))[0]?.attempts ?? 0) >= attempts)
  }
  // Meanwhile the adviser writes again: the notice that waits tells of it too.
  await answer(exchangeId)
  world.mailer.behave = () => {}
  world.clock.advance(10 * MINUTE)
  await world.mailer.until(1)
  await eventually(async () => (await noticesOf(exchangeId))[0]?.done === true)
  await quiet()
  assert.equal(world.mailer.sent.length, 1)
  assert.equal((await read(exchangeId, adviser)).notice, 'sent')
})

test('a mail server that is slow holds nobody up', async () => {
  const slow = await openExchange(practitioner)
  const other = await world.signIn(await world.practitioner())
  const quick = await openExchange(other)
  let release = () => {}
  world.mailer.behave = (mail) => (mail.text.includes(slow) ? new Promise<void>((done) => (release = done)) : undefined)
  await answer(slow)
  await quiet()
  await answer(quick)
  const [mail] = await world.mailer.until(1)
  assert.ok(mail?.text.includes(quick))
  release()
  await world.mailer.until(2)
})

test('the worker is killed between the server’s acceptance and its record: a second copy, under the same Message-ID', async () => {
  const exchangeId = await openExchange(practitioner)
  world.mailer.behave = () => {
    throw Object.assign(new Error('421 not now'), { responseCode: 421 })
  }
  await answer(exchangeId)
  await eventually(async () => (await noticesOf(exchangeId))[0]?.attempts === 1)

  // Its clock is ahead: what is to be tried again in a moment is due for it alone.
  const parts = { connection: world.database.connection, aheadMs: world.clock.now().getTime() - Date.now() + 5000 }
  const worker = spawn(process.execPath, [join(import.meta.dirname, 'dying-worker.ts'), JSON.stringify(parts)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const accepted = await new Promise<string>((resolve) =>
    worker.stdout.once('data', (chunk) => resolve(`${chunk}`.trim())),
  )
  worker.kill('SIGKILL')
  await new Promise((resolve) => worker.once('exit', resolve))

  world.mailer.behave = () => {}
  world.clock.advance(10_000)
  await quiet()
  assert.equal(world.mailer.sent.length, 0, 'the lease of the dead one still runs')
  world.clock.advance(61_000)
  const [mail] = await world.mailer.until(1)
  assert.equal(mail?.id, accepted)
  await eventually(async () => (await noticesOf(exchangeId))[0]?.done === true)
  world.clock.advance(9 * MINUTE)
  await quiet()
  assert.equal(world.mailer.sent.length, 1, 'and no third')
})

async function personOf(exchangeId: string) {
  const [row] = await world.database.sql<{ person_id: string; activity_id: string; box_id: string }>(
    `select x.practitioner as person_id, b.activity_id, b.box_id from medical.exchange x
     join portal.box b on b.box_id = x.practice_box where exchange_id = $1`,
    [exchangeId],
  )
  return {
    personId: row!.person_id,
    role: 'practitioner',
    activityIds: [row!.activity_id],
    boxIds: [row!.box_id],
    organismIds: [],
  }
}
