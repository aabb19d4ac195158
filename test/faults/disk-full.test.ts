// The disk of PostgreSQL is full while people write: they are told, nothing is lost, and room is all it needs.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { openDatabase, settingsFor } from '../../src/platform/database/database.ts'
import { verifyTrace } from '../../src/platform/trace/verify.ts'
import { freePort } from '../crash/free-port.ts'
import { createInstallation, type Installation } from '../crash/installation.ts'
import { type Person, somebody } from '../crash/people.ts'
import { eventually, openExchange } from '../integration/harness.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'
import { assertKept, assertUnavailable, type Sent, send } from './writing.ts'

const closing: (() => unknown)[] = []
after(async () => {
  for (const close of closing.reverse()) await close()
})

/** Kilobytes each, and no two alike: room is used up quickly. */
const text = (n: string) => `${n} ${Array.from({ length: 250 }, () => crypto.randomUUID()).join(' ')}`

test('the disk is full, then has room again', async (t) => {
  const disk = mountSmallDisk(180)
  if ('refused' in disk) {
    console.error(
      `\n!!! SKIPPED: the disk of PostgreSQL was NOT filled, nothing can be mounted here (${disk.refused}) !!!\n`,
    )
    return t.skip(`nothing can be mounted here: ${disk.refused}`)
  }
  closing.push(disk.unmount)
  const installation = await createInstallation(await freePort(), { folder: join(disk.folder, 'data') })
  closing.push(installation.close)
  await installation.start()
  const { practitioner, adviser } = await people(installation)
  const exchangeId = await openExchange(practitioner.client)
  const sent: Sent[] = [await send(practitioner.client, exchangeId, text('Avant'))]
  const server = installation.server()

  await t.test('tables cannot grow: told as unavailable, the rest goes on', () => fillAndWrite(disk, async () => {}))
  await t.test('the journal cannot grow: PostgreSQL stops, and comes back', () =>
    fillAndWrite(disk, () => useUpJournal(installation)),
  )
  assert.match(installation.printed(), /the embedded PostgreSQL does not start.*No space left on device/s)

  async function fillAndWrite(disk: SmallDisk, meanwhile: () => Promise<void>): Promise<void> {
    disk.fill()
    let refused = 0
    let over = false
    const writer = async (person: Person, name: string) => {
      for (let n = 0; !over; n++) {
        const words = text(`${name}, ${n}`)
        const key = crypto.randomUUID()
        // A key serves until it is answered, however long the disk stays full.
        for (;;) {
          const answer = await person.client.call('POST /api/exchanges/:exchangeId/messages', {
            params: { exchangeId },
            body: { text: words },
            key,
          })
          if (answer.status === 201) {
            sent.push({ text: words, ...answer.json, refusals: 0, lost: 0, longestMs: 0 })
            break
          }
          assertUnavailable(answer)
          refused++
          await sleep(50)
        }
      }
    }
    const round = crypto.randomUUID()
    const writers = [practitioner, adviser].map((person, n) => writer(person, `${round} ${n}`))
    const settled = Promise.all(writers)
    settled.catch(() => {})
    await Promise.race([
      settled,
      (async () => {
        await meanwhile()
        await eventually(() => refused >= 10, 60_000)
        // It lasts: every second, somebody tries to start what cannot start.
        await sleep(2500)
      })(),
    ])
    assert.equal(server.ended, undefined, 'the server outlives it')
    disk.free()
    await installation.healthy(40_000)
    over = true
    await settled
    await send(adviser.client, exchangeId, text(`${round} après`)).then((one) => sent.push(one))
    await assertKept(practitioner.client, exchangeId, sent)
  }

  const database = openDatabase(installation.connection(), { medical: 1, administrative: 1 })
  closing.push(() => database.close())
  assert.deepEqual((await verifyTrace(database.administrative)).faults, [])
  assert.ok(!installation.printed().includes('unforeseen fault'))
  await eventually(() => installation.mailBox.messages().length >= 1, 15_000)
})

async function people(installation: Installation) {
  const database = openDatabase(installation.connection(), { medical: 1, administrative: 1 })
  try {
    return {
      practitioner: await somebody(database, installation.url, 'practice', 1),
      adviser: await somebody(database, installation.url, 'desk', 2),
    }
  } finally {
    await database.close()
  }
}

/** Writes into the journal alone, megabyte by megabyte, until a new segment finds no room: PostgreSQL then gives up. */
async function useUpJournal(installation: Installation): Promise<void> {
  const client = new pg.Client(settingsFor(installation.connection(), 'owner'))
  client.on('error', () => {})
  await client.connect()
  try {
    for (let n = 0; n < 200; n++)
      await client.query("select pg_logical_emit_message(true, 'test', repeat('x', 1000000))")
  } catch {
    return
  } finally {
    await client.end().catch(() => {})
  }
  throw new Error('the journal never ran out of room')
}
