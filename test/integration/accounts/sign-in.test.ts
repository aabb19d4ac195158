import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { RunningProvider } from '../../../simulators/openid/start-provider.ts'
import { startOrganismIdentity } from '../../../simulators/organism-identity/start.ts'
import { type FictionalStaff, readPeople } from '../../../simulators/people.ts'
import { userinfoClaims } from '../../../simulators/pro-sante-connect/claims.ts'
import { startProSanteConnect } from '../../../simulators/pro-sante-connect/start.ts'
import type { Session } from '../../../src/services/accounts/contract.ts'
import { type Ground, openGround } from '../patients/database.ts'
import { type Portal, startPortal, startSilence, Visitor } from './portal.ts'

const PORT = 8320
const clock = {
  ahead: 0,
  now() {
    return new Date(Date.now() + this.ahead)
  },
}
const people = readPeople()
const staff: FictionalStaff[] = structuredClone(people.staff)
const PSC = '/api/sign-in/psc'
const ORGANISM = '/api/sign-in/organism/demonstration'

let ground: Ground
let portal: Portal
let psc: RunningProvider
let organism: RunningProvider

before(async () => {
  ground = await openGround()
  portal = await startPortal(ground, clock, PORT)
  const registration = (kind: string, port = PORT) => ({
    clientId: 'consilium-demonstration',
    clientSecret: 'demonstration-secret-of-no-value',
    redirectUris: [`http://localhost:${port}/api/sign-in/${kind}/callback`],
    postLogoutRedirectUris: [`http://localhost:${port}/`],
  })
  psc = await startProSanteConnect({ port: PORT + 1, clients: [registration('psc')] })
  organism = await startOrganismIdentity({
    port: PORT + 2,
    clients: [registration('organism/demonstration')],
    people: staff,
  })
})
after(async () => {
  await psc?.close()
  await organism?.close()
  await portal?.close()
  await ground?.close()
})

/** What a session may open, by name. */
const opened = ({ may }: Session) => Object.keys(may).filter((name) => may[name as keyof typeof may])
const refusedWith = (url: URL) => (url.pathname === '/connexion/refusee' ? url.searchParams.get('code') : url.pathname)

describe('a practitioner', () => {
  test('with one place is signed in at once, and lands where the sign-in began', async () => {
    const visitor = new Visitor(portal)
    assert.equal((await visitor.session()).state, 'signedOut')
    const path = '/echanges/0193fd3e-0000-7000-8000-000000000001'
    const end = await visitor.signIn(`${PSC}?retour=${encodeURIComponent(path)}`, 'Sage-femme', 'MOBILE')
    assert.equal(end.pathname, path)
    const session = await visitor.session()
    assert.equal(session.state, 'signedIn')
    assert.equal(session.person?.displayName, 'Claude ESSAI')
    assert.equal(session.person?.profession, 'Sage-femme')
    assert.equal(session.person?.side, 'practice')
    assert.equal(session.person?.nationalId, '899709990032')
    assert.equal(session.person?.email, 'claude.essai@praticien.example')
    assert.equal(session.person?.lastConnectionAt, null)
    assert.equal(session.place?.addressLine, '3 PLACE DE L ESSAI')
    assert.equal(session.level, 'substantial')
    assert.deepEqual(opened(session), ['identifyPatients', 'useExchanges', 'delegate', 'contact'])
    assert.equal(session.emailWanted, false)
    const [row] = await ground.asOwner(
      `select s.auth_mode, s.acr, s.via, s.idp_sid, s.sealed_id_token, h.capacity, b.kind
       from portal.session s join portal.person p using (person_id) join portal.box_holder h using (person_id)
       join portal.box b using (box_id) where p.subject = '899709990032'`,
    )
    assert.equal(row?.auth_mode, 'MOBILE')
    assert.equal(row?.acr, 'eidas1')
    assert.equal(row?.capacity, 'holder')
    assert.equal(row?.kind, 'practice')
    assert.ok(row?.idp_sid)
    // Three base64url parts would show through a token in clear.
    assert.doesNotMatch((row!.sealed_id_token as Buffer).toString('latin1'), /eyJ/)
  })

  test('with two places chooses one, and nobody else’s', async () => {
    const visitor = new Visitor(portal)
    await visitor.signIn(PSC, "Médecin généraliste, deux lieux d'exercice")
    const before = await visitor.session()
    assert.equal(before.state, 'placeRequired')
    assert.equal(before.place, null)
    assert.deepEqual(opened(before), [])
    assert.deepEqual(
      before.places.map(({ name }) => name),
      ['CABINET DR EXEMPLE', 'MAISON DE SANTE DES MODELES'],
    )
    const [foreign] = await ground.asOwner(
      `select activity_id from portal.activity join portal.person p using (person_id) where p.subject = '899709990032'`,
    )
    const refused = await visitor.call('PUT', '/api/session/place', { activityId: foreign!.activity_id })
    assert.equal(refused.status, 404)
    assert.equal(refused.body.code, 'place-not-yours')
    const chosen = await visitor.call('PUT', '/api/session/place', { activityId: before.places[1]!.activityId })
    assert.equal(chosen.body.state, 'signedIn')
    assert.equal(chosen.body.place.name, 'MAISON DE SANTE DES MODELES')
    const session = await visitor.session()
    assert.equal(session.place?.activityId, before.places[1]!.activityId)
    assert.equal(session.person?.speciality, 'Médecine générale')
    assert.equal(session.person?.displayName, 'Dr Camille EXEMPLE')
    const again = new Visitor(portal)
    await again.signIn(PSC, "Médecin généraliste, deux lieux d'exercice")
    assert.deepEqual((await again.session()).places, before.places)
    assert.notEqual((await again.session()).person?.lastConnectionAt, null)
  })

  test('starts from the place they always start from, once they said so, until it is gone', async () => {
    const GP = "Médecin généraliste, deux lieux d'exercice"
    const visitor = new Visitor(portal)
    await visitor.signIn(PSC, GP)
    const { places } = await visitor.session()
    const set = (activityId: unknown) => visitor.call('PUT', '/api/account/default-place', { activityId })
    const answer = await set(places[1]!.activityId)
    assert.equal(answer.status, 200)
    assert.deepEqual(
      answer.body.places.map((place: { isDefault: boolean }) => place.isDefault),
      [false, true],
    )
    // Setting it does not choose it for this session.
    assert.equal(answer.body.state, 'placeRequired')
    const trace = await ground.asOwner(
      `select event from trace.event where type = 'place.default-set' order by at desc limit 1`,
    )
    assert.equal(JSON.parse(trace[0]!.event as string).activity, places[1]!.activityId)

    const next = new Visitor(portal)
    await next.signIn(PSC, GP)
    const session = await next.session()
    assert.deepEqual([session.state, session.place?.name], ['signedIn', 'MAISON DE SANTE DES MODELES'])

    const [foreign] = await ground.asOwner(
      `select activity_id from portal.activity join portal.person p using (person_id) where p.subject = '899709990032'`,
    )
    assert.equal((await set(foreign!.activity_id)).body.code, 'place-not-yours')
    await ground.asOwner(`update portal.person set default_activity_id = $1 where subject = '899709990016'`, [
      foreign!.activity_id,
    ])
    const odd = new Visitor(portal)
    await odd.signIn(PSC, GP)
    assert.equal((await odd.session()).state, 'placeRequired')
    assert.equal((await set(null)).status, 200)
  })

  test('with two professions opens what the one practised at the place opens, and is told the rest', async () => {
    const visitor = new Visitor(portal)
    await visitor.signIn(PSC, 'Infirmier et audioprothésiste')
    const { places } = await visitor.session()
    const choose = async (name: string) =>
      (await visitor.call('PUT', '/api/session/place', { activityId: places.find((p) => p.name === name)!.activityId }))
        .body as Session
    const nurse = await choose('CABINET INFIRMIER BINOME')
    assert.equal(nurse.person?.profession, 'Infirmier')
    assert.deepEqual(opened(nurse), ['identifyPatients', 'useExchanges', 'delegate', 'contact'])
    assert.deepEqual(nurse.notAdmitted, [])
    const hearing = await choose('CENTRE AUDITIF BINOME')
    assert.equal(hearing.person?.profession, 'Audioprothésiste')
    assert.deepEqual(opened(hearing), ['contact'])
    assert.deepEqual(
      hearing.notAdmitted.map(({ service }) => service),
      ['identification', 'exchanges'],
    )
    assert.match(hearing.notAdmitted[1]!.reason, /sages-femmes/)
    assert.match(hearing.notAdmitted[1]!.way, /changez de lieu/)
    assert.deepEqual((await visitor.session()).notAdmitted, hearing.notAdmitted)
  })

  test('with the card of an employee has their structure for a place, and no right of their own', async () => {
    const visitor = new Visitor(portal)
    await visitor.signIn(PSC, "Employée d'une maison de santé (CPE)")
    const session = await visitor.session()
    assert.equal(session.state, 'signedIn')
    assert.deepEqual(
      [session.person?.profession, session.place?.name],
      ['Employé de structure', 'MAISON DE SANTE DES MODELES'],
    )
    assert.deepEqual(opened(session), ['contact'])
    assert.match(session.notAdmitted.find(({ service }) => service === 'exchanges')!.way, /délégation/)
    const [row] = await ground.asOwner(
      `select p.kind, s.role from portal.session s join portal.person p using (person_id)
       where p.subject = '30B9999998/CPET00002'`,
    )
    assert.deepEqual(row, { kind: 'employee', role: 'employee' })
  })

  test('without an address is asked for one, may put it off, and keeps the one they set', async () => {
    const visitor = new Visitor(portal)
    await visitor.signIn(PSC, 'Infirmier, sans adresse électronique')
    assert.equal((await visitor.session()).emailWanted, true)
    const later = await visitor.call('PUT', '/api/account/email', { email: null })
    assert.equal(later.body.emailWanted, false)
    assert.equal((await visitor.session()).emailWanted, false)
    assert.equal((await visitor.session()).person?.email, null)

    const again = new Visitor(portal)
    await again.signIn(PSC, 'Infirmier, sans adresse électronique')
    assert.equal((await again.session()).emailWanted, true)
    const bad = await again.call('PUT', '/api/account/email', { email: 'a@b.example\r\nBcc: c@d.example' })
    assert.equal(bad.status, 400)
    const wakes = portal.wakes()
    const set = await again.call('PUT', '/api/account/email', { email: 'sacha@praticien.example' })
    assert.equal(set.body.person.email, 'sacha@praticien.example')
    assert.equal(portal.wakes(), wakes + 1)

    // What the provider asserts later does not replace what the person chose.
    const sacha = structuredClone(people.practitioners.find(({ familyName }) => familyName === 'FICTIF')!)
    await portal.accounts.registerPractitioners([userinfoClaims({ ...sacha, email: 'autre@praticien.example' })])
    assert.equal((await again.session()).person?.email, 'sacha@praticien.example')
  })

  test('no longer at a place cannot choose it, and still holds its box', async () => {
    const prototype = structuredClone(people.practitioners.find(({ familyName }) => familyName === 'PROTOTYPE')!)
    const count = () =>
      ground.asOwner(
        `select count(*) filter (where a.active)::int as active, count(h.box_id)::int as held
         from portal.person p join portal.activity a using (person_id) join portal.box b using (activity_id)
         left join portal.box_holder h on h.box_id = b.box_id and h.person_id = p.person_id
         where p.family_name = 'PROTOTYPE'`,
      )
    await portal.accounts.registerPractitioners([userinfoClaims(prototype)])
    assert.deepEqual(await count(), [{ active: 2, held: 2 }])
    await portal.accounts.registerPractitioners([
      userinfoClaims({ ...prototype, exercices: prototype.exercices!.slice(0, 1) }),
    ])
    assert.deepEqual(await count(), [{ active: 1, held: 2 }])
    await portal.accounts.registerPractitioners([userinfoClaims(prototype), userinfoClaims(prototype)])
    assert.deepEqual(await count(), [{ active: 2, held: 2 }])
  })

  test('enrolled by several sign-ins at once is one person with one box', async () => {
    const twin = { ...structuredClone(people.practitioners[4]!), nationalId: '899709997770', rpps: '99709997770' }
    const claims = userinfoClaims(twin)
    await Promise.all(Array.from({ length: 8 }, () => portal.accounts.registerPractitioners([claims])))
    const rows = await ground.asOwner(
      `select p.person_id, b.box_id, h.box_id as held from portal.person p join portal.activity a using (person_id)
       join portal.box b using (activity_id) left join portal.box_holder h using (box_id) where p.subject = '899709997770'`,
    )
    assert.equal(rows.length, 1)
    assert.equal(rows[0]!.held, rows[0]!.box_id)
  })

  test('all fictional people with a place can be known beforehand', async () => {
    const all = people.practitioners.map((person) => userinfoClaims(person))
    assert.equal(await portal.accounts.registerPractitioners(all), 15)
  })

  const refused: [string, string][] = [
    ['Secrétaire (CPE)', 'not-a-professional'],
    ["Retraité, sans lieu d'exercice", 'no-place-of-practice'],
  ]
  for (const [label, code] of refused) {
    test(`refused: ${label}`, async () => {
      const visitor = new Visitor(portal)
      assert.equal(refusedWith(await visitor.signIn(PSC, label)), code)
      assert.equal((await visitor.session()).state, 'signedOut')
      const [trace] = await ground.asOwner(
        `select event from trace.event where type = 'session.refused' order by at desc limit 1`,
      )
      assert.equal(JSON.parse(trace!.event as string).code, code)
    })
  }
})

describe('the staff of an insurer', () => {
  const desks = async (staffId: string) =>
    (
      await ground.asOwner(
        `select b.organism_id from portal.person p join portal.box_holder h using (person_id)
         join portal.box b using (box_id) where p.subject = $1 order by 1`,
        [staffId],
      )
    ).map((row) => row.organism_id)

  test('an adviser works at the desk of their own organism only', async () => {
    const visitor = new Visitor(portal)
    const end = await visitor.signIn(ORGANISM, 'Médecin-conseil, CPAM du Val-de-Marne')
    assert.equal(end.pathname, '/')
    const session = await visitor.session()
    assert.equal(session.state, 'signedIn')
    assert.equal(session.person?.side, 'desk')
    assert.equal(session.person?.profession, 'Médecin-conseil')
    assert.deepEqual(session.person?.organism, { organismId: '01-941', name: 'CPAM du Val-de-Marne' })
    assert.deepEqual(opened(session), ['identifyPatients', 'useExchanges'])
    assert.equal(session.emailWanted, false)
    assert.deepEqual(await desks('fictif-mc-941-1'), ['01-941'])
    const email = await visitor.call('PUT', '/api/account/email', { email: 'a@organisme.example' })
    assert.equal(email.body.code, 'right-missing')
    const other = new Visitor(portal)
    await other.signIn(ORGANISM, 'Médecin-conseil, autre CPAM')
    assert.equal((await other.session()).person?.organism?.name, 'CPAM du Loiret')
    assert.deepEqual(await desks('fictif-mc-451-1'), ['01-451'])
  })

  test('an agent has a session, and no right on an exchange', async () => {
    const visitor = new Visitor(portal)
    await visitor.signIn(ORGANISM, 'Agent administratif, CPAM du Val-de-Marne')
    const session = await visitor.session()
    assert.equal(session.state, 'signedIn')
    assert.deepEqual(opened(session), ['answerContact'])
    assert.equal(session.person?.organism?.name, 'CPAM du Val-de-Marne')
    assert.deepEqual(await desks('fictif-aa-941-1'), [])
  })

  test('a role that is gone takes the desk with it, for older sessions too', async () => {
    const nurse = staff.find(({ staffId }) => staffId === 'fictif-inf-941-1')!
    nurse.organisms = ['01-941', '01-451']
    await new Visitor(portal).signIn(ORGANISM, 'Infirmière du service médical')
    assert.deepEqual(await desks(nurse.staffId), ['01-451', '01-941'])
    nurse.organisms = ['01-941']
    await new Visitor(portal).signIn(ORGANISM, 'Infirmière du service médical')
    assert.deepEqual(await desks(nurse.staffId), ['01-941'])
    nurse.staffRole = 'agent_administratif'
    await new Visitor(portal).signIn(ORGANISM, 'Infirmière du service médical')
    assert.deepEqual(await desks(nurse.staffId), [])
  })

  test('a provider speaks for its own organisms only', async () => {
    const nurse = staff.find(({ staffId }) => staffId === 'fictif-inf-941-1')!
    Object.assign(nurse, { staffRole: 'medecin_conseil', organisms: ['01-011'] })
    assert.equal(
      refusedWith(await new Visitor(portal).signIn(ORGANISM, 'Infirmière du service médical')),
      'role-refused',
    )
    assert.deepEqual(await desks(nurse.staffId), [])
  })

  test('an unknown provider is refused', async () => {
    for (const issuerId of ['inconnu', 'psc']) {
      const { url } = await new Visitor(portal).begin(`/api/sign-in/organism/${issuerId}`)
      assert.equal(refusedWith(url), 'identity-provider-unknown')
    }
  })
})

// What attackers do with a return: ../attacks/callback.test.ts and redirect.test.ts.
describe('a return', () => {
  test('is refused when it comes late', async () => {
    const visitor = new Visitor(portal)
    const callback = await visitor.choose(await visitor.begin(PSC), 'Sage-femme')
    clock.ahead = 10 * 60_000 + 1000
    try {
      assert.equal(refusedWith(await visitor.visit(callback)), 'sign-in-expired')
    } finally {
      clock.ahead = 0
    }
  })

  test('says that the person gave up', async () => {
    const visitor = new Visitor(portal)
    const chooser = await visitor.begin(PSC)
    const { url } = await visitor.jar.submit(chooser, { cancel: 'yes' }, (at) => at.pathname.startsWith('/connexion'))
    assert.equal(refusedWith(url), 'sign-in-cancelled')
  })

  test('two sign-ins in two tabs of a browser both come through', async () => {
    const visitor = new Visitor(portal)
    const first = await visitor.choose(await visitor.begin(`${PSC}?retour=/a`), 'Sage-femme')
    const second = await visitor.choose(await visitor.begin(`${PSC}?retour=/b`), 'Sage-femme')
    assert.equal((await visitor.visit(first)).pathname, '/a')
    assert.equal((await visitor.visit(second)).pathname, '/b')
  })
})

describe('a session', () => {
  test('is a new one at each sign-in, and the former is closed', async () => {
    const visitor = new Visitor(portal)
    await visitor.signIn(PSC, 'Sage-femme')
    const former = visitor.jar.cookies.find(({ name }) => name === '__Host-consilium')!.value
    await visitor.signIn(PSC, 'Chirurgien-dentiste')
    const now = visitor.jar.cookies.find(({ name }) => name === '__Host-consilium')!.value
    assert.notEqual(now, former)
    assert.equal((await visitor.session()).person?.displayName, 'Dr Alix MAQUETTE')
    const answer = await fetch(`${portal.url}/api/session`, { headers: { cookie: `__Host-consilium=${former}` } })
    assert.equal(((await answer.json()) as { state: string }).state, 'signedOut')
  })

  test('is signed out here and at the provider, which sends the browser home', async () => {
    const visitor = new Visitor(portal)
    await visitor.signIn(PSC, 'Sage-femme')
    const { body } = await visitor.call('POST', '/api/session/sign-out')
    const address = new URL(body.redirect)
    assert.equal(address.origin, `http://localhost:${PORT + 1}`)
    assert.match(address.searchParams.get('id_token_hint') ?? '', /^eyJ/)
    assert.equal((await visitor.session()).state, 'signedOut')
    const leaving = await visitor.jar.navigate(address)
    const left = await visitor.jar.submit(
      { url: leaving.url, html: await leaving.response.text() },
      {},
      (at) => at.origin === portal.url,
    )
    assert.equal(left.url.href, `${portal.url}/`)
    assert.equal((await visitor.call('POST', '/api/session/sign-out')).status, 401)
  })

  test('ends after half an hour without a gesture, and after four hours with', async () => {
    const visitor = new Visitor(portal)
    await visitor.signIn(PSC, 'Sage-femme')
    try {
      for (let minutes = 0; minutes < 239; minutes += 25) {
        clock.ahead = minutes * 60_000
        assert.equal((await visitor.session()).state, 'signedIn', `after ${minutes} minutes`)
      }
      clock.ahead = 241 * 60_000
      assert.equal((await visitor.session()).state, 'signedOut')
      clock.ahead = 0
      const idle = new Visitor(portal)
      await idle.signIn(PSC, 'Sage-femme')
      clock.ahead = 31 * 60_000
      assert.equal((await idle.session()).state, 'signedOut')
    } finally {
      clock.ahead = 0
    }
  })
})

describe('a provider', () => {
  test('that does not answer within 5 s, or at all, is said to be unavailable', async () => {
    const silence = await startSilence(PORT + 9)
    const at = (port: number) => `http://localhost:${port}/.well-known/openid-configuration`
    const slow = await startPortal(ground, clock, PORT + 8, (configuration) => {
      configuration.psc.discovery = at(PORT + 9)
      configuration.organismIssuers[0]!.discovery = at(PORT + 7)
    })
    try {
      const began = performance.now()
      const { url } = await new Visitor(slow).begin(`${PSC}?retour=/echanges/a-traiter`)
      assert.equal(refusedWith(url), 'identity-provider-unavailable')
      assert.equal(url.searchParams.get('retour'), '/echanges/a-traiter')
      assert.equal(url.searchParams.get('fournisseur'), 'psc')
      assert.ok(performance.now() - began < 5000)
      const absent = await new Visitor(slow).begin(ORGANISM)
      assert.equal(refusedWith(absent.url), 'identity-provider-unavailable')
    } finally {
      await slow.close()
      await silence.close()
    }
  })

  test('that is slow once the person has chosen is left within 5 s, with where they were going', async () => {
    const visitor = new Visitor(portal)
    const chooser = await visitor.begin(`${PSC}?retour=/echanges/a-traiter`)
    const callback = await visitor.choose(chooser, 'Sage-femme', 'CARD', 'slow')
    const began = performance.now()
    const end = await visitor.visit(callback)
    assert.ok(performance.now() - began < 5000)
    assert.equal(refusedWith(end), 'identity-provider-unavailable')
    assert.equal(end.searchParams.get('retour'), '/echanges/a-traiter')
    assert.equal((await visitor.session()).state, 'signedOut')
  })

  test('that answers an error, or at another level than asked', async () => {
    const visitor = new Visitor(portal)
    const callback = await visitor.choose(await visitor.begin(`${PSC}?retour=/a`), 'Sage-femme', 'CARD', 'error')
    assert.equal(callback.searchParams.get('error'), 'server_error')
    const end = await visitor.visit(callback)
    assert.equal(refusedWith(end), 'identity-provider-unavailable')
    assert.equal(end.searchParams.get('retour'), '/a')
    const higher = await visitor.choose(await visitor.begin(PSC), 'Sage-femme', 'MOBILE', 'eidas2')
    assert.equal((await visitor.visit(higher)).pathname, '/')
    const [row] = await ground.asOwner(
      `select acr, auth_mode from portal.session s join portal.person p using (person_id)
       where p.subject = '899709990032' order by s.created_at desc limit 1`,
    )
    assert.deepEqual(row, { acr: 'eidas2', auth_mode: 'MOBILE' })
  })

  test('of an establishment behind Pro Santé Connect is named only where the settings know it', async () => {
    const hinting = await startPortal(ground, clock, PORT + 8, (configuration) => {
      configuration.psc.discovery = psc.discoveryUrl
      configuration.psc.issuer = psc.issuer
      configuration.psc.idpHints = ['chu-exemple']
    })
    try {
      const hintOf = async (query: string) => {
        const answer = await fetch(`${hinting.url}${PSC}${query}`, { redirect: 'manual' })
        return new URL(answer.headers.get('location')!).searchParams.get('kc_idp_hint')
      }
      assert.equal(await hintOf('?indice=chu-exemple'), 'chu-exemple')
      for (const query of ['', '?indice=', '?indice=chu-autre', '?indice=chu-exemple%20', '?indice=CHU-EXEMPLE'])
        assert.equal(await hintOf(query), null, query)
    } finally {
      await hinting.close()
    }
  })

  test('with a session of its own open lets the person in without asking again', async () => {
    const clients = [
      {
        clientId: 'consilium-demonstration',
        clientSecret: 'demonstration-secret-of-no-value',
        redirectUris: [`http://localhost:${PORT + 8}/api/sign-in/psc/callback`],
        postLogoutRedirectUris: [],
      },
    ]
    const open = await startProSanteConnect({ port: PORT + 9, clients, singleSignOn: true })
    const single = await startPortal(ground, clock, PORT + 8)
    try {
      const visitor = new Visitor(single)
      await visitor.signIn(PSC, 'Sage-femme')
      const first = await visitor.session()
      const mine = visitor.jar.cookies.findIndex(({ name }) => name === '__Host-consilium')
      visitor.jar.cookies.splice(mine, 1)
      assert.equal((await visitor.session()).state, 'signedOut')
      await wait(1100)
      const { url } = await visitor.begin(`${PSC}?retour=/echanges/a-traiter`)
      assert.equal(url.pathname, '/echanges/a-traiter')
      const second = await visitor.session()
      assert.equal(second.state, 'signedIn')
      // Four hours from the proof of identity, not from this second sign-in.
      assert.equal(second.expiresAt, first.expiresAt)
    } finally {
      await single.close()
      await open.close()
    }
  })

  test('whose discovery names another issuer than the pinned one is not believed', async () => {
    const wary = await startPortal(ground, clock, PORT + 8, (configuration) => {
      configuration.psc.discovery = psc.discoveryUrl
      configuration.psc.issuer = 'https://auth.psc.example/auth/realms/esante-wallet'
    })
    try {
      const { url } = await new Visitor(wary).begin(PSC)
      assert.equal(refusedWith(url), 'identity-provider-unavailable')
    } finally {
      await wary.close()
    }
  })

  test('that proves less than is accepted lets nobody in', async () => {
    const clients = [
      {
        clientId: 'consilium-demonstration',
        clientSecret: 'demonstration-secret-of-no-value',
        redirectUris: [`http://localhost:${PORT + 8}/api/sign-in/psc/callback`],
        postLogoutRedirectUris: [],
      },
    ]
    for (const [acr, expected] of [
      ['eidas0', 'level-insufficient'],
      ['eidas2', '/'],
    ] as const) {
      const weak = await startProSanteConnect({ port: PORT + 9, clients, acr })
      const strict = await startPortal(ground, clock, PORT + 8)
      try {
        assert.equal(refusedWith(await new Visitor(strict).signIn(PSC, 'Sage-femme')), expected)
      } finally {
        await strict.close()
        await weak.close()
      }
    }
  })
})

test('the log names nobody and holds no token', () => {
  const log = portal.log()
  assert.match(log, /sign-in refused/)
  assert.doesNotMatch(log, /ESSAI|EXEMPLE|MAQUETTE|PSEUDONYME|8997099|@|eyJ|code=|state=/i)
})
