// Recomputes the chains: any row changed, dropped, swapped or inserted is found.
import { createHash } from 'node:crypto'
import { type Runner, statement } from '../database/database.ts'

type Row = {
  organism_id: string
  lane: number
  seq: number
  head: Buffer
  at: Date
  type: string
  actor: string | null
  exchange_id: string | null
  event: string
}
type Place = { organismId: string; lane: number; seq: number }
type Head = Pick<Row, 'organism_id' | 'lane' | 'seq' | 'head'>
export type Verification = { events: number; lanes: number; faults: (Place & { fault: string })[] }

const PAGE = statement(
  'trace.verify',
  `select organism_id, lane, seq, head, at, type, actor, exchange_id, event from trace.event
   where (organism_id, lane, seq) > ($1, $2, $3) order by organism_id, lane, seq limit 5000`,
)
const HEADS = statement('trace.heads', 'select organism_id, lane, seq, head from trace.lane')

/** Next link of a chain. */
export function link(previous: Buffer, seq: number, event: string): Buffer {
  const number = Buffer.alloc(8)
  number.writeBigInt64BE(BigInt(seq))
  const leaf = createHash('sha256').update(event).digest()
  return createHash('sha256').update(previous).update(number).update(leaf).digest()
}

/**
 * Reads the whole trace once; the last link of each chain must be the one its lane holds. Heads are read before and
 * after: what is written meanwhile makes chains longer than the first, and never longer than the second.
 */
export async function verifyTrace(runner: Runner): Promise<Verification> {
  const readHeads = async () => {
    const heads = await runner.run<Head>(HEADS)
    return new Map(heads.map((h) => [`${h.organism_id}/${h.lane}`, h]))
  }
  const ends = await readHeads()
  const result: Verification = { events: 0, lanes: ends.size, faults: [] }
  const lasts = new Map<string, Head>()
  const met = new Set<string>()
  let last: [string, number, number] = ['', 0, 0]
  let chain = ''
  let seq = 0
  let head = Buffer.alloc(32)
  for (;;) {
    const rows = await runner.run<Row>(PAGE, last)
    for (const row of rows) {
      const name = `${row.organism_id}/${row.lane}`
      if (name !== chain) {
        chain = name
        seq = 0
        head = Buffer.alloc(32)
      }
      const place = { organismId: row.organism_id, lane: row.lane, seq: row.seq }
      if (row.seq !== seq + 1) result.faults.push({ ...place, fault: 'missing-event' })
      const expected = link(head, row.seq, row.event)
      if (!expected.equals(row.head)) result.faults.push({ ...place, fault: 'broken-link' })
      else if (!agrees(row)) result.faults.push({ ...place, fault: 'columns-differ' })
      seq = row.seq
      head = row.head as Buffer<ArrayBuffer>
      lasts.set(name, row)
      const end = ends.get(name)
      if (end?.seq === seq) {
        met.add(name)
        if (!end.head.equals(head)) result.faults.push({ ...place, fault: 'head-differs' })
      }
      result.events++
    }
    const final = rows.at(-1)
    if (!final) break
    last = [final.organism_id, final.lane, final.seq]
  }
  for (const [name, end] of ends)
    if (!met.has(name))
      result.faults.push({ organismId: end.organism_id, lane: end.lane, seq: end.seq, fault: 'truncated' })
  const after = await readHeads()
  for (const [name, last] of lasts) {
    const end = after.get(name)
    const place = { organismId: last.organism_id, lane: last.lane, seq: last.seq }
    if (!end) result.faults.push({ ...place, fault: 'unknown-lane' })
    else if (end.seq < last.seq) result.faults.push({ ...place, fault: 'beyond-head' })
  }
  return result
}

function agrees(row: Row): boolean {
  try {
    const event = JSON.parse(row.event)
    return (
      event.organism === row.organism_id &&
      event.type === row.type &&
      event.at === row.at.toISOString() &&
      (event.actor.person ?? null) === row.actor &&
      (event.exchange ?? null) === row.exchange_id
    )
  } catch {
    return false
  }
}
