// `node test/fuzz/run.ts [--runs 20000] [--seed N] [--port P] [--answers]`: the long form of the fuzz.
import { parseArgs } from 'node:util'
import { runCampaign } from './campaign.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    port: { type: 'string', default: '9150' },
    answers: { type: 'boolean', default: false },
  },
})
const seed = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed)
const began = performance.now()
const { outcomes, requests, answers, before, after } = await runCampaign({
  runs: Number(values.runs),
  seed,
  port: Number(values.port),
  say: (sentence) => console.log(sentence),
})
const failed = outcomes.filter(({ fault }) => fault !== null)
if (values.answers) {
  for (const [route, of] of answers) {
    const sorted = [...of].sort((a, b) => b[1] - a[1]).map(([what, count]) => `${what} ${count}`)
    console.log(`${route}\n    ${sorted.join(', ')}`)
  }
}
for (const { name, fault } of failed) console.log(`\n✖ ${name}\n${fault}`)
const mb = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`
console.log(`\n${requests} requests in ${Math.round((performance.now() - began) / 1000)} s, seed ${seed}`)
console.log(
  `heap ${mb(before.heap)} → ${mb(after.heap)} (log kept by the test ${mb(after.logged)}), RSS ${mb(before.rss)} → ${mb(after.rss)}`,
)
console.log(`${outcomes.length - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length > 0 ? 1 : 0
