// Host header: no link, redirection, cookie or document follows the name that a request says it was sent to.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openExchange } from '../harness.ts'
import { ORGANISM, PSC, type Stage, setStage } from './stage.ts'

const EVIL = 'portail-malveillant.example'
const FORGED: Record<string, Record<string, string>> = {
  Host: { host: EVIL },
  'Host with a port of ours': { host: `${EVIL}:80` },
  'X-Forwarded-Host': { 'x-forwarded-host': EVIL, 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' },
  Forwarded: { forwarded: `host=${EVIL};proto=https;for=192.0.2.1` },
  'others of the kind': {
    'x-host': EVIL,
    'x-original-host': EVIL,
    'x-http-host-override': EVIL,
    'x-original-url': `https://${EVIL}/`,
  },
}

let stage: Stage
before(async () => {
  // As behind a reverse proxy: its address is believed for X-Forwarded-For, and for nothing more.
  stage = await setStage({ CONSILIUM_PROXIES: '127.0.0.1,::1' })
})
after(() => stage.stop())

for (const [name, headers] of Object.entries(FORGED)) {
  describe(name, () => {
    test('a sign-in still asks to come back to the portal', async () => {
      for (const [path, callback] of [
        [PSC, '/api/sign-in/psc/callback'],
        [ORGANISM, '/api/sign-in/organism/demonstration/callback'],
      ] as const) {
        const answer = await stage.world.stranger().raw('GET', path, { headers })
        assert.equal(answer.status, 302)
        const location = new URL(String(answer.headers.location))
        assert.equal(location.searchParams.get('redirect_uri'), `${stage.world.url}${callback}`)
        assert.ok(!location.href.includes(EVIL))
        assert.ok(!String(answer.headers['set-cookie']).includes(EVIL))
      }
    })

    test('a refusal leads to the portal’s own page', async () => {
      const answer = await stage.world.stranger().raw('GET', `${PSC}/callback?state=x`, { headers })
      assert.equal(answer.headers.location, '/connexion/refusee?code=sign-in-expired')
    })

    test('nothing of it stands in a document or a page', async () => {
      for (const path of ['/api/openapi.json', '/api/reference', '/', '/docs/errors/not-found', '/api/nothing'])
        assert.ok(!(await stage.world.stranger().raw('GET', path, { headers })).text.includes(EVIL), path)
    })

    test('a sign-out leads back to the portal', async () => {
      const { world } = stage
      const client = await world.signIn(await world.practitioner(), { issuer: world.configuration.psc.issuer })
      const answer = await client.call('POST /api/session/sign-out', { headers })
      assert.ok(!answer.text.includes(EVIL))
    })

    test('the link of a mail is the portal’s', async () => {
      const { world } = stage
      const practitioner = await world.signIn(await world.practitioner())
      const adviser = await world.signIn(await world.staff())
      const exchangeId = await openExchange(practitioner)
      const before = world.mailer.sent.length
      const answer = await adviser.call('POST /api/exchanges/:exchangeId/messages', {
        params: { exchangeId },
        body: { text: 'Texte' },
        headers,
      })
      assert.equal(answer.status, 201)
      const mail = (await world.mailer.until(before + 1)).at(-1)!
      assert.ok(mail.text.includes(`${world.url}/echanges/${exchangeId}`))
      assert.ok(!JSON.stringify(mail).includes(EVIL))
    })
  })
}

test('a whole address in place of a path is read as the path alone', async () => {
  const answer = await stage.world.stranger().raw('GET', `http://${EVIL}${PSC}`)
  assert.equal(answer.status, 302)
  assert.ok(!String(answer.headers.location).includes(EVIL))
})

test('a page asked for under another name is sent to the portal’s own, whatever its path looks like', async () => {
  for (const path of [
    '/',
    '/echanges',
    '/@autre.example',
    '/.autre.example',
    '/:80@autre.example',
    '//autre.example',
  ]) {
    const headers = { host: EVIL, 'sec-fetch-mode': 'navigate' }
    const answer = await stage.world.stranger().raw('GET', path, { headers })
    assert.equal(answer.status, 307, path)
    assert.equal(new URL(String(answer.headers.location)).origin, stage.world.url, path)
  }
})
