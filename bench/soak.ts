// `npm run soak -- [--sends N] [--streams N]`: memory of the product after many sends and many open event streams.
import { request } from 'node:http'
import { parseArgs } from 'node:util'
import { CONNECTIONS, seedExchanges, startProduct } from './exchanges.ts'
import { round } from './measure.ts'
import { setStage, TEXT } from './stage.ts'
import { freePort } from './start-up.ts'
import { openWire, requestBytes } from './wire.ts'

const { values } = parseArgs({
  options: { sends: { type: 'string', default: '100000' }, streams: { type: 'string', default: '1000' } },
})
const sends = Number(values.sends)
const streams = Number(values.streams)

type Memory = { memory: { rss: number; heapUsed: number; external: number }; streams: number }
const MB = 1_048_576

const stage = await setStage(16)
const product = await startProduct(stage, await freePort())
const rows: Record<string, unknown>[] = []

/** Memory once what can be collected is collected. */
async function note(after: string): Promise<void> {
  const { memory, streams: open } = await product.ask<Memory>('collect')
  rows.push({
    after,
    rss_mb: round(memory.rss / MB, 0),
    heap_mb: round(memory.heapUsed / MB),
    external_mb: round(memory.external / MB),
    streams: open,
  })
  console.log(JSON.stringify(rows.at(-1)))
}

const exchanges = await seedExchanges(stage, 2000)
const wires = await Promise.all(Array.from({ length: CONNECTIONS }, () => openWire(product.port)))
let sent = 0
async function send(upTo: number): Promise<void> {
  await Promise.all(
    wires.map(async (wire) => {
      while (sent < upTo) {
        const { exchangeId, person } = exchanges[sent++ % exchanges.length]!
        const answer = await wire.send(
          requestBytes('POST', `/api/exchanges/${exchangeId}/messages`, person.cookie, { text: TEXT }, [
            `idempotency-key: ${crypto.randomUUID()}`,
          ]),
        )
        if (answer.status !== 201) throw new Error(`a send was answered ${answer.status}`)
      }
    }),
  )
}

try {
  await send(2000)
  await note('2,000 sends (warm)')
  for (const share of [0.25, 0.5, 0.75, 1]) {
    await send(2000 + sends * share)
    await note(`${sent.toLocaleString('en')} sends`)
  }
  const open: { destroy(): void }[] = []
  for (let i = 0; i < streams; i++) {
    const call = request({
      port: product.port,
      host: '127.0.0.1',
      path: '/api/live',
      agent: false,
      headers: { cookie: stage.practitioners[i % stage.practitioners.length]!.cookie },
    })
    open.push(call)
    await new Promise<void>((resolve, reject) => {
      call.on('error', reject).on('response', (response) => {
        response.resume()
        response.on('error', () => {})
        resolve()
      })
      call.end()
    })
    call.removeAllListeners('error').on('error', () => {})
  }
  await note(`${streams.toLocaleString('en')} streams open`)
  await send(sent + 5000)
  await note('5,000 more sends, told to the streams')
  for (const call of open) call.destroy()
  await new Promise((resolve) => setTimeout(resolve, 1000))
  await note('streams closed')
} finally {
  for (const wire of wires) wire.close()
  await product.stop()
  await stage.close()
}
console.table(rows)
