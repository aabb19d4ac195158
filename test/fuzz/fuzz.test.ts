// The short form of the fuzz; `node test/fuzz/run.ts` goes on for longer. FUZZ_SEED=N repeats a run.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCampaign } from './campaign.ts'

// About a dozen cases of each kind for each route.
const RUNS = 3000
const PORT = 9140

test('what the OpenAPI document forbids and allows, sent to every route', async (t) => {
  const seed = process.env.FUZZ_SEED ? Number(process.env.FUZZ_SEED) : Date.now() % 1_000_000_000
  const { outcomes, requests } = await runCampaign({ runs: RUNS, seed, port: PORT })
  t.diagnostic(`${requests} requests, seed ${seed}`)
  for (const { name, fault } of outcomes) {
    await t.test(name, () => assert.equal(fault, null, `seed ${seed}\n${fault}`))
  }
})
