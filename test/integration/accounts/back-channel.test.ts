// Sign-out by the back channel: what a provider may say, what others may not, and what it closes.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { SignJWT } from 'jose'
import { startProSanteConnect } from '../../../simulators/pro-sante-connect/start.ts'
import { CLIENT, type ForgingProvider, honestly, startForgingProvider } from '../attacks/forging-provider.ts'
import { startWorld } from '../harness.ts'
import { type Ground, openGround } from '../patients/database.ts'
import { type Portal, startPortal, Visitor } from './portal.ts'

const PORT = 8340
const PSC = '/api/sign-in/psc'
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const clock = { now: () => new Date() }

let ground: Ground
let portal: Portal
let provider: ForgingProvider
let subject = ''

before(async () => {
  ground = await openGround()
  provider = await startForgingProvider(PORT + 1)
  portal = await startPortal(ground, clock, PORT, ({ psc }) => {
    psc.discovery = provider.discovery
    psc.issuer = provider.issuer
    psc.clientId = CLIENT.id
    psc.clientSecret = CLIENT.secret
  })
})
after(async () => {
  await provider?.close()
  await portal?.close()
  await ground?.close()
})
beforeEach(() => {
  provider.forge = honestly
})

/** Signed in on a session of the provider of this name. */
async function signedIn(sid: string, more: Record<string, unknown> = {}): Promise<Visitor> {
  provider.forge = async ({ claims, sign }) => {
    subject = claims.sub!
    return { idToken: await sign({ ...claims, sid }), more }
  }
  const visitor = new Visitor(portal)
  await visitor.visit(`${portal.url}${PSC}`)
  assert.equal((await visitor.session()).state, 'signedIn')
  return visitor
}

const seconds = () => Math.floor(Date.now() / 1000)
const claimsOf = (more: Record<string, unknown> = {}) => ({
  iss: provider.issuer,
  aud: CLIENT.id,
  iat: seconds(),
  exp: seconds() + 120,
  jti: crypto.randomUUID(),
  events: { [EVENT]: {} },
  ...more,
})
const signed = (more: Record<string, unknown> = {}) => provider.sign(claimsOf(more), undefined, { typ: 'logout+jwt' })

async function tell(token: string, { issuerId = 'psc', body }: { issuerId?: string; body?: string } = {}) {
  const response = await fetch(`${portal.url}/api/sign-out/back-channel/${issuerId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: body ?? String(new URLSearchParams({ logout_token: token })),
  })
  const json = (await response.json()) as { code?: string }
  return { status: response.status, code: json.code, cache: response.headers.get('cache-control'), json }
}
const stateOf = async (visitor: Visitor) => (await visitor.session()).state

describe('a logout token', () => {
  test('closes the sessions of the provider’s session it names, and no other; traced', async () => {
    const [one, twin, other] = [await signedIn('A'), await signedIn('A'), await signedIn('B')]
    const answer = await tell(await signed({ sid: 'A' }))
    assert.deepEqual([answer.status, answer.cache, answer.json], [200, 'no-store', {}])
    assert.deepEqual(
      [await stateOf(one), await stateOf(twin), await stateOf(other)],
      ['signedOut', 'signedOut', 'signedIn'],
    )
    const traced = await ground.asOwner(`select event, actor from trace.event where type = 'session.closed'`)
    assert.equal(traced.length, 2)
    for (const { event, actor } of traced) {
      assert.equal(JSON.parse(event as string).reason, 'backChannel')
      assert.ok(actor)
    }
  })

  test('that names a person only closes all their sessions', async () => {
    const [one, other] = [await signedIn('C'), await signedIn('D')]
    assert.equal((await tell(await signed({ sub: 'f:0:of-somebody-else' }))).status, 200)
    assert.equal(await stateOf(one), 'signedIn')
    assert.equal((await tell(await signed({ sub: subject }))).status, 200)
    assert.deepEqual([await stateOf(one), await stateOf(other)], ['signedOut', 'signedOut'])
  })

  test('of a session that is known to nobody here is heeded: there is nothing to close', async () => {
    assert.equal((await tell(await signed({ sid: 'nobody' }))).status, 200)
  })

  test('serves once: replayed, it does not close the next session of the same name', async () => {
    const first = await signedIn('E')
    const token = await signed({ sid: 'E' })
    assert.equal((await tell(token)).status, 200)
    assert.equal(await stateOf(first), 'signedOut')
    const next = await signedIn('E')
    assert.deepEqual(await tell(token).then(({ status, code }) => [status, code]), [400, 'logout-token-refused'])
    assert.equal(await stateOf(next), 'signedIn')
  })

  const forged: [string, () => Promise<string>][] = [
    [
      'an ID token in place of a logout token',
      () => provider.sign({ ...claimsOf({ sid: 'F', nonce: 'n', sub: subject }), events: undefined }),
    ],
    ['a logout token with a nonce', () => signed({ sid: 'F', nonce: 'n' })],
    ['another issuer', () => signed({ sid: 'F', iss: 'https://autre.example' })],
    ['another audience', () => signed({ sid: 'F', aud: 'autre' })],
    ['no audience', () => signed({ sid: 'F', aud: undefined })],
    ['older than two minutes', () => signed({ sid: 'F', iat: seconds() - 140, exp: seconds() + 60 })],
    ['expired', () => signed({ sid: 'F', exp: seconds() - 60 })],
    ['of the future', () => signed({ sid: 'F', iat: seconds() + 60 })],
    ['no date', () => signed({ sid: 'F', iat: undefined })],
    ['no event', () => signed({ sid: 'F', events: undefined })],
    ['another event', () => signed({ sid: 'F', events: { 'https://autre.example': {} } })],
    ['an event that is no object', () => signed({ sid: 'F', events: { [EVENT]: true } })],
    ['events that are a list', () => signed({ sid: 'F', events: [EVENT] })],
    ['neither sid nor sub', () => signed()],
    ['a sid that is no text', () => signed({ sid: ['F'], sub: subject })],
    ['an empty sid', () => signed({ sid: '', sub: subject })],
    ['no jti', () => signed({ sid: 'F', jti: undefined })],
    ['the key of somebody else', () => provider.sign(claimsOf({ sid: 'F' }), provider.foreign)],
    ['a key that is not published', () => provider.sign(claimsOf({ sid: 'F' }), undefined, { kid: 'other' })],
    ['an access token', () => provider.sign(claimsOf({ sid: 'F' }), undefined, { typ: 'at+jwt' })],
    [
      'the client’s own secret for a key',
      () =>
        new SignJWT(claimsOf({ sid: 'F' }))
          .setProtectedHeader({ alg: 'HS256' })
          .sign(new TextEncoder().encode(CLIENT.secret)),
    ],
    [
      'no signature',
      async () => {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
        return `${part({ alg: 'none' })}.${part(claimsOf({ sid: 'F' }))}.`
      },
    ],
    ['no token at all', async () => 'x'],
  ]
  for (const [name, make] of forged) {
    test(`refused: ${name}`, async () => {
      const visitor = await signedIn('F')
      const answer = await tell(await make())
      assert.deepEqual([answer.status, answer.code, answer.cache], [400, 'logout-token-refused', 'no-store'])
      assert.equal(await stateOf(visitor), 'signedIn')
    })
  }

  test('is refused under another provider, or one that is not known', async () => {
    const visitor = await signedIn('G')
    for (const issuerId of ['demonstration', 'inconnu'])
      assert.equal((await tell(await signed({ sid: 'G' }), { issuerId })).code, 'logout-token-refused')
    assert.equal(await stateOf(visitor), 'signedIn')
  })
})

describe('the form', () => {
  test('is read strictly, on this route only', async () => {
    const visitor = await signedIn('H')
    const token = await signed({ sid: 'H' })
    for (const body of ['', 'x=1', `logout_token=${token}&logout_token=${token}`, 'logout_token='])
      assert.deepEqual(await tell('', { body }).then(({ status, code }) => [status, code]), [400, 'request-invalid'])
    const send = (path: string, type: string, body: string) =>
      fetch(`${portal.url}${path}`, { method: 'POST', headers: { 'content-type': type }, body })
    const asJson = JSON.stringify({ logout_token: token })
    assert.equal((await send('/api/sign-out/back-channel/psc', 'application/json', asJson)).status, 415)
    assert.equal((await send('/api/session/sign-out', 'application/x-www-form-urlencoded', 'a=b')).status, 415)
    const elsewhere = await fetch(`${portal.url}/api/sign-out/back-channel/psc`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://autre.example' },
      body: `logout_token=${token}`,
    })
    assert.equal(elsewhere.status, 403)
    assert.equal(await stateOf(visitor), 'signedIn')
    // Other fields are passed over (part 2.5).
    assert.equal((await tell('', { body: `__proto__=x&autre=1&logout_token=${token}` })).status, 200)
    assert.equal(await stateOf(visitor), 'signedOut')
  })
})

describe('a provider that tells when its own session ends', () => {
  const minutesLeft = async (visitor: Visitor) =>
    Math.round((Date.parse((await visitor.session()).expiresAt!) - Date.now()) / 60_000)

  test('is believed: the session here ends no later; its idle time is not taken for an end', async () => {
    assert.equal(await minutesLeft(await signedIn('I')), 240)
    assert.equal(await minutesLeft(await signedIn('J', { refresh_expires_in: 1800 })), 240)
    assert.equal(await minutesLeft(await signedIn('K', { refresh_expires_in: 600 })), 10)
    assert.equal(await minutesLeft(await signedIn('L', { session_expires_in: 5400 })), 90)
    assert.equal(await minutesLeft(await signedIn('M', { session_expires_in: '5400', refresh_expires_in: 0 })), 240)
  })
})

test('signed out of Pro Santé Connect elsewhere, one is signed out here', async () => {
  const psc = await startProSanteConnect({
    port: PORT + 3,
    clients: [
      {
        clientId: 'consilium-demonstration',
        clientSecret: 'demonstration-secret-of-no-value',
        redirectUris: [`http://localhost:${PORT + 2}/api/sign-in/psc/callback`],
        postLogoutRedirectUris: [],
        backchannelLogoutUri: `http://localhost:${PORT + 2}/api/sign-out/back-channel/psc`,
      },
    ],
  })
  const other = await startPortal(ground, clock, PORT + 2)
  try {
    const visitor = new Visitor(other)
    await visitor.signIn(PSC, 'Sage-femme')
    assert.equal(await stateOf(visitor), 'signedIn')
    const leaving = await visitor.jar.navigate(`${psc.issuer}/protocol/openid-connect/logout`)
    await visitor.jar.submit({ url: leaving.url, html: await leaving.response.text() }, {})
    assert.equal(await stateOf(visitor), 'signedOut')
  } finally {
    await other.close()
    await psc.close()
  }
})

test('the event streams of a session that is closed end at once', async () => {
  const world = await startWorld({
    environment: {
      CONSILIUM_PSC_DISCOVERY: provider.discovery,
      CONSILIUM_PSC_ISSUER: provider.issuer,
      CONSILIUM_PSC_CLIENT_ID: CLIENT.id,
      CONSILIUM_PSC_CLIENT_SECRET: CLIENT.secret,
    },
  })
  try {
    const somebody = await world.practitioner()
    const followed = { issuer: provider.issuer, idpSid: 'stream' }
    const stream = await (await world.signIn(somebody, followed)).live()
    const other = await (await world.signIn(somebody, { ...followed, idpSid: 'other' })).live()
    const answer = await fetch(`${world.url}/api/sign-out/back-channel/psc`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: await signed({ sid: 'stream' }) }),
    })
    assert.equal(answer.status, 200)
    await stream.ended
    other.close()
  } finally {
    await world.stop()
  }
})

test('the log tells what was refused, and holds no token', () => {
  assert.doesNotMatch(portal.log(), /eyJ|logout_token=/)
})
