// Two workers, whose clocks are two seconds apart, and a mail server that takes longer than a lease: what a living worker is at stays its own.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '../../src/platform/database/database.ts'
import { createLog } from '../../src/platform/log.ts'
import { createOutbox, type Outbox } from '../../src/platform/outbox/outbox.ts'
import { composeNotice } from '../../src/services/exchanges/notice.ts'
import { eventually, openExchange, startWorld, type World } from '../integration/harness.ts'

let world: World
before(async () => {
  world = await startWorld({ outboxPollMs: 1_000_000 })
})
after(() => world?.stop())

test('a mail that takes four leases is handed over once; one whose worker dies is taken up after one', async () => {
  const practitioner = await world.signIn(await world.practitioner())
  // Due in five minutes only, so that the world's own worker leaves it to these two, whose clock is ahead.
  const exchangeId = await openExchange(practitioner)
  await world.database.sql(
    `insert into portal.outbox (outbox_id, kind, person_id, exchange_id, created_at, due_at)
     select gen_random_uuid(), 'exchange', practitioner, exchange_id, now(), now() + interval '5 minutes'
     from medical.exchange where exchange_id = $1`,
    [exchangeId],
  )
  const database = openDatabase(world.database.connection, { medical: 1, administrative: 4 })
  const taken: string[] = []
  const ends: (() => void)[] = []
  const worker = (name: string, behindMs: number): Outbox =>
    createOutbox({
      database,
      clock: { now: () => new Date(world.clock.now().getTime() + 5 * 60_000 + 10_000 - behindMs) },
      log: createLog('silent'),
      compose: (notice) => composeNotice(world.url, notice),
      mailer: {
        send() {
          taken.push(name)
          return new Promise((resolve) => ends.push(resolve))
        },
        close: async () => {},
      },
      pollMs: 40,
      leaseMs: 400,
    })
  const one = worker('one', 0)
  const other = worker('other', 2000)
  one.start()
  await eventually(() => taken.length === 1)
  other.start()
  await sleep(1600)
  assert.deepEqual(taken, ['one'])

  // The first worker says nothing more: the other takes it up.
  const stopping = one.stop()
  await eventually(() => taken.length === 2, 6000)
  assert.deepEqual(taken, ['one', 'other'])
  for (const end of ends) end()
  await stopping
  await other.stop()
  const [row] = await world.database.sql<{ done: boolean }>(
    'select done_at is not null as done from portal.outbox where exchange_id = $1',
    [exchangeId],
  )
  assert.equal(row?.done, true)
  await database.close()
})
