// The judge of the campaign is judged: each thing that a crash could spoil is spoilt by hand, and must be found.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '../../src/platform/database/database.ts'
import { asRole } from '../integration/postgres.ts'
import { freePort } from './free-port.ts'
import { createGate, Ended } from './gate.ts'
import { createInstallation } from './installation.ts'
import { createLedger } from './ledger.ts'
import { somebody } from './people.ts'
import { createRandom } from './random.ts'
import { verify } from './verify.ts'
import { tellStories } from './writers.ts'

const LAST = '(select message_id from medical.message where seq > 1 order by sent_at desc limit 1)'
const SPOILT: [string, string, RegExp][] = [
  ['a message is gone', `delete from medical.message where message_id = ${LAST}`, /message \d+ of exchange .* is lost/],
  [
    'a message is altered',
    `update medical.message set body = set_byte(body, 20, get_byte(body, 20) # 1) where message_id = ${LAST}`,
    /cannot be opened/,
  ],
  [
    'a message is in the hands of somebody else',
    `update medical.message set author = (select person_id from portal.person where person_id <> author limit 1)
     where message_id = (select message_id from medical.message where seq = 1 limit 1)`,
    /is not where, or whose/,
  ],
  [
    'a counter lies',
    'update medical.box_entry set unread = not unread where exchange_id = (select exchange_id from medical.exchange limit 1)',
    /lies in .*, not in/,
  ],
  [
    'a notice is gone',
    "delete from portal.outbox where exchange_id = (select exchange_id from medical.message where side = 'desk' limit 1)",
    /told of by no mail|belongs to no notice/,
  ],
  ['a draft went back', 'update medical.draft set version = version - 1', /version \d+ of draft .* is lost/],
  [
    'an answer is forgotten',
    'delete from portal.idempotency where key = (select key from portal.idempotency limit 1)',
    /is not kept/,
  ],
  [
    'an event is gone',
    "delete from trace.event where type = 'exchange.written' and seq = (select max(seq) from trace.event where type = 'exchange.written')",
    /trace: .*|0 events tell of/,
  ],
]

test('what is whole is found whole, and each thing spoilt is found', async (t) => {
  const installation = await createInstallation(await freePort())
  try {
    await installation.start()
    const database = openDatabase(installation.connection(), { medical: 1, administrative: 1 })
    const practitioner = await somebody(database, installation.url, 'practice', 1)
    const adviser = await somebody(database, installation.url, 'desk', 2)
    await database.close()
    const ledger = createLedger()
    const gate = createGate(1)
    const story = tellStories({ ledger, gate, random: createRandom(7) }, practitioner, adviser)
    const ended = assert.rejects(story, Ended)
    // The act under way when the gate shuts may be the end of the only draft: everything to spoil must be at rest.
    for (;;) {
      while (ledger.messages.size < 40 || ledger.drafts.size < 1) await sleep(20)
      await gate.shut(10_000)
      if (ledger.drafts.size > 0) break
      gate.open()
    }
    const found = () => verify(installation, ledger, [practitioner, adviser])
    assert.deepEqual((await found()).faults, [])
    for (const [name, sql, sentence] of SPOILT)
      await t.test(name, async () => {
        const before = (await found()).faults
        await asRole(installation.connection(), 'owner', (client) => client.query(sql))
        const faults = (await found()).faults.filter((fault) => !before.includes(fault))
        assert.ok(
          faults.some((fault) => sentence.test(fault)),
          JSON.stringify(faults),
        )
      })
    gate.end()
    await ended
  } finally {
    await installation.close()
  }
})
