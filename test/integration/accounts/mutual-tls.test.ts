// The client of Pro Santé Connect by mutual TLS (RFC 8705), from end to end over TLS, with an authority made here.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { CookieJar } from '../../../simulators/openid/cookie-jar.ts'
import type { RunningProvider } from '../../../simulators/openid/start-provider.ts'
import { startProSanteConnect } from '../../../simulators/pro-sante-connect/start.ts'
import { transportFetch } from '../../../src/services/accounts/client-transport.ts'
import { type Authority, createAuthority, type Pair } from '../../tooling/certificates.ts'
import { type Ground, openGround } from '../patients/database.ts'
import { startPortal, Visitor } from './portal.ts'

const PORT = 8350
const PSC = '/api/sign-in/psc'
const SUBJECT = 'CN=consilium-essai,O=Organisme fictif'
const clock = { now: () => new Date() }

let ground: Ground
let authority: Authority
let psc: RunningProvider

before(async () => {
  ground = await openGround()
  authority = await createAuthority('AC fictive')
  psc = await startProSanteConnect({
    port: PORT + 1,
    tls: { ...(await authority.server('localhost')), ca: authority.certificate },
    clients: [
      {
        clientId: 'consilium-essai',
        clientSecret: '',
        certificateSubject: SUBJECT,
        redirectUris: [`http://localhost:${PORT}/api/sign-in/psc/callback`],
        postLogoutRedirectUris: [`http://localhost:${PORT}/`],
        backchannelLogoutUri: `http://localhost:${PORT}/api/sign-out/back-channel/psc`,
      },
    ],
  })
})
after(async () => {
  await psc?.close()
  await ground?.close()
})

async function withPortal(shown: Pair | null, ca: string | null, act: (visitor: Visitor) => Promise<void>) {
  const portal = await startPortal(ground, clock, PORT, (configuration) => {
    Object.assign(configuration.psc, {
      discovery: psc.discoveryUrl,
      issuer: psc.issuer,
      clientId: 'consilium-essai',
      clientSecret: shown ? '' : 'secret-of-no-value',
      clientCertificate: shown,
      ca,
    })
  })
  // The browser knows the authority, and has no certificate.
  const trusting = transportFetch({ ca: authority.certificate, clientCertificate: null })
  try {
    await act(new Visitor(portal, new CookieJar({ fetch: trusting })))
  } finally {
    await portal.close()
  }
}

test('the right certificate, and no secret: signed in, and out again by the back channel', async () => {
  const document = (await (
    await transportFetch({ ca: authority.certificate, clientCertificate: null })!(psc.discoveryUrl)
  ).json()) as Record<string, unknown>
  assert.equal(document.tls_client_certificate_bound_access_tokens, true)
  await withPortal(await authority.client(SUBJECT), authority.certificate, async (visitor) => {
    assert.equal((await visitor.signIn(`${PSC}?retour=/a`, 'Sage-femme')).pathname, '/a')
    assert.equal((await visitor.session()).state, 'signedIn')
    const leaving = await visitor.jar.navigate(`${psc.issuer}/protocol/openid-connect/logout`)
    await visitor.jar.submit({ url: leaving.url, html: await leaving.response.text() }, {})
    assert.equal((await visitor.session()).state, 'signedOut')
  })
})

const codeOf = (url: URL) => url.searchParams.get('code')

test('another’s certificate, of the same authority, proves nothing', async () => {
  const other = await authority.client('CN=autre,O=Organisme fictif')
  await withPortal(other, authority.certificate, async (visitor) => {
    assert.equal(codeOf(await visitor.signIn(PSC, 'Sage-femme')), 'sign-in-refused')
  })
})

test('the right name, signed by nobody known, proves nothing', async () => {
  const forged = await (await createAuthority('AC fictive')).client(SUBJECT)
  await withPortal(forged, authority.certificate, async (visitor) => {
    assert.equal(codeOf(await visitor.signIn(PSC, 'Sage-femme')), 'sign-in-refused')
  })
})

test('no certificate proves nothing', async () => {
  await withPortal(null, authority.certificate, async (visitor) => {
    assert.equal(codeOf(await visitor.signIn(PSC, 'Sage-femme')), 'sign-in-refused')
  })
})

test('a provider whose own certificate is of no authority we know is not spoken to', async () => {
  await withPortal(await authority.client(SUBJECT), null, async (visitor) => {
    assert.equal(codeOf((await visitor.begin(PSC)).url), 'identity-provider-unavailable')
  })
})
