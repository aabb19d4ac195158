// `npm run bench -- [--json FILE] [--only send,inbox,page,start] [--quick]`: one run, ratios first.
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { measureInbox, measureJob, measureSend, startProduct } from './exchanges.ts'
import { setStage } from './stage.ts'
import { freePort, measureStart } from './start-up.ts'

const { values } = parseArgs({
  options: { json: { type: 'string' }, only: { type: 'string' }, quick: { type: 'boolean', default: false } },
})
const PARTS = ['job', 'send', 'inbox', 'page', 'start']
const only = values.only?.split(',') ?? PARTS
for (const part of only)
  if (!PARTS.includes(part)) {
    console.error(`unknown part: ${part} (known: ${PARTS.join(', ')})`)
    process.exit(2)
  }
// `send` brings the job along: they are of one kind.
const wanted = (part: string) => only.includes(part) || (part === 'job' && only.includes('send'))
const forMs = values.quick ? 1500 : 6000
const results: Record<string, unknown> = {}

async function part(name: string, run: () => Promise<unknown>): Promise<void> {
  if (!wanted(name)) return
  const began = performance.now()
  results[name] = await run()
  console.log(
    `${name.padEnd(6)} ${JSON.stringify(results[name])}  (${Math.round((performance.now() - began) / 1000)} s)`,
  )
}

console.log(`${cpus().length} cores, Node ${process.version}${values.quick ? ', quick: figures are rough' : ''}`)
await part('start', measureStart)
if (['job', 'send', 'inbox', 'page'].some(wanted)) {
  const stage = await setStage(16)
  const product = await startProduct(stage, await freePort())
  try {
    await part('job', () => measureJob(stage, product, forMs))
    await part('send', () => measureSend(stage, product, values.quick ? 2 : 5, forMs))
    await part('page', async () => (await import('./page.ts')).measurePage(stage, product))
    await part('inbox', () =>
      measureInbox(stage, product, values.quick ? [10_000, 100_000] : [10_000, 1_000_000], forMs),
    )
  } finally {
    await product.stop()
    await stage.close()
  }
}

const AIMS: [string, string, string][] = [
  ['job', 'per_s', '≥ 400'],
  ['send', 'p99_ms', '≤ 35'],
  ['send', 'share', '≥ 0.6'],
  ['inbox', 'p99_ms', '≤ 20'],
  ['inbox', 'growth_10k_to_1m', '≤ 1.3'],
  ['page', 'js_brotli', '≤ 140'],
  ['page', 'css_brotli', '≤ 16'],
  ['start', 'cold_ms', '≤ 3000'],
  ['start', 'warm_ms', '≤ 1000'],
]
console.table(
  AIMS.filter(([name]) => results[name]).map(([name, key, aim]) => ({
    measure: `${name}.${key}`,
    here: (results[name] as Record<string, unknown>)[key],
    aim,
  })),
)
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
