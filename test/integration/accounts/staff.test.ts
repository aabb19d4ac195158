// The insurer's people: what a provider may say of them, who gets in, and that a role taken away is gone at the next
// request. The people of the simulated provider change while it runs.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { ClientRegistration } from '../../../simulators/openid/client-registration.ts'
import type { RunningProvider } from '../../../simulators/openid/start-provider.ts'
import { startOrganismIdentity } from '../../../simulators/organism-identity/start.ts'
import { type FictionalStaff, readPeople } from '../../../simulators/people.ts'
import { OrganismIssuer } from '../../../src/platform/configuration.ts'
import { GRACE_MS } from '../../../src/services/accounts/recheck.ts'
import { type Ground, openGround } from '../patients/database.ts'
import { type Portal, startPortal, Visitor } from './portal.ts'

const PORT = 8420
const clock = {
  ahead: 0,
  now() {
    return new Date(Date.now() + this.ahead)
  },
}
const staff: FictionalStaff[] = structuredClone(readPeople().staff)
const asFirst: FictionalStaff[] = structuredClone(staff)
const ORGANISM = '/api/sign-in/organism/demonstration'
const ADVISER = 'Médecin-conseil, CPAM du Val-de-Marne'
const adviser = () => staff.find(({ role }) => role === ADVISER)!

let ground: Ground
let portal: Portal
/** Another server of the same portal: same database, same keys, same address for the browser's cookies. */
let twin: Portal
let provider: RunningProvider
const settings = (more: object) =>
  OrganismIssuer.parse({
    issuerId: 'demonstration',
    label: 'Essai',
    discovery: `http://localhost:${PORT + 2}/.well-known/openid-configuration`,
    issuer: `http://localhost:${PORT + 2}`,
    clientId: 'consilium-demonstration',
    clientSecret: 'demonstration-secret-of-no-value',
    organisms: ['01-941', '01-451'],
    contact: 'habilitations@organisme.example',
    ...more,
  })
const issuers = [
  settings({}),
  settings({
    issuerId: 'keycloak',
    claims: { role: 'realm_access.roles' },
    roles: { 'gg-medecins': 'medecin_conseil' },
  }),
  settings({ issuerId: 'exigeant', acr: ['eidas2'], amr: ['sc+pin', 'mfa'] }),
  settings({ issuerId: 'plus-exigeant', acr: ['eidas3'] }),
  settings({ issuerId: 'sans', recheckSeconds: 0 }),
]
const clients = (port: number): ClientRegistration[] => [
  {
    clientId: 'consilium-demonstration',
    clientSecret: 'demonstration-secret-of-no-value',
    redirectUris: issuers.map(({ issuerId }) => `http://localhost:${port}/api/sign-in/organism/${issuerId}/callback`),
    postLogoutRedirectUris: [`http://localhost:${port}/`],
  },
]
const startProvider = () => startOrganismIdentity({ port: PORT + 2, clients: clients(PORT), people: staff })

before(async () => {
  ground = await openGround()
  portal = await startPortal(ground, clock, PORT, (configuration) => {
    configuration.organismIssuers = issuers
  })
  twin = await startPortal(ground, clock, PORT + 5, (configuration) => {
    configuration.organismIssuers = issuers
  })
  provider = await startProvider()
})
after(async () => {
  await provider?.close()
  await portal?.close()
  await twin?.close()
  await ground?.close()
})
beforeEach(() => {
  clock.ahead = 0
  for (const [at, person] of asFirst.entries()) Object.assign(staff[at]!, structuredClone(person))
})

const refusedWith = (url: URL) => (url.pathname === '/connexion/refusee' ? url.searchParams.get('code') : url.pathname)
const via = (issuerId: string) => `/api/sign-in/organism/${issuerId}`
async function signedIn(label = ADVISER, path = ORGANISM): Promise<Visitor> {
  const visitor = new Visitor(portal)
  assert.equal((await visitor.signIn(path, label)).pathname, '/')
  return visitor
}
const stateOf = async (visitor: Visitor) => (await visitor.session()).state
const role = async (visitor: Visitor) => {
  const { person, may } = await visitor.session()
  return `${person?.profession} ${may.useExchanges ? 'reads' : 'reads nothing'}`
}
const sessionsOf = (staffId: string, realm = 'demonstration') =>
  ground.asOwner(
    'select s.side, s.sealed_refresh_token is not null as renewed from portal.session s join portal.person p using (person_id) where p.subject = $1 and p.realm = $2',
    [staffId, realm],
  )
const lastTrace = async (type: string) =>
  JSON.parse(
    (
      await ground.asOwner('select event from trace.event where type = $1 order by at desc, seq desc limit 1', [type])
    )[0]?.event as string,
  )

describe('who gets in', () => {
  test('a role that is not known gives no session, and the page knows whom to ask', async () => {
    const visitor = new Visitor(portal)
    const end = await visitor.signIn(ORGANISM, 'Rôle inconnu du portail')
    assert.equal(refusedWith(end), 'role-unknown')
    assert.equal(end.searchParams.get('fournisseur'), 'demonstration')
    assert.equal(await stateOf(visitor), 'signedOut')
    const { body } = await visitor.call('GET', '/api/sign-in/options')
    assert.equal(body.issuers[0].contact, 'habilitations@organisme.example')
    assert.equal((await lastTrace('session.refused')).code, 'role-unknown')
    assert.deepEqual(await ground.asOwner("select 1 from portal.person where subject = 'fictif-inc-941-1'"), [])
  })

  test('nobody stands on both sides of the wall', async () => {
    adviser().staffRole = ['medecin_conseil', 'administrateur']
    const visitor = new Visitor(portal)
    assert.equal(refusedWith(await visitor.signIn(ORGANISM, ADVISER)), 'roles-on-both-sides')
    assert.equal(await stateOf(visitor), 'signedOut')
  })

  test('each role opens what it opens, and no more', async () => {
    const opens: [string, string[]][] = [
      ['Agent de triage, CPAM du Val-de-Marne', ['identifyPatients', 'useExchanges']],
      ['Chef de service, CPAM du Val-de-Marne', ['identifyPatients', 'useExchanges']],
      ['Agent administratif, CPAM du Val-de-Marne', ['answerContact']],
      ['Administrateur de la plateforme', ['administer']],
      ['Auditrice', ['audit']],
    ]
    for (const [label, expected] of opens) {
      const { may, person } = await (await signedIn(label)).session()
      const open = Object.entries(may).filter(([, yes]) => yes)
      assert.deepEqual(
        open.map(([name]) => name),
        expected,
        label,
      )
      assert.equal(person?.organism?.name, 'CPAM du Val-de-Marne')
    }
  })

  test('claims lie where the host says, and mean what the host says', async () => {
    adviser().staffRole = ['offline_access', 'gg-medecins']
    assert.equal(await role(await signedIn(ADVISER, via('keycloak'))), 'Médecin-conseil reads')
    adviser().staffRole = 'medecin_conseil'
    const visitor = new Visitor(portal)
    assert.equal(refusedWith(await visitor.signIn(via('keycloak'), ADVISER)), 'role-unknown')
  })

  test('acr and amr are asked for where they are set', async () => {
    await signedIn(ADVISER, via('exigeant'))
    const phone = new Visitor(portal)
    assert.equal(refusedWith(await phone.signIn(via('exigeant'), ADVISER, 'MOBILE')), 'level-insufficient')
    const low = new Visitor(portal)
    assert.equal(refusedWith(await low.signIn(via('plus-exigeant'), ADVISER)), 'level-insufficient')
    for (const visitor of [phone, low]) assert.equal(await stateOf(visitor), 'signedOut')
  })
})

describe('a role that changes at another sign-in', () => {
  test('applies to the sessions that are open, at their next request', async () => {
    const old = await signedIn()
    adviser().staffRole = 'pharmacien_conseil'
    await signedIn()
    assert.equal(await role(old), 'Pharmacien-conseil reads')
    const changed = await lastTrace('role.changed')
    assert.deepEqual([changed.role, changed.organisms], ['pharmacien_conseil', ['01-941']])
  })

  test('ends the sessions of the other side of the wall', async () => {
    const old = await signedIn()
    adviser().staffRole = 'administrateur'
    const now = await signedIn()
    assert.equal(await stateOf(old), 'signedOut')
    assert.equal((await now.session()).may.administer, true)
    assert.deepEqual(
      (await sessionsOf('fictif-mc-941-1')).map(({ side }) => side),
      ['none'],
    )
  })

  test('to one that is not known ends them all, and takes the desk', async () => {
    const old = await signedIn()
    portal.looked.length = 0
    adviser().staffRole = 'directeur'
    assert.equal(refusedWith(await new Visitor(portal).signIn(ORGANISM, ADVISER)), 'role-unknown')
    assert.equal((await old.call('POST', '/api/session/sign-out')).body.code, 'session-required')
    assert.deepEqual(await sessionsOf('fictif-mc-941-1'), [])
    assert.ok(portal.looked.length >= 1)
    assert.equal((await lastTrace('role.changed')).role, 'none')
    const held = await ground.asOwner(
      `select 1 from portal.box_holder h join portal.person p using (person_id)
       where p.subject = 'fictif-mc-941-1' and p.realm = 'demonstration'`,
    )
    assert.deepEqual(held, [])
  })
})

describe('the provider asked again', () => {
  test('within the minute it is not; after, what it says applies before the request is answered', async () => {
    const visitor = await signedIn()
    adviser().organisms = ['01-451']
    clock.ahead = 50_000
    assert.equal((await visitor.session()).person?.organism?.organismId, '01-941')
    clock.ahead = 61_000
    assert.equal((await visitor.session()).person?.organism?.organismId, '01-451')
  })

  test('a role taken away there is gone here, with the session', async () => {
    const visitor = await signedIn()
    adviser().staffRole = 'directeur'
    clock.ahead = 61_000
    assert.equal((await visitor.call('GET', '/api/session')).body.state, 'signedOut')
    assert.deepEqual(await sessionsOf('fictif-mc-941-1'), [])
  })

  test('a role of the other side of the wall ends the session', async () => {
    const visitor = await signedIn()
    adviser().staffRole = 'agent_administratif'
    clock.ahead = 61_000
    assert.equal(await stateOf(visitor), 'signedOut')
  })

  test('many requests at once, on two servers, ask once: a refresh token that serves twice is taken for stolen', async () => {
    const visitor = await signedIn()
    const cookie = visitor.jar.cookies.find(({ name }) => name === '__Host-consilium')!
    const ask = (at: Portal) =>
      fetch(`${at.url}/api/session`, { headers: { cookie: `${cookie.name}=${cookie.value}` } }).then((r) => r.json())
    for (let minute = 1; minute <= 3; minute++) {
      clock.ahead = minute * 61_000
      const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => ask(i % 2 ? portal : twin)))
      assert.deepEqual(
        (answers as { state: string }[]).map(({ state }) => state),
        answers.map(() => 'signedIn'),
      )
    }
    const [row] = await ground.asOwner(
      `select s.checked_at, s.asking_until, s.sealed_refresh_token from portal.session s
       join portal.person p using (person_id) where p.realm = 'demonstration' order by s.created_at desc limit 1`,
    )
    assert.ok((row!.checked_at as Date).getTime() > Date.now() + 150_000)
    assert.equal(row!.asking_until, null)
    assert.doesNotMatch((row!.sealed_refresh_token as Buffer).toString('latin1'), /eyJ/)
  })

  test('one that vouches no more closes the session', async () => {
    const visitor = await signedIn()
    // The provider forgets all it gave.
    await provider.close()
    provider = await startProvider()
    clock.ahead = 61_000
    const { status, body } = await visitor.call('POST', '/api/session/sign-out')
    assert.deepEqual([status, body.code], [401, 'session-required'])
    assert.equal((await lastTrace('session.closed')).reason, 'notRenewed')
  })

  test('one that is silent is borne for five minutes, then refused; signing out is never stopped by it', async () => {
    const visitor = await signedIn()
    await provider.close()
    try {
      const recheck = async (tolerant: boolean) => {
        const cookie = visitor.jar.cookies.find(({ name }) => name === '__Host-consilium')!
        return portal.accounts.recheck((await portal.sessions.find(cookie.value))!, tolerant)
      }
      clock.ahead = 61_000
      assert.equal((await recheck(false))?.role, 'medecin_conseil')
      // Left alone for a moment: nobody waits for it again.
      const began = performance.now()
      assert.equal((await recheck(false))?.role, 'medecin_conseil')
      assert.ok(performance.now() - began < 1000)
      clock.ahead = 60_000 + GRACE_MS + 12_000
      await assert.rejects(recheck(false), { code: 'identity-provider-unavailable', status: 503 })
      assert.equal((await recheck(true))?.role, 'medecin_conseil')
      assert.equal(await stateOf(visitor), 'signedIn')
      assert.equal((await visitor.call('POST', '/api/session/sign-out')).status, 200)
    } finally {
      provider = await startProvider()
    }
  })

  test('is not, where the host says so: no token is kept', async () => {
    const visitor = await signedIn(ADVISER, via('sans'))
    const [row] = await sessionsOf('fictif-mc-941-1', 'sans')
    assert.equal(row!.renewed, false)
    adviser().staffRole = 'directeur'
    clock.ahead = 10 * 60_000
    assert.equal(await stateOf(visitor), 'signedIn')
  })
})
