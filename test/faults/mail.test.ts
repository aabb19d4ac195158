// The mail server fails in every way: the adviser's answer is taken at once all the same, it is shown whether the
// practitioner was told, and the notice leaves by itself.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type MailBox, type MailFault, startMailBox } from '../../simulators/mail-box/start.ts'
import type { Client } from '../integration/client.ts'
import { eventually, freePort, openExchange, startWorld, type World } from '../integration/harness.ts'

let world: World
let box: MailBox
let ports: { port: number; smtpPort: number }
let practitioner: Client
let adviser: Client
before(async () => {
  ports = { port: await freePort(), smtpPort: await freePort() }
  box = await startMailBox(ports)
  world = await startWorld({ mailer: 'smtp', environment: { CONSILIUM_SMTP_URL: box.smtpUrl }, outboxPollMs: 50 })
  practitioner = await world.signIn(await world.practitioner())
  adviser = await world.signIn(await world.staff())
})
after(async () => {
  await world?.stop()
  await box?.close()
})

/** What goes wrong, whether it went wrong yet, and how many copies it explains. */
type Fault = { begin(): Promise<void>; struck(): boolean; end(): Promise<void>; copies?: [number, number] }
function fault(kind: MailFault): Fault {
  let before = 0
  return {
    async begin() {
      before = box.attempts()
      box.setFault(kind)
    },
    struck: () => box.attempts() > before && (kind.kind !== 'dropAfterKeeping' || box.messages().length > 0),
    end: async () => box.setFault({ kind: 'none' }),
  }
}
const faults: [string, Fault][] = [
  ['refuses every recipient', fault({ kind: 'refuse' })],
  ['hangs up in the middle of a message', fault({ kind: 'drop' })],
  ['keeps the message and hangs up before saying so', { ...fault({ kind: 'dropAfterKeeping' }), copies: [2, 10] }],
  ['takes two seconds', fault({ kind: 'slow', delayMs: 2000 })],
  [
    'is not there',
    {
      begin: () => box.close(),
      struck: () => /ECONNREFUSED|ESOCKET/.test(world.logs()),
      end: async () => {
        box = await startMailBox(ports)
      },
    },
  ],
]
for (const [name, { begin, struck, end, copies: [least, most] = [1, 1] }] of faults) {
  test(`the mail server ${name}`, async () => {
    const exchangeId = await openExchange(practitioner)
    await begin()
    const began = performance.now()
    await adviser.do('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId }, body: { text: 'Réponse' } })
    assert.ok(performance.now() - began < 1500, 'the adviser does not wait for the mail')
    const notice = async () => (await adviser.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })).notice
    assert.equal(await notice(), 'pending')
    assert.equal((await practitioner.do('GET /api/exchanges/counters')).todo > 0, true, 'the portal shows it anyway')
    await eventually(struck, 10_000)
    await end()
    // One, two, four seconds: it comes back by itself.
    await eventually(async () => (await notice()) === 'sent', 15_000)
    const mails = box.messages().filter((mail) => mail.text.includes(exchangeId))
    assert.ok(mails.length >= least && mails.length <= most, `${mails.length} copies`)
    assert.equal(new Set(mails.map((mail) => mail.messageId)).size, 1)
    box.clear()
  })
}

test('PostgreSQL is away when a mail has been taken: recorded when it is back, no second copy', async () => {
  const exchangeId = await openExchange(practitioner)
  box.setFault({ kind: 'slow', delayMs: 500 })
  const attempts = box.attempts()
  await adviser.do('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId }, body: { text: 'Réponse' } })
  await eventually(() => box.attempts() > attempts)
  world.database.line.cut()
  await eventually(() => box.messages().some((mail) => mail.text.includes(exchangeId)))
  await eventually(() => world.logs().includes('notice not recorded'))
  box.setFault({ kind: 'none' })
  world.database.line.restore()
  await eventually(async () => {
    const [row] = await world.database.sql<{ done: boolean }>(
      'select done_at is not null as done from portal.outbox where exchange_id = $1',
      [exchangeId],
    )
    return row?.done === true
  }, 5000)
  world.clock.advance(3_600_000)
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.equal(box.messages().filter((mail) => mail.text.includes(exchangeId)).length, 1)
})
