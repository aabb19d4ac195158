// `npm run test:crash -- [--rounds 50] [--seed N] [--port P]`: kills server and PostgreSQL under load, again and again.
import { parseArgs } from 'node:util'
import { runCampaign } from './campaign.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string' },
    port: { type: 'string', default: '8720' },
  },
})
const seed = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed)
const began = performance.now()
console.log(`seed ${seed}\n`)
console.log('round  killed                    mails              acts   lost   away  recovery')
const { rounds, ledger, final, mails, faults } = await runCampaign({
  rounds: Number(values.rounds),
  seed,
  port: Number(values.port),
  told(round) {
    const cells = [round.acts, round.lost, round.away].map((count) => String(count).padStart(7)).join('')
    console.log(
      `${String(round.round).padStart(5)}  ${round.strikes.padEnd(25)} ${round.mail.padEnd(16)}${cells}${String(round.recoveryMs).padStart(7)} ms${round.faults.length > 0 ? '  FAILED' : ''}`,
    )
    for (const fault of round.faults) console.log(`       ${fault}`)
  },
})
for (const fault of faults) console.log(fault)
for (const fault of final?.faults ?? []) console.log(`at the end: ${fault}`)
const recoveries = rounds.map((round) => round.recoveryMs).sort((a, b) => a - b)
console.table({
  'acts acknowledged': ledger.counts.acts,
  messages: ledger.messages.size,
  exchanges: ledger.exchanges.size,
  'answers lost, sent again': ledger.counts.lost,
  'answered « away », sent again': ledger.counts.away,
  'sent twice on purpose': ledger.counts.repeated,
  'longest answer (ms)': Math.round(ledger.counts.longestMs),
  'acknowledged and lost': final?.lost ?? '?',
  doubled: final?.doubled ?? '?',
  unreadable: final?.unreadable ?? '?',
  'events of the trace, verified': final?.events ?? '?',
  'notices, each handed over': `${mails.handedOver} of ${mails.notices}`,
  'second copies, same Message-ID': mails.copies,
  'recovery, median and longest (ms)': `${recoveries[recoveries.length >> 1] ?? 0}, ${recoveries.at(-1) ?? 0}`,
  seconds: Math.round((performance.now() - began) / 1000),
})
const bad = rounds.filter((round) => round.faults.length > 0).length
const endIsBad = faults.length > 0 || !final || final.faults.length > 0
// The comparison at the end counts as one more.
const failed = bad + (endIsBad ? 1 : 0) + (Number(values.rounds) - rounds.length)
console.log(`seed ${seed}`)
console.log(`${Number(values.rounds) + 1 - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
