// The floor: the very statement of a send, with its rows, indexes and lanes, its ciphertext made beforehand, as named
// statements on as many connections as the product has, from a process of its own, without HTTP.
import pg from 'pg'
import { settingsFor } from '../src/platform/database/database.ts'
import { SEND } from '../src/services/exchanges/send-message.ts'
import { drive } from './measure.ts'

const { connection, connections } = JSON.parse(process.env.BENCH_STAGE!)
const clients = await Promise.all(
  Array.from({ length: connections }, async () => {
    const client = new pg.Client(settingsFor(connection, 'medical'))
    await client.connect()
    return client
  }),
)

const revive = (value: unknown) =>
  value !== null && typeof value === 'object' && 'hex' in value
    ? Buffer.from((value as { hex: string }).hex, 'hex')
    : value !== null && typeof value === 'object' && 'date' in value
      ? new Date((value as { date: string }).date)
      : value

process.on('message', async ({ ops, forMs }: { ops: unknown[][]; forMs: number }) => {
  const values = ops.map((op) => op.map(revive))
  let next = 0
  const timing = await drive(connections, forMs, async (client) => {
    const op = values[next++]
    if (!op) throw new Error('more sends prepared are needed')
    const { rowCount } = await clients[client]!.query({ name: SEND.name, text: SEND.text, values: op })
    if (rowCount !== 1) throw new Error('a send of the floor wrote nothing')
  })
  process.send?.({ timing })
})
process.on('disconnect', () => process.exit(0))
process.send?.({ ready: true })
