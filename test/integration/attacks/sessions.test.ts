// Attacks on the session's cookie: one set beforehand, one of another, two at once, one from where it must not come.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { hashOf } from '../../../src/platform/sessions/sessions.ts'
import type { Session } from '../../../src/services/accounts/contract.ts'
import { COOKIE, cookieOf, PSC, plant, SIGN_IN_COOKIE, type Stage, setStage } from './stage.ts'

const MIDWIFE = 'Sage-femme'

let stage: Stage
before(async () => {
  stage = await setStage()
})
after(() => stage.stop())

/** Who a raw Cookie header is. */
async function whoIs(cookie: string): Promise<Session> {
  return (await stage.world.stranger().raw('GET', '/api/session', { headers: { cookie } })).json as Session
}

describe('session fixation', () => {
  test('a value chosen by the attacker is never adopted', async () => {
    const visitor = stage.visitor()
    const chosen = 'A'.repeat(43)
    plant(visitor, COOKIE, chosen)
    await visitor.signIn(PSC, MIDWIFE)
    assert.notEqual(cookieOf(visitor), chosen)
    assert.equal((await visitor.session()).state, 'signedIn')
    assert.equal((await whoIs(`${COOKIE}=${chosen}`)).state, 'signedOut')
  })

  test('a session of the attacker, put beforehand, is closed by the victim’s sign-in and shows nothing of it', async () => {
    const attacker = stage.visitor()
    await attacker.signIn(PSC, 'Chirurgien-dentiste')
    const planted = cookieOf(attacker)!
    const victim = stage.visitor()
    plant(victim, COOKIE, planted)
    await victim.signIn(PSC, MIDWIFE)
    assert.notEqual(cookieOf(victim), planted)
    assert.equal((await victim.session()).person?.displayName, 'Claude ESSAI')
    assert.equal((await attacker.session()).state, 'signedOut')
  })

  test('a step-up from the password to Pro Santé Connect changes the id, and closes the session it came from', async () => {
    const { world } = stage
    const low = await world.signIn(await world.practitioner(), { level: 'low', via: 'password', authMode: 'PASSWORD' })
    const visitor = stage.visitor()
    plant(visitor, COOKIE, low.cookie!)
    assert.equal((await visitor.session()).level, 'low')
    await visitor.signIn(PSC, MIDWIFE)
    assert.equal((await visitor.session()).level, 'substantial')
    assert.notEqual(cookieOf(visitor), low.cookie)
    assert.equal((await whoIs(`${COOKIE}=${low.cookie}`)).state, 'signedOut')
    const rows = await world.database.sql('select 1 from portal.session where id_hash = $1', [hashOf(low.cookie!)])
    assert.equal(rows.length, 0)
  })

  test('every session’s cookie is 256 random bits', async () => {
    const person = await stage.world.practitioner()
    const cookies = await Promise.all(
      Array.from({ length: 20 }, async () => (await stage.world.signIn(person)).cookie!),
    )
    assert.equal(new Set(cookies).size, cookies.length)
    for (const cookie of cookies) assert.equal(Buffer.from(cookie, 'base64url').length, 32)
    // No byte stands still from one to the next.
    for (let at = 0; at < 32; at++)
      assert.ok(new Set(cookies.map((cookie) => Buffer.from(cookie, 'base64url')[at])).size > 1)
  })

  test('the cookie that binds a sign-in to its browser is a random value of the portal’s own', async () => {
    const first = stage.visitor()
    await first.begin(PSC)
    const second = stage.visitor()
    await second.begin(PSC)
    assert.match(cookieOf(first, SIGN_IN_COOKIE)!, /^[\w-]{43}$/)
    assert.notEqual(cookieOf(first, SIGN_IN_COOKIE), cookieOf(second, SIGN_IN_COOKIE))
  })
})

describe('cookie tossing', () => {
  test('the cookie is one that no sibling host, path or plain connection can set', async () => {
    const visitor = stage.visitor()
    const callback = await visitor.choose(await visitor.begin(PSC), MIDWIFE)
    const response = await visitor.jar.request(callback)
    const lines = response.headers.getSetCookie()
    assert.ok(lines.length > 0)
    for (const line of lines) {
      assert.match(line, /^__Host-consilium/)
      for (const attribute of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']) assert.ok(line.includes(attribute))
      assert.doesNotMatch(line, /Domain=/i)
    }
  })

  test('without its prefix it is worth nothing', async () => {
    const client = await stage.world.signIn(await stage.world.practitioner())
    assert.equal((await whoIs(`${COOKIE}=${client.cookie}`)).state, 'signedIn')
    for (const name of ['consilium', '__Secure-consilium', '__host-consilium', '__Host-Consilium'])
      assert.equal((await whoIs(`${name}=${client.cookie}`)).state, 'signedOut', name)
  })

  test('two of them are none: neither wins, and nothing is mixed', async () => {
    const { world } = stage
    const [one, other] = [await world.practitioner(), await world.practitioner()]
    const [mine, theirs] = [(await world.signIn(one)).cookie!, (await world.signIn(other)).cookie!]
    for (const pair of [
      [mine, theirs],
      [theirs, mine],
      [mine, mine],
      ['x'.repeat(43), mine],
      [mine, ''],
    ]) {
      const header = pair.map((value) => `${COOKIE}=${value}`).join('; ')
      assert.equal((await whoIs(header)).state, 'signedOut')
      const answer = await world.stranger().raw('GET', '/api/exchanges/counters', { headers: { cookie: header } })
      assert.equal(answer.code, 'session-required')
    }
    assert.equal((await whoIs(`autre=1; ${COOKIE}=${mine}; encore=2`)).state, 'signedIn')
  })

  test('two cookies of the sign-in bind nothing', async () => {
    const visitor = stage.visitor()
    const callback = await visitor.choose(await visitor.begin(PSC), MIDWIFE)
    const bound = cookieOf(visitor, SIGN_IN_COOKIE)!
    const answer = await stage.world.stranger().raw('GET', `${callback.pathname}${callback.search}`, {
      headers: { cookie: `${SIGN_IN_COOKIE}=${'x'.repeat(43)}; ${SIGN_IN_COOKIE}=${bound}` },
    })
    assert.match(String(answer.headers.location), /code=sign-in-expired/)
    assert.equal(answer.headers['set-cookie'], undefined)
  })

  test('a cookie’s value in the address, in another header or in the body opens nothing', async () => {
    const { world } = stage
    const { cookie } = await world.signIn(await world.practitioner())
    const stranger = world.stranger()
    const tries = [
      stranger.raw('GET', `/api/exchanges/counters?${COOKIE}=${cookie}`),
      stranger.raw('GET', '/api/exchanges/counters', { headers: { authorization: `Bearer ${cookie}` } }),
      stranger.raw('GET', '/api/exchanges/counters', { headers: { 'x-session': cookie!, [COOKIE]: cookie! } }),
    ]
    for (const answer of await Promise.all(tries)) assert.equal(answer.code, 'session-required')
  })
})
