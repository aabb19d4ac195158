// Every route as every kind of person, and what each must be answered. The table below is the rule: a route that is not
// in it, or a line of it without a route, fails.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from './harness.ts'
import { CANARY_FREE, KINDS, type Kind, people, type Scene, setScene } from './wrong-user.ts'

let world: World
let scene: Scene
before(async () => {
  world = await startWorld()
  scene = await setScene(world)
})
after(() => world.stop())

type Expected = Record<Kind, number | string>

/** Who may not even come near, whatever the object: the same for every route of the exchanges and patients. */
const SHUT = {
  stranger: 'session-required',
  revoked: 'session-required',
  password: 'level-insufficient',
  noPlace: 'place-required',
  notAdmitted: 'right-missing',
  agent: 'right-missing',
} as const
const OPEN = Object.fromEntries(KINDS.map((kind) => [kind, 200])) as Expected
const anyone = (status: number | string): Expected =>
  Object.fromEntries(KINDS.map((kind) => [kind, status])) as Expected
const parties = (
  practitioner: number | string,
  other: number | string,
  adviser = practitioner,
  otherAdviser = other,
) => ({
  ...SHUT,
  practitioner,
  otherPractitioner: other,
  adviser,
  otherAdviser,
})
const advisers = (adviser: number | string, otherAdviser: number | string) => ({
  ...SHUT,
  // The right itself is missing, with or without a place.
  noPlace: 'right-missing',
  practitioner: 'right-missing',
  otherPractitioner: 'right-missing',
  adviser,
  otherAdviser,
})
/** Signed in is enough, whatever the person is. */
const signedIn = (status: number | string, more: Partial<Expected> = {}): Expected => ({
  ...anyone(status),
  stranger: 'session-required',
  revoked: 'session-required',
  ...more,
})

const EXPECTED: Record<string, Expected> = {
  'GET /api/health': OPEN,
  'GET /api/openapi.json': OPEN,
  'GET /api/reference': OPEN,
  'GET /docs/errors/:code': OPEN,

  'GET /api/session': OPEN,
  'GET /api/sign-in/options': OPEN,
  'GET /api/sign-in/psc': anyone(302),
  'GET /api/sign-in/psc/callback': anyone(302),
  'GET /api/sign-in/organism/:issuerId': anyone(302),
  'GET /api/sign-in/organism/:issuerId/callback': anyone(302),
  'PUT /api/session/place': signedIn('place-not-yours', { practitioner: 200, password: 200 }),
  'PUT /api/account/email': signedIn(200, {
    password: 'level-insufficient',
    adviser: 'right-missing',
    otherAdviser: 'right-missing',
    agent: 'right-missing',
  }),
  'POST /api/session/sign-out': signedIn(200),

  'POST /api/patients/identifications': parties(200, 200, 200, 'patient-unknown'),
  'GET /api/patients/:patientId': parties(200, 'patient-not-in-hand', 'patient-not-in-hand'),

  'GET /api/exchanges': parties(200, 200),
  'GET /api/exchanges/counters': parties(200, 200),
  'GET /api/motifs': parties(200, 200),
  'POST /api/practitioners/search': advisers(200, 200),
  // With the practitioner's patient in hand, which is nobody else's.
  'POST /api/exchanges': parties(201, 'patient-required', 'patient-required'),
  'GET /api/exchanges/:exchangeId': parties(200, 'exchange-not-found'),
  'POST /api/exchanges/:exchangeId/messages': parties(201, 'exchange-not-found'),
  'POST /api/exchanges/:exchangeId/closure': advisers(200, 'exchange-not-found'),
  'POST /api/exchanges/:exchangeId/patient': parties(200, 'exchange-not-found'),
  'GET /api/live': parties(200, 200),

  'GET /api/drafts': parties(200, 200),
  'POST /api/drafts': parties(201, 'exchange-not-found'),
  'GET /api/drafts/:draftId': parties(200, 'draft-not-found', 'draft-not-found'),
  'PUT /api/drafts/:draftId': parties(200, 'draft-not-found', 'draft-not-found'),
  // Throwing away what is not there, or not one's own, is no fault and changes nothing.
  'DELETE /api/drafts/:draftId': parties(204, 204),
}

test('the table and the routes are the same list', () => {
  const routes = world.server.routes.map(({ method, url }) => `${method} ${url}`)
  assert.deepEqual(routes.toSorted(), Object.keys(EXPECTED).toSorted())
  assert.equal(new Set(routes).size, routes.length)
})

test('every route declares a level and a right, and what is open to strangers says so', () => {
  for (const { operation } of world.server.routes) {
    assert.ok(operation.level && operation.right, operation.operationId)
    assert.equal(operation.level === 'none', operation.right === 'anyone', operation.operationId)
  }
})

for (const [name, expected] of Object.entries(EXPECTED)) {
  test(name, async () => {
    for (const kind of KINDS) {
      const fresh = await scene.prepare(name, kind)
      const answer = await fresh.send(await people[kind](world, scene))
      const wanted = expected[kind]
      const got = typeof wanted === 'number' ? answer.status : answer.code
      assert.equal(got, wanted, `${name} as ${kind}: ${answer.status} ${answer.code ?? ''}`)
      if (answer.status >= 400) {
        for (const secret of scene.secrets)
          assert.ok(!answer.text.includes(secret), `${name} as ${kind} tells something`)
        assert.deepEqual(
          Object.keys(answer.json as object).filter((key) => !CANARY_FREE.has(key)),
          [],
        )
      }
    }
  })
}

test('the draft of somebody else is still there after all were told 204', async () => {
  const draft = await scene.owner.call('GET /api/drafts/:draftId', { params: { draftId: scene.keptDraftId } })
  assert.equal(draft.status, 200)
})

test('someone else’s exchange is answered as one that does not exist, word for word', async () => {
  for (const kind of ['otherPractitioner', 'otherAdviser'] as const) {
    const client = await people[kind](world, scene)
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
    const client = await people[kind](world, scene)
    for (const folder of ['todo', 'waiting', 'closed']) {
      const { text } = await client.call('GET /api/exchanges', { query: { folder } })
      for (const secret of [...scene.secrets, scene.exchangeId]) assert.ok(!text.includes(secret))
    }
    const { text } = await client.call('GET /api/drafts')
    for (const secret of scene.secrets) assert.ok(!text.includes(secret))
  }
})

test('an adviser cannot open an exchange for another organism, nor with a draft or a patient of somebody else', async () => {
  const other = await people.otherAdviser(world, scene)
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
