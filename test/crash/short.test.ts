// A short crash campaign with a seed of its own each time; the long one is `npm run test:crash`.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCampaign } from './campaign.ts'
import { freePort } from './free-port.ts'

test('server and PostgreSQL are killed under load: nothing acknowledged is lost, doubled or unreadable', async (t) => {
  const seed = Date.now() % 1_000_000_000
  t.diagnostic(`seed ${seed}`)
  const { rounds, ledger, final, mails, faults } = await runCampaign({ rounds: 4, seed, port: await freePort() })
  const again = `again with: node test/crash/run.ts --rounds 4 --seed ${seed}`
  assert.deepEqual(
    rounds.flatMap((round) => round.faults),
    [],
    again,
  )
  assert.deepEqual([...faults, ...(final?.faults ?? ['the end was not reached'])], [], again)
  assert.equal(rounds.length, 4)
  assert.deepEqual([final?.lost, final?.doubled, final?.unreadable], [0, 0, 0])
  assert.equal(mails.handedOver, mails.notices)
  assert.ok(ledger.counts.acts > 20 && ledger.counts.lost + ledger.counts.away > 0, 'there was load, and it was hurt')
})
