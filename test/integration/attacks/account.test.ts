// Taking an account over once inside: whoever does so tells its holder.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../harness.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.stop())

test('a change of address is told to the former one, once, without the new one', async () => {
  const former = 'ancienne@praticien.example'
  const client = await world.signIn(await world.practitioner({ email: former }))
  const before = world.mailer.sent.length
  for (let i = 0; i < 2; i++)
    await client.do('PUT /api/account/email', { body: { email: 'nouvelle@praticien.example' } })
  const mails = (await world.mailer.until(before + 1)).slice(before)
  assert.deepEqual(
    mails.map(({ to }) => to),
    [former],
  )
  assert.ok(!JSON.stringify(mails).includes('nouvelle@'))
})

test('a first address is told to nobody', async () => {
  const client = await world.signIn(await world.practitioner({ email: null }))
  const before = world.mailer.sent.length
  await client.do('PUT /api/account/email', { body: { email: 'premiere@praticien.example' } })
  const rows = await world.database.sql(`select 1 from portal.outbox where recipient = 'premiere@praticien.example'`)
  assert.equal(rows.length, 0)
  assert.equal(world.mailer.sent.length, before)
})
