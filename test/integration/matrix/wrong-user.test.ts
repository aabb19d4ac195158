// Every route as every kind of person. What each must be answered comes from the route table and the OpenAPI document
// (gates.ts), and beyond the gates from expected/: a new route without an expectation fails, and so does an expectation
// without a route, or an answer the document does not foresee.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../harness.ts'
import { assertDocumented, type Document, describedAs, isStream, successOf } from './document.ts'
import type { Answer, Expectation } from './expectation.ts'
import { accounts } from './expected/accounts.ts'
import { cards } from './expected/cards.ts'
import { contact } from './expected/contact.ts'
import { delegations } from './expected/delegations.ts'
import { exchanges } from './expected/exchanges.ts'
import { passwords } from './expected/passwords.ts'
import { patients } from './expected/patients.ts'
import { system } from './expected/system.ts'
import { refusedAtTheGates } from './gates.ts'
import { KIND_NAMES, KINDS, type Kind, type KindOfPerson } from './kinds.ts'
import { MAY_BE_TOLD, type Scene, setScene } from './scene.ts'
import { send } from './walk.ts'

const EXPECTED: Record<string, Expectation> = {
  ...system,
  ...accounts,
  ...cards,
  ...contact,
  ...passwords,
  ...delegations,
  ...patients,
  ...exchanges,
}

let world: World
let scene: Scene
let document: Document
before(async () => {
  world = await startWorld()
  scene = await setScene(world)
  document = (await world.stranger().raw('GET', '/api/openapi.json')).json as Document
})
after(() => world.stop())

const routeNames = () => world.server.routes.map(({ method, url }) => `${method} ${url}`)

test('the expectations and the routes are the same list', () => {
  assert.deepEqual(routeNames().toSorted(), Object.keys(EXPECTED).toSorted())
  assert.equal(new Set(routeNames()).size, routeNames().length)
})

test('every route declares a level and a right, what is open to strangers says so, and the document says the same', () => {
  for (const { method, url, operation } of world.server.routes) {
    assert.ok(operation.level && operation.right, operation.operationId)
    assert.equal(operation.level === 'none', operation.right === 'anyone', operation.operationId)
    const described = describedAs(document, `${method} ${url}`)
    assert.deepEqual([described['x-level'], described['x-right']], [operation.level, operation.right])
    assert.deepEqual(described.security, operation.level === 'none' ? [] : undefined, operation.operationId)
  }
})

/** What a kind must be answered: at the gates, else by what it is to the objects. */
function wanted(route: string, kind: Kind, expectation: Expectation): Answer {
  const described = describedAs(document, route)
  const { stands } = KINDS[kind] as KindOfPerson
  const gate = {
    method: route.split(' ')[0]!,
    level: described['x-level'],
    right: described['x-right'],
    scope: described['x-scope'] ?? null,
  }
  return (
    expectation.but?.[kind] ??
    refusedAtTheGates(kind, gate) ??
    (stands === 'acting' ? (expectation.acting ?? expectation.own) : expectation[stands]) ??
    successOf(described)
  )
}

for (const [route, expectation] of Object.entries(EXPECTED)) {
  test(route, async () => {
    const described = describedAs(document, route)
    const refusals = new Set<string>()
    for (const kind of KIND_NAMES) {
      const where = `${route} as ${kind}`
      const person: KindOfPerson = KINDS[kind]
      const client = await person.comes(world, scene)
      const options = (await expectation.call?.(scene, kind)) ?? {}
      const headers = { ...options.headers, ...person.headers }
      const answer = await send(client, route, { ...options, headers }, { stream: isStream(described), url: world.url })
      await expectation.after?.(scene)
      const expected = wanted(route, kind, expectation)
      const got = typeof expected === 'number' ? answer.status : answer.code
      assert.equal(got, expected, `${where}: ${answer.status} ${answer.code ?? ''}`)
      assertDocumented(document, described, answer, where)
      if (answer.status >= 400) {
        refusals.add(answer.code!)
        for (const secret of [...Object.values(scene.secrets), ...scene.identity])
          assert.ok(!answer.text.includes(secret), `${where} tells something`)
        assert.deepEqual(
          Object.keys(answer.json as object).filter((key) => !MAY_BE_TOLD.has(key)),
          [],
          where,
        )
      } else {
        const kept = person.stands === 'other' ? (['subject', 'text', 'draft'] as const) : (person.keptFrom ?? [])
        for (const name of kept) assert.ok(!answer.text.includes(scene.secrets[name]), `${where} tells the ${name}`)
      }
    }
    // The other way round: no gate is documented that stops nobody.
    for (const code of described.responses[401]?.['x-codes'] ?? [])
      assert.ok(refusals.has(code), `${route}: ${code} is documented and was answered to nobody`)
    for (const code of ['origin-refused', 'level-insufficient', 'right-missing', 'place-required', 'delegation-scope'])
      if (described.responses[403]?.['x-codes']?.includes(code))
        assert.ok(refusals.has(code), `${route}: ${code} is documented and was answered to nobody`)
  })
}

test('the draft of somebody else is still there after all were told 204', async () => {
  const draft = await scene.owner.call('GET /api/drafts/:draftId', { params: { draftId: scene.keptDraftId } })
  assert.equal(draft.status, 200)
})
