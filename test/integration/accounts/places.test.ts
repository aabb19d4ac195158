// The profession follows the place of practice, into what is written from it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openExchange, startWorld, type World } from '../harness.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.stop())

test('a message is signed with the profession practised at the place it was written from', async () => {
  const person = await world.practitioner({ places: 2, professionCode: '60' })
  await world.database.sql('update portal.activity set profession = $2 where activity_id = $1', [
    person.activityIds[1],
    'Sage-femme',
  ])
  for (const [place, profession] of [
    [0, 'Médecin'],
    [1, 'Sage-femme'],
  ] as const) {
    const client = await world.signIn(person, { place })
    const params = { exchangeId: await openExchange(client) }
    await client.do('POST /api/exchanges/:exchangeId/messages', { params, body: { text: 'Encore' } })
    const { messages } = await client.do('GET /api/exchanges/:exchangeId', { params })
    assert.deepEqual(
      messages.map(({ author }) => author.role),
      [profession, profession],
    )
  }
})
