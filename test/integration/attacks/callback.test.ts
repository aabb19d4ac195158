// Attacks on the return of a sign-in: whose it is, how often it serves, and which provider it comes from.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { enrolStaff } from '../../../src/services/accounts/enrol-staff.ts'
import { staffRole } from '../../../src/services/accounts/roles.ts'
import type { Visitor } from '../accounts/portal.ts'
import { HOME_ORGANISM } from '../harness.ts'
import { cookieOf, ORGANISM, PSC, plant, refusedWith, SIGN_IN_COOKIE, type Stage, setStage } from './stage.ts'

const MIDWIFE = 'Sage-femme'
const ADVISER = 'Médecin-conseil, CPAM du Val-de-Marne'

let stage: Stage
before(async () => {
  stage = await setStage()
})
after(() => stage.stop())

/** A sign-in stopped just before the portal takes its return. */
const returnOf = async (visitor: Visitor, path = PSC, label = MIDWIFE) =>
  visitor.choose(await visitor.begin(path), label)
const isOut = async (visitor: Visitor) => (await visitor.session()).state === 'signedOut'

describe('wrong state', () => {
  const spoil: Record<string, (callback: URL, foreign: URL) => void> = {
    absent: ({ searchParams }) => searchParams.delete('state'),
    empty: ({ searchParams }) => searchParams.set('state', ''),
    'made up': ({ searchParams }) => searchParams.set('state', 'x'.repeat(43)),
    'of another browser': ({ searchParams }, foreign) =>
      searchParams.set('state', foreign.searchParams.get('state') ?? ''),
    'twice, the right one last': ({ searchParams }) => {
      const right = searchParams.get('state')!
      searchParams.set('state', 'x'.repeat(43))
      searchParams.append('state', right)
    },
  }
  for (const [name, change] of Object.entries(spoil)) {
    test(name, async () => {
      const [visitor, other] = [stage.visitor(), stage.visitor()]
      const [callback, foreign] = [await returnOf(visitor), await returnOf(other)]
      change(callback, foreign)
      assert.equal(refusedWith(await visitor.visit(callback)), 'sign-in-expired')
      assert.ok(await isOut(visitor))
    })
  }

  test('twice, the right one first: the library takes no address that says two things', async () => {
    const visitor = stage.visitor()
    const callback = await returnOf(visitor)
    callback.searchParams.append('state', 'x'.repeat(43))
    assert.equal(refusedWith(await visitor.visit(callback)), 'sign-in-refused')
    assert.ok(await isOut(visitor))
  })
})

describe('replayed code', () => {
  test('a return serves once, though it comes several times at the same moment', async () => {
    const visitor = stage.visitor()
    const callback = await returnOf(visitor)
    const ends = await Promise.all(Array.from({ length: 5 }, () => visitor.visit(callback)))
    assert.deepEqual(ends.map(refusedWith).toSorted(), ['/', ...Array(4).fill('sign-in-expired')])
  })

  test('a code that has served opens nothing under the state of another sign-in', async () => {
    const visitor = stage.visitor()
    const served = await returnOf(visitor)
    assert.equal(refusedWith(await visitor.visit(served)), '/')
    const thief = stage.visitor()
    const callback = await returnOf(thief)
    callback.searchParams.set('code', served.searchParams.get('code')!)
    assert.equal(refusedWith(await thief.visit(callback)), 'sign-in-refused')
    assert.ok(await isOut(thief))
  })

  test('a stolen code that has not served opens nothing: it is bound to the sign-in that asked for it', async () => {
    const victim = stage.visitor()
    const stolen = await returnOf(victim)
    const thief = stage.visitor()
    const callback = await returnOf(thief)
    callback.searchParams.set('code', stolen.searchParams.get('code')!)
    assert.equal(refusedWith(await thief.visit(callback)), 'sign-in-refused')
    assert.ok(await isOut(thief))
  })
})

describe('mix-up of issuers', () => {
  test('the return of one provider is refused under the path of another', async () => {
    const visitor = stage.visitor()
    const toOrganism = await returnOf(visitor)
    toOrganism.pathname = `${ORGANISM}/callback`
    assert.equal(refusedWith(await visitor.visit(toOrganism)), 'sign-in-expired')
    const toPsc = await returnOf(visitor, ORGANISM, ADVISER)
    toPsc.pathname = `${PSC}/callback`
    assert.equal(refusedWith(await visitor.visit(toPsc)), 'sign-in-expired')
    assert.ok(await isOut(visitor))
  })

  test('the code of one provider is refused with the state of another, whoever it says it comes from', async () => {
    for (const iss of ['as answered', 'as expected', 'absent'] as const) {
      const visitor = stage.visitor()
      const honest = await returnOf(visitor)
      const mixed = await returnOf(visitor, ORGANISM, ADVISER)
      mixed.searchParams.set('code', honest.searchParams.get('code')!)
      if (iss === 'as answered') mixed.searchParams.set('iss', honest.searchParams.get('iss')!)
      if (iss === 'absent') mixed.searchParams.delete('iss')
      assert.equal(refusedWith(await visitor.visit(mixed)), 'sign-in-refused', iss)
      assert.ok(await isOut(visitor))
    }
  })

  test('a wrong iss, or none where the provider promises one, is refused', async () => {
    for (const iss of ['https://autre.example', '', null]) {
      const visitor = stage.visitor()
      const callback = await returnOf(visitor)
      assert.equal(callback.searchParams.get('iss'), stage.world.configuration.psc.issuer)
      if (iss === null) callback.searchParams.delete('iss')
      else callback.searchParams.set('iss', iss)
      assert.equal(refusedWith(await visitor.visit(callback)), 'sign-in-refused', String(iss))
      assert.ok(await isOut(visitor))
    }
  })
})

test('the same identifier at two providers is two people', async () => {
  const { server, clock } = stage.world
  const enrol = (issuerId: string) =>
    enrolStaff(
      { database: server.database, clock },
      {
        issuerId,
        identity: {
          subject: 'meme-identifiant',
          civility: '',
          givenName: 'Essai',
          familyName: 'FICTIF',
          email: null,
          roles: ['medecin_conseil'],
          organisms: [HOME_ORGANISM],
        },
        role: staffRole('medecin_conseil'),
        organismIds: [HOME_ORGANISM],
      },
    )
  const people = [await enrol('premier'), await enrol('second'), await enrol('premier')]
  assert.equal(new Set(people.map(({ personId }) => personId)).size, 2)
})

test('a sign-in asks for no more than it needs, with S256, and each time with new secrets', async () => {
  const seen = new Set<string>()
  for (const [path, scope] of [
    [PSC, 'openid scope_all'],
    [PSC, 'openid scope_all'],
    [ORGANISM, 'openid profile email'],
  ] as const) {
    const answer = await stage.world.stranger().raw('GET', path)
    const asked = Object.fromEntries(new URL(String(answer.headers.location)).searchParams)
    const { state, nonce, code_challenge: challenge } = asked
    assert.deepEqual([asked.response_type, asked.code_challenge_method, asked.scope], ['code', 'S256', scope])
    assert.equal(asked.request ?? asked.claims ?? asked.client_secret ?? asked.code_verifier, undefined)
    for (const secret of [state, nonce, challenge]) {
      assert.match(secret!, /^[\w-]{43}$/)
      assert.ok(!seen.has(secret!))
      seen.add(secret!)
    }
  }
})

describe('login CSRF', () => {
  test('the attacker’s return, put in the victim’s browser, signs nobody in', async () => {
    const [attacker, victim] = [stage.visitor(), stage.visitor()]
    assert.equal(refusedWith(await victim.visit(await returnOf(attacker))), 'sign-in-expired')
    assert.ok(await isOut(victim))
    // Nor while the victim is on the way to sign in.
    await victim.begin(PSC)
    assert.equal(refusedWith(await victim.visit(await returnOf(attacker))), 'sign-in-expired')
    assert.ok(await isOut(victim))
  })

  test('nor does it change who the victim is signed in as', async () => {
    const [attacker, victim] = [stage.visitor(), stage.visitor()]
    await victim.signIn(PSC, MIDWIFE)
    const before = await victim.session()
    const callback = await returnOf(attacker, PSC, 'Chirurgien-dentiste')
    assert.equal(refusedWith(await victim.visit(callback)), 'sign-in-expired')
    assert.equal((await victim.session()).person?.nationalId, before.person?.nationalId)
  })

  test('a return is spent by the browser it does not belong to: it serves nobody any more', async () => {
    const [attacker, victim] = [stage.visitor(), stage.visitor()]
    const callback = await returnOf(attacker)
    await victim.visit(callback)
    assert.equal(refusedWith(await attacker.visit(callback)), 'sign-in-expired')
  })

  test('a session that is open does not stand for the cookie that binds the sign-in to its browser', async () => {
    const visitor = stage.visitor()
    await visitor.signIn(PSC, MIDWIFE)
    const callback = await returnOf(visitor)
    plant(visitor, SIGN_IN_COOKIE, 'x'.repeat(43))
    assert.equal(refusedWith(await visitor.visit(callback)), 'sign-in-expired')
    assert.ok(cookieOf(visitor))
  })
})
