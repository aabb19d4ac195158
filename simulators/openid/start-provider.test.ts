import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import * as client from 'openid-client'
import { startOrganismIdentity } from '../organism-identity/start.ts'
import { startProSanteConnect } from '../pro-sante-connect/start.ts'
import { CookieJar } from './cookie-jar.ts'
import type { RunningProvider } from './start-provider.ts'

const callback = 'http://localhost:8300/api/sign-in/psc/callback'
const home = 'http://localhost:8300/'
const registration = {
  clientId: 'portal',
  clientSecret: 'a-secret-for-tests',
  redirectUris: [callback],
  postLogoutRedirectUris: [home],
}
const atPortal = (url: URL) => url.origin === 'http://localhost:8300'

async function configure(provider: RunningProvider) {
  return client.discovery(new URL(provider.discoveryUrl), 'portal', 'a-secret-for-tests', undefined, {
    execute: [client.allowInsecureRequests],
  })
}

type SignInOptions = { person: RegExp; means?: string; scope?: string; acr?: string; jar?: CookieJar }

/** Goes through the whole code flow as a browser and a portal do together. */
async function signIn(provider: RunningProvider, options: SignInOptions) {
  const config = await configure(provider)
  const jar = options.jar ?? new CookieJar()
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const nonce = client.randomNonce()
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: options.scope ?? 'openid scope_all',
    acr_values: 'eidas1',
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  const chooser = await jar.navigate(address, {}, atPortal)
  const html = await chooser.response.text()
  const person = personOf(html, options.person)
  const back = await jar.submit({ url: chooser.url, html }, { means: options.means ?? 'CARD', person }, atPortal)
  const tokens = await client.authorizationCodeGrant(config, back.url, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  })
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()!.sub)
  return { config, jar, html, chooser: chooser.response, back: back.url, tokens, idToken: tokens.claims()!, userinfo }
}

function personOf(html: string, label: RegExp): string {
  for (const [, value, text] of html.matchAll(/<button[^>]*name="person" value="([^"]+)">([^<]*)/g)) {
    const readable = text!.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)))
    if (label.test(readable)) return value!
  }
  throw new Error(`no button ${label}`)
}

describe('simulated Pro Santé Connect', () => {
  let psc: RunningProvider
  const logoutTokens: string[] = []
  const receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    logoutTokens.push(new URLSearchParams(Buffer.concat(chunks).toString()).get('logout_token') ?? '')
    response.writeHead(204).end()
  })
  before(async () => {
    await new Promise<void>((resolve) => receiver.listen(8301, '127.0.0.1', resolve))
    psc = await startProSanteConnect({
      port: 8302,
      clients: [{ ...registration, backchannelLogoutUri: 'http://localhost:8301/logout' }],
    })
  })
  after(async () => {
    await psc.close()
    receiver.close()
  })

  test('publishes its discovery document at the odd address, with Keycloak’s paths', async () => {
    assert.equal(
      psc.discoveryUrl,
      'http://localhost:8302/auth/realms/esante-wallet/.well-known/wallet-openid-configuration',
    )
    const document = (await (await fetch(psc.discoveryUrl)).json()) as Record<string, unknown>
    assert.equal(document.issuer, 'http://localhost:8302/auth/realms/esante-wallet')
    assert.equal(document.token_endpoint, `${psc.issuer}/protocol/openid-connect/token`)
    assert.equal(document.end_session_endpoint, `${psc.issuer}/protocol/openid-connect/logout`)
    assert.equal(document.backchannel_logout_supported, true)
  })

  test('signs in with one click on a person and gives PSC’s claims', async () => {
    const { html, chooser, back, tokens, idToken, userinfo } = await signIn(psc, {
      person: /^Médecin généraliste, deux lieux d'exercice /,
    })
    assert.equal((html.match(/<h1>/g) ?? []).length, 1)
    assert.match(html, /SIMULATEUR/)
    assert.match(html, /value="CARD" checked/)
    assert.match(chooser.headers.get('content-security-policy') ?? '', /^default-src 'none'/)
    assert.doesNotMatch(html, /<script|https?:\/\//)
    assert.equal(back.searchParams.get('iss'), psc.issuer)
    assert.equal(tokens.expires_in, 120)
    assert.equal(idToken.acr, 'eidas1')
    assert.equal(idToken.authMode, 'CARD')
    assert.equal(typeof idToken.sid, 'string')
    assert.equal(userinfo.SubjectNameID, '899709990016')
    assert.equal(userinfo.authMode, 'CARD')
    const { exercices } = userinfo.SubjectRefPro as { exercices: { activities: Record<string, string>[] }[] }
    assert.equal(exercices[0]?.activities.length, 2)
    assert.equal(exercices[0]?.activities[0]?.raisonSocialeSite, 'CABINET DR EXEMPLE')
    assert.equal(exercices[0]?.activities[0]?.numeroSiretSite, '')
  })

  test('shows the chooser again and lets another person in, by another means', async () => {
    const jar = new CookieJar()
    const first = await signIn(psc, { person: /^Sage-femme/, jar })
    const second = await signIn(psc, { person: /^Infirmier, sans adresse électronique/, means: 'MOBILE', jar })
    assert.equal(second.userinfo.family_name, 'FICTIF')
    assert.equal(second.idToken.authMode, 'MOBILE')
    assert.notEqual(second.idToken.sid, first.idToken.sid)
    assert.doesNotMatch(JSON.stringify(second.userinfo), /@/)
    for (const { name } of jar.cookies) assert.match(name, /^sim_psc_/)
  })

  test('refuses a code without its PKCE verifier', async () => {
    const config = await configure(psc)
    const address = client.buildAuthorizationUrl(config, { redirect_uri: callback, scope: 'openid scope_all' })
    const { url } = await new CookieJar().navigate(address, {}, atPortal)
    assert.equal(url.searchParams.get('error'), 'invalid_request')
  })

  test('a cancelled sign-in comes back as access_denied', async () => {
    const config = await configure(psc)
    const jar = new CookieJar()
    const address = client.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid scope_all',
      code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
    })
    const page = await jar.navigate(address, {}, atPortal)
    const html = await page.response.text()
    const { url } = await jar.submit({ url: page.url, html }, { cancel: 'yes' }, atPortal)
    assert.equal(url.searchParams.get('error'), 'access_denied')
  })

  test('signs out on the portal’s request, comes back, and tells by the back channel', async () => {
    const { config, jar, tokens, idToken } = await signIn(psc, { person: /^Chirurgien-dentiste/ })
    logoutTokens.length = 0
    const address = client.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token!,
      post_logout_redirect_uri: home,
    })
    const page = await jar.navigate(address, {}, atPortal)
    const html = await page.response.text()
    const { url } = await jar.submit({ url: page.url, html }, {}, atPortal)
    assert.equal(url.href, home)
    const told = JSON.parse(Buffer.from(logoutTokens[0]!.split('.')[1]!, 'base64url').toString()) as Record<
      string,
      unknown
    >
    assert.equal(told.sid, idToken.sid)
    assert.deepEqual(told.events, { 'http://schemas.openid.net/event/backchannel-logout': {} })
  })

  test('a sign-out with an ID token from before a restart still comes back', async () => {
    const { config, jar } = await signIn(psc, { person: /^Sage-femme/ })
    const foreign = `${Buffer.from('{"alg":"RS256","kid":"older"}').toString('base64url')}.e30.c2ln`
    const address = client.buildEndSessionUrl(config, { id_token_hint: foreign, post_logout_redirect_uri: home })
    const page = await jar.navigate(address, {}, atPortal)
    const { url } = await jar.submit({ url: page.url, html: await page.response.text() }, {}, atPortal)
    assert.equal(url.href, home)
  })
})

test('the acr can be another than the one asked for', async () => {
  const psc = await startProSanteConnect({ port: 8303, clients: [registration], acr: 'eidas2' })
  try {
    assert.equal((await signIn(psc, { person: /^Sage-femme/ })).idToken.acr, 'eidas2')
  } finally {
    await psc.close()
  }
})

test('the simulated provider of the staff gives roles and organisms', async () => {
  const provider = await startOrganismIdentity({ port: 8304, clients: [registration] })
  try {
    const scope = 'openid profile'
    const jar = new CookieJar()
    const adviser = await signIn(provider, { person: /^Médecin-conseil, CPAM du Val-de-Marne/, scope, jar })
    assert.equal(adviser.userinfo.role, 'medecin_conseil')
    assert.deepEqual(adviser.userinfo.organisms, ['01-941'])
    assert.ok(Array.isArray(adviser.idToken.amr))
    const other = await signIn(provider, { person: /^Médecin-conseil, autre CPAM/, scope, jar })
    assert.deepEqual(other.userinfo.organisms, ['01-451'])
    const agent = await signIn(provider, { person: /^Agent administratif, CPAM du Val-de-Marne/, scope, jar })
    assert.equal(agent.userinfo.role, 'agent_administratif')
    for (const { name } of jar.cookies) assert.match(name, /^sim_org_/)
  } finally {
    await provider.close()
  }
})

test('refresh tokens outlive a restart where a file is named, and serve once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'))
  const options = { port: 8305, clients: [registration], keptIn: join(folder, 'kept', 'organism.json') }
  const first = await startOrganismIdentity(options)
  const { tokens } = await signIn(first, { person: /^Médecin-conseil, CPAM du Val-de-Marne/, scope: 'openid profile' })
  await first.close()
  const second = await startOrganismIdentity(options)
  try {
    const config = await configure(second)
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token!)
    const userinfo = await client.fetchUserInfo(config, renewed.access_token, tokens.claims()!.sub)
    assert.equal(userinfo.role, 'medecin_conseil')
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token!), { error: 'invalid_grant' })
  } finally {
    await second.close()
    rmSync(folder, { recursive: true })
  }
})
