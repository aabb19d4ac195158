// `npm start`, as the host runs it: killed and started again, started twice, on a port that is taken.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '../../src/platform/database/database.ts'
import { freePort } from '../crash/free-port.ts'
import { createInstallation, type Installation, type ServerProcess } from '../crash/installation.ts'
import { somebody } from '../crash/people.ts'
import { eventually, openExchange } from '../integration/harness.ts'
import { assertKept, send } from './writing.ts'

const closing: (() => unknown)[] = []
// Making a data folder takes a second: the tests take turns on this one.
let here: Installation
before(async () => {
  here = await createInstallation(await freePort())
})
after(() => here?.close())
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  const server = here.server()
  server.kill('SIGKILL')
  await server.end
})

async function ended(server: ServerProcess, withinMs = 60_000): Promise<string> {
  return Promise.race([
    server.end,
    sleep(withinMs, undefined, { ref: false }).then(() => assert.fail('the process did not end')) as Promise<never>,
  ])
}

async function take(port: number): Promise<void> {
  const server: Server = createServer()
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
}

test('kill -9, then start: PostgreSQL is adopted, sessions and messages are there, writing goes on', async () => {
  const first = await here.start()
  const database = openDatabase(here.connection(), { medical: 1, administrative: 1 })
  closing.push(() => database.close())
  const practitioner = await somebody(database, here.url, 'practice', 1)
  const adviser = await somebody(database, here.url, 'desk', 2)
  const exchangeId = await openExchange(practitioner.client)
  const sent = [await send(practitioner.client, exchangeId, 'Avant')]
  const postmaster = here.postmaster()
  const lock = join(here.folder, 'consilium.lock')
  assert.equal(JSON.parse(readFileSync(lock, 'utf8')).pid, first.pid)

  first.kill('SIGKILL')
  await ended(first)
  assert.equal(here.postmaster(), postmaster, 'PostgreSQL lives on')
  assert.ok(existsSync(lock), 'the lock of the dead one is still there')
  const second = await here.start()
  assert.match(here.printed(), new RegExp(`adopted the embedded PostgreSQL left running \\(process ${postmaster}\\)`))
  assert.equal(JSON.parse(readFileSync(lock, 'utf8')).pid, second.pid)
  sent.push(await send(adviser.client, exchangeId, 'Après'))
  await assertKept(practitioner.client, exchangeId, sent)
  await eventually(() => here.mailBox.messages().length === 1, 10_000)

  await database.close()
  closing.pop()
  second.kill('SIGTERM')
  assert.equal(await ended(second), '0')
  assert.equal(here.postmaster(), undefined, 'an orderly stop stops PostgreSQL too')
  assert.deepEqual(
    readdirSync(here.folder).filter((name) => name.startsWith('consilium.lock')),
    [],
  )
})

test('a second start on the same data says so, and harms nothing', async () => {
  const first = await here.start()
  const postmaster = here.postmaster()
  const second = here.launch({ PORT: String(await freePort()) })
  assert.equal(await ended(second), '1')
  assert.match(
    here.printed(),
    new RegExp(`already running on this data folder: ${here.url} \\(process ${first.pid}\\). Nothing was started.`),
  )
  assert.equal(here.postmaster(), postmaster)
  await here.healthy()
  first.kill('SIGTERM')
  assert.equal(await ended(first), '0')
})

test('two starts at the same moment, after a kill -9: one serves, the other says so', async () => {
  const first = await here.start()
  first.kill('SIGKILL')
  await ended(first)
  for (let n = 0; n < 2; n++) {
    const both = [here.launch(), here.launch()]
    const loser = await Promise.race(
      both.map(async (one) => {
        assert.equal(await one.end, '1')
        return one
      }),
    )
    const winner = both.find((one) => one !== loser)!
    await eventually(async () => (await fetch(`${here.url}/api/health`).catch(() => null))?.ok === true, 15_000)
    assert.equal(winner.ended, undefined)
    assert.match(here.printed(), new RegExp(`\\(process ${winner.pid}\\). Nothing was started.`))
    winner.kill('SIGKILL')
    await winner.end
  }
})

test('the port is taken: said with its number, nothing is left running', async () => {
  const port = await freePort()
  await take(port)
  const server = here.launch({ PORT: String(port) })
  assert.equal(await ended(server), '1')
  assert.match(here.printed(), new RegExp(`Port ${port} is taken by another program.*set PORT to a free one`))
  assert.equal(here.postmaster(), undefined)
  assert.ok(!existsSync(join(here.folder, 'consilium.lock')))
})

test('the port of a simulator is taken: said with its own number, nothing is left running', async () => {
  const taken = await freePort()
  // The simulated Pro Santé Connect stands one above the server.
  await take(taken)
  const server = here.launch({ CONSILIUM_PSC_DISCOVERY: undefined, PORT: String(taken - 1) })
  assert.equal(await ended(server), '1')
  assert.match(here.printed(), new RegExp(`Port ${taken} is taken`))
  assert.equal(here.postmaster(), undefined)
})

test('killed at any moment of a first start: the next one is whole', async (t) => {
  const here = await createInstallation(await freePort())
  t.after(here.close)
  for (const moment of [200, 500, 900]) {
    const server = here.launch()
    await sleep(moment)
    server.kill('SIGKILL')
    await server.end
  }
  await here.start()
  const keys = readdirSync(join(here.folder, 'keys')).filter((name) => !name.startsWith('.'))
  assert.deepEqual(keys.toSorted(), ['administrative.json', 'medical.json'])
  const database = openDatabase(here.connection(), { medical: 1, administrative: 1 })
  const practitioner = await somebody(database, here.url, 'practice', 1)
  await database.close()
  const exchangeId = await openExchange(practitioner.client)
  await assertKept(practitioner.client, exchangeId, [await send(practitioner.client, exchangeId, 'Premier')])
})

test('a lock left half written, or by a process that is gone, holds nobody back', async () => {
  for (const left of ['', '{"pid":', JSON.stringify({ pid: 1, started: '0', url: 'http://localhost:1' })]) {
    writeFileSync(join(here.folder, 'consilium.lock'), left)
    const server = await here.start()
    server.kill('SIGTERM')
    assert.equal(await ended(server), '0')
  }
  assert.equal(here.postmaster(), undefined)
})
