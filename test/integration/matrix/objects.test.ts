// What the walk of every route cannot show: that a refusal changed nothing, told nothing, and follows the right at once.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../harness.ts'
import { KINDS } from './kinds.ts'
import { type Scene, setScene } from './scene.ts'

let world: World
let scene: Scene
before(async () => {
  world = await startWorld()
  scene = await setScene(world)
})
after(() => world.stop())
test('someone else’s exchange is answered as one that does not exist, word for word', async () => {
  for (const kind of ['otherPractitioner', 'otherAdviser'] as const) {
    const client = await KINDS[kind].comes(world, scene)
    const answers = []
    for (const exchangeId of [scene.exchangeId, crypto.randomUUID()]) {
      const { status, json } = await client.call('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
      const { requestId: _requestId, ...rest } = json as unknown as Record<string, unknown>
      answers.push({ status, ...rest })
    }
    assert.deepEqual(answers[0], answers[1])
  }
})

test('lists, search and drafts of others show nothing of it', async () => {
  for (const kind of ['otherPractitioner', 'otherAdviser'] as const) {
    const client = await KINDS[kind].comes(world, scene)
    for (const folder of ['todo', 'waiting', 'closed']) {
      const { text } = await client.call('GET /api/exchanges', { query: { folder } })
      for (const secret of [...Object.values(scene.secrets), scene.exchangeId]) assert.ok(!text.includes(secret))
    }
    const { text } = await client.call('GET /api/drafts')
    for (const secret of Object.values(scene.secrets)) assert.ok(!text.includes(secret))
  }
})

test('an adviser cannot open an exchange for another organism, nor with a draft or a patient of somebody else', async () => {
  const other = await KINDS.otherAdviser.comes(world, scene)
  const base = { motif: 'ALD', subject: 'Objet', text: 'Texte', practiceBoxId: scene.practiceBoxId }
  for (const body of [
    { ...base, draftId: scene.keptDraftId },
    { ...base, patientId: scene.patientId },
    { ...base, patientId: scene.patientId, draftId: scene.keptDraftId },
  ]) {
    const answer = await other.call('POST /api/exchanges', { body })
    assert.equal(answer.code, 'patient-required')
  }
})

test('a practitioner’s exchange leaves from the place chosen, whatever the body says', async () => {
  const { exchangeId } = await scene.owner.do('POST /api/exchanges', {
    body: {
      patientId: scene.patientId,
      motif: 'ALD',
      subject: 'Objet',
      text: 'Texte',
      practiceBoxId: scene.otherBoxId,
    },
  })
  const rows = await world.database.sql<{ practice_box: string }>(
    'select practice_box from medical.exchange where exchange_id = $1',
    [exchangeId],
  )
  assert.deepEqual(rows, [{ practice_box: scene.practiceBoxId }])
})

test('a box that is let go ends every right at once, in open sessions too', async () => {
  const somebody = await world.practitioner()
  const client = await world.signIn(somebody)
  const { beneficiaries } = await client.do('POST /api/patients/identifications', {
    body: { number: '284058832102532' },
  })
  const patientId = beneficiaries[0]!.patientId
  const body = { patientId, motif: 'ALD', subject: 'Objet', text: 'Texte' }
  const { exchangeId } = await client.do('POST /api/exchanges', { body })
  await world.database.sql('update portal.box_holder set valid_to = $2 where person_id = $1', [
    somebody.personId,
    world.clock.now(),
  ])
  world.clock.advance(1)
  const params = { exchangeId }
  assert.equal((await client.call('GET /api/exchanges/:exchangeId', { params })).code, 'exchange-not-found')
  const sent = await client.call('POST /api/exchanges/:exchangeId/messages', { params, body: { text: 'Encore' } })
  assert.equal(sent.code, 'exchange-not-found')
  assert.ok((await client.call('POST /api/exchanges', { body })).status >= 400)
  const { rows } = await client.do('GET /api/exchanges', { query: { folder: 'waiting' } })
  assert.equal(rows.length, 0)
})
