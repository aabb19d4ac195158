// Open redirect: wherever an address is taken from the request, the browser stays on the portal.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { HOSTILE_PATHS, ODD_PATHS } from './hostile-paths.ts'
import { ORGANISM, PSC, type Stage, setStage } from './stage.ts'

let stage: Stage
before(async () => {
  stage = await setStage()
})
after(() => stage.stop())

const start = (path: string, search: string) => stage.world.stranger().raw('GET', `${path}?${search}`)
const target = (location: unknown) => new URL(String(location), stage.world.url)

describe('a place to come back to', () => {
  for (const [name, path] of [
    ['Pro Santé Connect', PSC],
    ['an organism', ORGANISM],
  ] as const) {
    test(`never leads out of the portal, by ${name}`, async () => {
      for (const hostile of HOSTILE_PATHS) {
        const answer = await start(path, `retour=${encodeURIComponent(hostile)}`)
        assert.deepEqual([answer.status, answer.code], [400, 'request-invalid'], JSON.stringify(hostile))
        assert.equal(answer.headers.location, undefined)
      }
    })
  }

  test('is refused when it is given twice, or as something else than a text', async () => {
    for (const search of [
      'retour=/&retour=//autre.example',
      'retour[]=/a',
      'retour[a]=/a',
      'retour=%',
      'retour=%ff%fe',
    ])
      assert.ok((await start(PSC, search)).status >= 302, search)
    for (const search of ['retour=/&retour=//autre.example', 'retour=//autre.example&retour=/'])
      assert.equal((await start(PSC, search)).status, 400, search)
  })

  test('that is odd, but of the portal, leads to the portal once signed in', async () => {
    for (const odd of ODD_PATHS) {
      const visitor = stage.visitor()
      const callback = await visitor.choose(
        await visitor.begin(`${PSC}?retour=${encodeURIComponent(odd)}`),
        'Sage-femme',
      )
      const { status, headers } = await visitor.jar.request(callback)
      const location = headers.get('location')!
      assert.equal(status, 302)
      assert.equal(location, odd)
      assert.equal(target(location).origin, stage.world.url, odd)
      assert.equal(headers.getSetCookie().filter((line) => line.startsWith('__Host-consilium=')).length, 1)
    }
  })
})

describe('a refused sign-in', () => {
  test('ends on the portal’s own page, and names a place to come back to only if it is one', async () => {
    for (const query of ['error=access_denied&retour=//autre.example', 'state=//autre.example&code=//autre.example']) {
      const answer = await start(`${PSC}/callback`, query)
      assert.equal(answer.status, 302)
      assert.equal(answer.headers.location, '/connexion/refusee?code=sign-in-expired')
    }
  })
})

describe('an odd address of a request', () => {
  test('is never sent back as a redirection to elsewhere', async () => {
    for (const path of [
      '//autre.example',
      '//autre.example/..',
      '/\\autre.example',
      '/%2f%2fautre.example/',
      '/%5cautre.example/..',
    ]) {
      const { headers } = await stage.world.stranger().raw('GET', path)
      if (headers.location) assert.equal(target(headers.location).origin, stage.world.url, path)
    }
  })
})
