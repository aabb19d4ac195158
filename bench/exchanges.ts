// Measures of the exchanges: a whole job, a send beside its floor, an inbox that grows.
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { systemClock } from '../src/platform/clock.ts'
import { statement } from '../src/platform/database/database.ts'
import { newId } from '../src/platform/identifiers.ts'
import { entry, traceValues } from '../src/platform/trace/trace.ts'
import { ALLOWED } from '../src/services/exchanges/rules.ts'
import { sealBody, sealHeader } from '../src/services/exchanges/sealing.ts'
import { putRows } from '../src/services/patients/in-hand.ts'
import { drive, median, round, type Timing } from './measure.ts'
import { ORGANISM, type Person, patient, type Stage, TEXT } from './stage.ts'
import { openWire, requestBytes, type Wire } from './wire.ts'

export const CLIENTS = 8
/** As many connections as the product's own pool: the floor gets no more and no fewer. */
export const CONNECTIONS = 10

export type Product = {
  port: number
  child: ChildProcess
  ask<T>(message: string): Promise<T>
  stop(): Promise<void>
}

/** Starts the product in a process of its own on a stage. */
export async function startProduct(stage: Stage, port: number): Promise<Product> {
  const configuration = { ...stage.configuration, port, host: '127.0.0.1', publicUrl: `http://localhost:${port}` }
  const child = await forkReady('product.ts', { configuration, connection: stage.connection }, ['--expose-gc'])
  return {
    port,
    child,
    ask: (message) =>
      new Promise((resolve) => {
        child.once('message', (answer) => resolve(answer as never))
        child.send(message)
      }),
    stop: () => stopChild(child),
  }
}

async function forkReady(file: string, stage: unknown, execArgv: string[] = []): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, file), [], {
    env: { ...process.env, BENCH_STAGE: JSON.stringify(stage) },
    execArgv: process.env.PROF ? [...execArgv, '--cpu-prof', '--cpu-prof-dir=/tmp/cpuprof'] : execArgv,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
  })
  return child
}

async function stopChild(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.disconnect()
  await ended
}

/** Exchanges between the stage's practitioners and its adviser, written straight by the product's sealing. */
export async function seedExchanges(stage: Stage, count: number): Promise<{ exchangeId: string; person: Person }[]> {
  const wires: { exchangeId: string; person: Person }[] = []
  for (let i = 0; i < count; i++) {
    const person = stage.practitioners[i % stage.practitioners.length]!
    wires.push({ exchangeId: await seedOne(stage, person, new Date()), person })
  }
  return wires
}

const SEED = statement(
  'bench.seed',
  `with x as (
     insert into medical.exchange (organism_id, exchange_id, practice_box, desk_box, practitioner, nir_index,
       beneficiary_index, motif, state, awaits, key_id, data_key, header, messages, opened_at, last_activity_at)
     values ($1, $2, $3, $4, $5, $6, $6, 'AUTRE', 'sent', 'desk', $7, $8, $9, 1, $10, $10)),
   m as (
     insert into medical.message (organism_id, exchange_id, seq, message_id, side, author, author_role, body, sent_at)
     values ($1, $2, 1, $11, 'practice', $5, 'Médecin', $12, $10))
   insert into medical.box_entry (box_id, exchange_id, organism_id, side, folder, unread, last_activity_at)
   values ($3, $2, $1, 'practice', 'waiting', false, $10), ($4, $2, $1, 'desk', 'todo', true, $10)`,
)

async function seedOne(stage: Stage, person: Person, at: Date): Promise<string> {
  const { vault } = stage
  const [exchangeId, messageId] = [newId(), newId()]
  const who = patient()
  const key = await vault.newDataKey('medical', ORGANISM, exchangeId)
  await stage.database.medical.run(SEED, [
    ORGANISM,
    exchangeId,
    person.boxId,
    stage.adviser.boxId,
    person.personId,
    await vault.index('medical', ORGANISM, who.nir13),
    key.keyId,
    key.wrapped,
    sealHeader(vault, key, ORGANISM, exchangeId, { subject: 'Mesure', patient: who }),
    at,
    messageId,
    sealBody(vault, key, ORGANISM, exchangeId, messageId, TEXT),
  ])
  return exchangeId
}

const header = (key: string) => [`idempotency-key: ${key}`]

async function openWires(port: number, count: number): Promise<Wire[]> {
  return Promise.all(Array.from({ length: count }, () => openWire(port)))
}

/** Create + send + read back, 8 clients, over HTTP. */
export async function measureJob(stage: Stage, product: Product, forMs: number) {
  const wires = await openWires(product.port, CLIENTS)
  const ids = await patientsInHand(stage)
  const expect = (status: number, wanted: number) => {
    if (status !== wanted) throw new Error(`answer ${status} where ${wanted} was expected`)
  }
  const job = async (client: number) => {
    const wire = wires[client]!
    const person = stage.practitioners[client]!
    const created = await wire.send(
      requestBytes(
        'POST',
        '/api/exchanges',
        person.cookie,
        { patientId: ids[client], motif: 'AUTRE', subject: 'Mesure', text: TEXT },
        header(crypto.randomUUID()),
      ),
    )
    expect(created.status, 201)
    const { exchangeId } = JSON.parse(created.body)
    const sent = await wire.send(
      requestBytes(
        'POST',
        `/api/exchanges/${exchangeId}/messages`,
        person.cookie,
        { text: TEXT },
        header(crypto.randomUUID()),
      ),
    )
    expect(sent.status, 201)
    const read = await wire.send(requestBytes('GET', `/api/exchanges/${exchangeId}`, person.cookie))
    expect(read.status, 200)
    if (JSON.parse(read.body).messages.length !== 2) throw new Error('a message is missing')
  }
  await drive(CLIENTS, forMs / 3, job)
  const timing = await drive(CLIENTS, forMs, job)
  for (const wire of wires) wire.close()
  return { per_s: round(timing.perSecond), clients: CLIENTS }
}

async function patientsInHand(stage: Stage): Promise<string[]> {
  const parts = { database: stage.database, vault: stage.vault, clock: systemClock }
  return Promise.all(
    stage.practitioners.slice(0, CLIENTS).map(async (person) => {
      const patientId = crypto.randomUUID()
      await putRows(parts, person.personId, [{ patientId, identity: patient() }], 'typed')
      return patientId
    }),
  )
}

/** Sends over HTTP beside the floor, in turns, in one run. */
export async function measureSend(stage: Stage, product: Product, rounds: number, forMs: number) {
  const exchanges = await seedExchanges(stage, 400)
  const floor = await forkReady('floor.ts', { connection: stage.connection, connections: CONNECTIONS })
  const wires = await openWires(product.port, CONNECTIONS)
  let next = 0
  const overHttp = (time: number) =>
    drive(CONNECTIONS, time, async (client) => {
      const { exchangeId, person } = exchanges[next++ % exchanges.length]!
      const answer = await wires[client]!.send(
        requestBytes(
          'POST',
          `/api/exchanges/${exchangeId}/messages`,
          person.cookie,
          { text: TEXT },
          header(crypto.randomUUID()),
        ),
      )
      if (answer.status !== 201) throw new Error(`a send was answered ${answer.status}`)
    })
  await overHttp(forMs / 2)
  const products: Timing[] = []
  const floors: Timing[] = []
  let expected = 6000
  for (let i = 0; i < rounds; i++) {
    products.push(await overHttp(forMs))
    const ops = await prepareSends(stage, exchanges, Math.ceil((expected * forMs) / 1000))
    floors.push(
      await new Promise<Timing>((resolve, reject) => {
        floor.once('message', (answer) => resolve((answer as { timing: Timing }).timing))
        floor.once('exit', () => reject(new Error('the floor ended')))
        floor.send({ ops, forMs })
      }),
    )
    expected = Math.max(expected, floors.at(-1)!.perSecond * 2)
  }
  for (const wire of wires) wire.close()
  await stopChild(floor)
  const rate = median(products.map((t) => t.perSecond))
  const limit = median(floors.map((t) => t.perSecond))
  return {
    per_s: round(rate),
    p50_ms: round(median(products.map((t) => t.p50)), 2),
    p99_ms: round(median(products.map((t) => t.p99)), 2),
    floor_per_s: round(limit),
    share: round(rate / limit, 3),
  }
}

async function prepareSends(stage: Stage, exchanges: { exchangeId: string; person: Person }[], count: number) {
  const { vault } = stage
  const at = new Date()
  const digest = await vault.index('medical', 'once', 'bench')
  const ops: unknown[][] = []
  for (let i = 0; i < count; i++) {
    const { exchangeId, person } = exchanges[i % exchanges.length]!
    const messageId = newId()
    const key = { key: Buffer.alloc(32, 7), keyId: '', wrapped: Buffer.alloc(0) }
    const actor = {
      person: person.personId,
      session: newId(),
      role: 'practitioner',
      via: 'bench',
      authMode: 'CARD',
      level: 'substantial',
      activity: newId(),
    }
    const values = [
      ORGANISM,
      exchangeId,
      person.personId,
      'practice',
      at,
      messageId,
      'Médecin',
      sealBody(vault, key, ORGANISM, exchangeId, messageId, TEXT),
      ALLOWED.write.practice,
      'inProgress',
      'desk',
      new Date(at.getTime() - 600_000),
      newId(),
      crypto.randomUUID(),
      digest,
      null,
      [person.boxId],
      null,
      ...traceValues(
        entry(systemClock, ORGANISM, actor, { type: 'exchange.written', exchange: exchangeId, message: messageId }),
      ),
    ]
    ops.push(
      values.map((value) =>
        Buffer.isBuffer(value)
          ? { hex: value.toString('hex') }
          : value instanceof Date
            ? { date: value.toISOString() }
            : value,
      ),
    )
  }
  return ops
}

const FILL = statement(
  'bench.fill',
  `with n as (select gen_random_uuid() as id, now() - interval '1 day' - i * interval '1 second' as at
     from generate_series(1, $1::int) as i),
   x as (
     insert into medical.exchange (organism_id, exchange_id, practice_box, desk_box, practitioner, nir_index,
       beneficiary_index, motif, state, awaits, key_id, data_key, header, messages, opened_at, last_activity_at)
     select $2, id, $3, $4, $5, sha256(id::text::bytea), sha256(id::text::bytea), 'AUTRE', 'sent', 'desk', 'medical-1',
       decode(repeat('00', 61), 'hex'), decode(repeat('00', 520), 'hex'), 1, at, at from n)
   insert into medical.box_entry (box_id, exchange_id, organism_id, side, folder, unread, last_activity_at)
   select $4, id, $2, 'desk', 'todo', false, at from n
   union all select $3, id, $2, 'practice', 'waiting', false, at from n`,
)

/**
 * The adviser's first pages over HTTP, at two sizes. Rows beyond the first thousand are of the right shape and size but
 * hold no readable header: only what is shown is opened, and only that is made to be.
 */
export async function measureInbox(stage: Stage, product: Product, sizes: number[], forMs: number) {
  const person = stage.practitioners[0]!
  const points: { rows: number; timing: Timing }[] = []
  let rows = 0
  await seedExchanges(stage, 1000)
  rows += 1000
  const wires = await openWires(product.port, CLIENTS)
  for (const size of sizes) {
    while (rows < size) {
      const part = Math.min(100_000, size - rows)
      await stage.database.medical.run(FILL, [part, ORGANISM, person.boxId, stage.adviser.boxId, person.personId])
      rows += part
    }
    await vacuum(stage)
    const page = requestBytes('GET', '/api/exchanges?folder=todo', stage.adviser.cookie)
    await drive(CLIENTS, forMs / 3, async (client) => void (await wires[client]!.send(page)))
    const timing = await drive(CLIENTS, forMs, async (client) => {
      const answer = await wires[client]!.send(page)
      if (answer.status !== 200) throw new Error(`the inbox was answered ${answer.status}`)
    })
    points.push({ rows, timing })
  }
  for (const wire of wires) wire.close()
  const last = points.at(-1)!
  return {
    rows: last.rows,
    p50_ms: round(last.timing.p50, 2),
    p99_ms: round(last.timing.p99, 2),
    growth_10k_to_1m: round(last.timing.p50 / points[0]!.timing.p50, 2),
  }
}

async function vacuum(stage: Stage): Promise<void> {
  const { default: pg } = await import('pg')
  const { settingsFor } = await import('../src/platform/database/database.ts')
  const client = new pg.Client(settingsFor(stage.connection, 'owner'))
  await client.connect()
  await client.query('vacuum analyze medical.box_entry, medical.exchange')
  await client.end()
}
