// Where the milliseconds of a send go: each step alone, one client, medians. `node bench/where.ts`
import { Writable } from 'node:stream'
import { systemClock } from '../src/platform/clock.ts'
import type { Database } from '../src/platform/database/database.ts'
import { validate } from '../src/platform/http/validation.ts'
import { newId } from '../src/platform/identifiers.ts'
import { createLog } from '../src/platform/log.ts'
import { digestOf } from '../src/platform/once.ts'
import { entry } from '../src/platform/trace/trace.ts'
import { exchangesContract } from '../src/services/exchanges/contract.ts'
import { sealBody } from '../src/services/exchanges/sealing.ts'
import { seedExchanges } from './exchanges.ts'
import { median, round } from './measure.ts'
import { ORGANISM, setStage, TEXT } from './stage.ts'
import { freePort } from './start-up.ts'
import { openWire, requestBytes } from './wire.ts'

const stage = await setStage(4)
const { startServer } = await import('../src/main.ts')
const port = await freePort()
const running = await startServer(
  { ...stage.configuration, port, host: '127.0.0.1', publicUrl: `http://localhost:${port}` },
  stage.connection,
  { mailer: { send: async () => {}, close: async () => {} }, log: createLog('silent', new Writable()) },
)
const statements = spy(running.database)
const exchanges = await seedExchanges(stage, 200)
const wire = await openWire(port)
const totals: number[] = []
for (let i = 0; i < 2500; i++) {
  const { exchangeId, person } = exchanges[i % exchanges.length]!
  const request = requestBytes('POST', `/api/exchanges/${exchangeId}/messages`, person.cookie, { text: TEXT }, [
    `idempotency-key: ${crypto.randomUUID()}`,
  ])
  const start = performance.now()
  const { status } = await wire.send(request)
  if (status !== 201) throw new Error(`a send was answered ${status}`)
  if (i >= 500) totals.push(performance.now() - start)
}

/** Milliseconds of one call of something quick. */
async function alone(act: () => unknown): Promise<number> {
  for (let i = 0; i < 2000; i++) await act()
  const start = performance.now()
  for (let i = 0; i < 5000; i++) await act()
  return (performance.now() - start) / 5000
}
const { vault } = stage
const id = newId()
const key = await vault.newDataKey('medical', ORGANISM, id)
const actor = {
  person: id,
  session: id,
  role: 'practitioner',
  via: 'psc',
  authMode: 'CARD',
  level: 'low',
  activity: id,
}
const body = { text: TEXT }
const steps: [string, number][] = [
  [
    'check the body (zod)',
    await alone(() => validate(exchangesContract['POST /api/exchanges/:exchangeId/messages'].body, body, 'body')),
  ],
  ['keyed digest of the request', await alone(() => digestOf(vault, 'sendMessage', [id, body]))],
  ['unwrap the key', await alone(() => vault.dataKey('medical', ORGANISM, id, key.keyId, key.wrapped))],
  ['seal the text (1.6 kB)', await alone(() => sealBody(vault, key, ORGANISM, id, id, TEXT))],
  [
    'text of the trace event',
    await alone(() => entry(systemClock, ORGANISM, actor, { type: 'exchange.written', exchange: id, message: id })),
  ],
  ['read the JSON', await alone(() => JSON.parse(JSON.stringify(body)))],
]
const total = median(totals)
const waits = [...statements].map(([name, times]): [string, number] => [
  `statement ${name}`,
  median(times.slice(-2000)),
])
const known = [...steps, ...waits].reduce((sum, [, ms]) => sum + ms, 0)
console.table(
  [
    ...waits,
    ...steps,
    ['HTTP, routing, sockets, both ends (the rest)', total - known] as [string, number],
    ['whole send, as the client sees it', total] as [string, number],
  ].map(([step, ms]) => ({ step, ms: round(ms, 3), share: `${round((100 * ms) / total, 0)} %` })),
)
wire.close()
await running.stop()
await stage.close()

/** Times of the statements of requests, by name, as the server waits for them. */
function spy(database: Database): Map<string, number[]> {
  const times = new Map<string, number[]>([
    ['sessions.find', []],
    ['exchanges.send', []],
  ])
  for (const runner of [database.medical, database.administrative]) {
    const run = runner.run.bind(runner)
    runner.run = async (statement, values) => {
      const start = performance.now()
      const rows = await run(statement, values)
      times.get(statement.name)?.push(performance.now() - start)
      return rows as never
    }
  }
  return times
}
