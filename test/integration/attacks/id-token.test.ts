// Attacks on the ID token itself: whoever can speak for the provider, or stands between, must prove what the real one
// would. Each forgery differs from an honest answer in one thing.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { exportSPKI, SignJWT, UnsecuredJWT } from 'jose'
import { Visitor } from '../accounts/portal.ts'
import { freePort, startWorld, type World } from '../harness.ts'
import { CLIENT, type Forgery, type ForgingProvider, honestly, startForgingProvider } from './forging-provider.ts'
import { PSC, refusedWith } from './stage.ts'

let world: World
let provider: ForgingProvider
before(async () => {
  provider = await startForgingProvider(await freePort())
  world = await startWorld({
    environment: {
      CONSILIUM_PSC_DISCOVERY: provider.discovery,
      CONSILIUM_PSC_ISSUER: provider.issuer,
      CONSILIUM_PSC_CLIENT_ID: CLIENT.id,
      CONSILIUM_PSC_CLIENT_SECRET: CLIENT.secret,
    },
  })
})
after(async () => {
  await world.stop()
  await provider.close()
})

async function signIn(forge: Forgery): Promise<string | null> {
  provider.forge = forge
  const visitor = new Visitor(world)
  const end = refusedWith(await visitor.visit(`${world.url}${PSC}`))
  const { state } = await visitor.session()
  assert.equal(state, end === '/' ? 'signedIn' : 'signedOut')
  return end
}
/** An honest token but for some claims. */
const but =
  (change: Record<string, unknown>): Forgery =>
  async ({ claims, sign }) => ({ idToken: await sign({ ...claims, ...change }) })
const now = () => Math.floor(Date.now() / 1000)

test('an honest provider is believed: the forgeries below fail for what they change', async () => {
  assert.equal(await signIn(honestly), '/')
})

const FORGERIES: Record<string, Record<string, Forgery>> = {
  signature: {
    'none at all (alg none)': async ({ claims }) => ({ idToken: new UnsecuredJWT(claims).encode() }),
    'cut off': async ({ claims, sign }) => ({ idToken: `${(await sign(claims)).split('.').slice(0, 2).join('.')}.` }),
    'of another key under the known name': async ({ claims, sign, foreign }) => ({
      idToken: await sign(claims, foreign),
    }),
    'of an unknown key': async ({ claims, sign, foreign }) => ({
      idToken: await sign(claims, foreign, { kid: 'autre' }),
    }),
    'of a key the token brings itself': async ({ claims, sign, foreign }) => ({
      idToken: await sign(claims, foreign, { kid: undefined, jku: 'https://autre.example/keys' }),
    }),
    'by the client’s secret (HS256)': async ({ claims }) => ({
      idToken: await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: 'own' })
        .sign(new TextEncoder().encode(CLIENT.secret)),
    }),
    'by the public key taken for a secret (HS256)': async ({ claims, own }) => ({
      idToken: await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: 'own' })
        .sign(new TextEncoder().encode(await exportSPKI(own.publicKey))),
    }),
    'of other claims': async ({ claims, sign }) => {
      const [header, , signature] = (await sign(claims)).split('.')
      const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'autre' })).toString('base64url')
      return { idToken: `${header}.${changed}.${signature}` }
    },
  },
  claims: {
    'another issuer': but({ iss: 'https://autre.example' }),
    'another audience': but({ aud: 'autre-client' }),
    'no audience': but({ aud: undefined }),
    'several audiences, issued to another': but({ aud: [CLIENT.id, 'autre-client'], azp: 'autre-client' }),
    'another nonce': but({ nonce: 'x'.repeat(43) }),
    'no nonce': but({ nonce: undefined }),
    'expired an hour ago': async ({ claims, sign }) => ({
      idToken: await sign({ ...claims, iat: now() - 7200, exp: now() - 3600 }),
    }),
    'no end': but({ exp: undefined }),
    'not valid yet': async ({ claims, sign }) => ({ idToken: await sign({ ...claims, nbf: now() + 3600 }) }),
    'no subject': but({ sub: undefined }),
  },
  answer: {
    'no ID token': async () => ({ idToken: null }),
    'an ID token that is none': async () => ({ idToken: 'x.y.z' }),
    'userinfo of somebody else': async ({ claims, sign, userinfo }) => ({
      idToken: await sign(claims),
      userinfo: { ...userinfo, sub: 'f:00000000-1111-4222-8333-444444444444:899709990099' },
    }),
    'userinfo of nobody': async ({ claims, sign, userinfo: { sub: _sub, ...rest } }) => ({
      idToken: await sign(claims),
      userinfo: rest,
    }),
    'a token of another type': async ({ claims, sign }) => ({
      idToken: await sign(claims),
      more: { token_type: 'mac' },
    }),
  },
}
for (const [part, forgeries] of Object.entries(FORGERIES)) {
  describe(`forged ${part}`, () => {
    for (const [name, forge] of Object.entries(forgeries)) {
      test(name, async () => {
        assert.equal(await signIn(forge), 'sign-in-refused')
      })
    }
  })
}

test('a level that is missing, or that nobody has heard of, opens nothing', async () => {
  for (const acr of [undefined, '', '0', 'eidas', 'eidas0', 'EIDAS1', 'eidas1 ', 1, ['eidas1'], { eidas1: true }])
    assert.equal(await signIn(but({ acr })), 'level-insufficient', JSON.stringify(acr))
})

test('claims of any other shape than expected are read without harm, or refused', async () => {
  const odd: unknown[] = [null, 0, '', [], {}, 'x'.repeat(100_000), { toString: 'x' }, [null], [[]]]
  for (const value of odd) {
    const end = await signIn(async ({ claims, sign, userinfo }) => {
      const spoilt = Object.fromEntries(
        Object.keys(userinfo).map((name) => [name, name === 'sub' ? userinfo.sub : value]),
      )
      return { idToken: await sign(claims), userinfo: spoilt }
    })
    assert.ok(['not-a-professional', 'no-place-of-practice', 'sign-in-refused'].includes(end!), `${end}`)
  }
})
