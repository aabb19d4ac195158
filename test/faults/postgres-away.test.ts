// PostgreSQL is stopped, killed, or out of reach while people write: they are told so, and it mends itself.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { verifyTrace } from '../../src/platform/trace/verify.ts'
import type { Client } from '../integration/client.ts'
import { eventually, identify, openExchange, startWorld, type World } from '../integration/harness.ts'
import { embeddedServer } from '../integration/postgres.ts'
import { assertKept, assertUnavailable, type Sent, send } from './writing.ts'

let world: World
let practitioner: Client
let adviser: Client
before(async () => {
  world = await startWorld()
  practitioner = await world.signIn(await world.practitioner())
  adviser = await world.signIn(await world.staff())
})
after(() => world?.stop())

const ways: [string, () => Promise<() => void>][] = [
  ['stopped in order, then started', () => signal('SIGINT')],
  ['killed, then started', () => signal('SIGKILL')],
  ['stopped at once, without a checkpoint', () => signal('SIGQUIT')],
  [
    'out of reach for two seconds',
    async () => {
      world.database.line.cut()
      const timer = setTimeout(() => world.database.line.restore(), 2000)
      return () => clearTimeout(timer)
    },
  ],
]

/** Its supervisor starts it again, within a second or so. */
async function signal(name: NodeJS.Signals) {
  const { pid } = (await embeddedServer())!
  process.kill(pid, name)
  return () => {}
}

for (const [way, strike] of ways) {
  test(`${way}: the writers are told, nothing is lost or doubled, screens look again`, async () => {
    const exchangeId = await openExchange(practitioner)
    const stream = await practitioner.live()
    const mailsBefore = world.mailer.sent.length
    const sent: Sent[] = []
    let struck = false
    const writer = async (client: Client, name: string) => {
      for (let n = 0; n < 10 || !struck; n++) sent.push(await send(client, exchangeId, `${name} ${n}`))
    }
    const writers = [0, 1, 2, 3].map((n) => writer(n % 2 === 0 ? practitioner : adviser, `Écrivain ${n}, texte`))
    await sleep(150)
    const done = await strike()

    // What somebody sees who comes just then: not an error page, not an endless wait, and not a closed session.
    await eventually(async () => (await world.stranger().raw('GET', '/api/health')).status === 503)
    const began = performance.now()
    const seen = await practitioner.call('GET /api/exchanges', { query: { folder: 'todo' } })
    if (seen.status !== 200) assertUnavailable(seen)
    assert.ok(performance.now() - began < 6000)

    await stream.next(({ event }) => event === 'resync', 15_000)
    await eventually(async () => (await world.stranger().raw('GET', '/api/health')).status === 200, 15_000)
    struck = true
    await Promise.all(writers)
    done()
    assert.ok(sent.some(({ refusals }) => refusals > 0))
    await assertKept(adviser, exchangeId, sent)
    assert.equal((await practitioner.do('GET /api/exchanges/counters')).drafts, 0, 'the same session goes on')

    await send(adviser, exchangeId, 'Après')
    await stream.next(({ event }) => event === 'change', 3000)
    stream.close()
    await world.mailer.until(mailsBefore + 1, 10_000)
    const ids = world.mailer.sent.map((mail) => mail.id)
    assert.equal(new Set(ids).size, ids.length, 'no mail left twice')
    assert.deepEqual((await verifyTrace(world.server.database.administrative)).faults, [])
  })
}

test('drafts: a saving that was not answered is saved once; the text comes back', async () => {
  const patientId = await identify(practitioner)
  const content = (text: string) => ({ motif: null, subject: '', text, practiceBoxId: null })
  const { draftId } = await practitioner.do('POST /api/drafts', { body: { patientId, content: content('un') } })
  world.database.line.swallowAnswers()
  const saving = practitioner.call('PUT /api/drafts/:draftId', {
    params: { draftId },
    body: { version: 1, content: content('deux') },
  })
  await sleep(300)
  world.database.line.restore()
  assertUnavailable(await saving)
  const again = await practitioner.do('PUT /api/drafts/:draftId', {
    params: { draftId },
    body: { version: 1, content: content('deux') },
  })
  assert.equal(again.version, 2)
  const { drafts } = await practitioner.do('GET /api/drafts')
  assert.deepEqual(
    drafts.map((draft) => [draft.draftId, draft.version, draft.content.text]),
    [[draftId, 2, 'deux']],
  )
})
