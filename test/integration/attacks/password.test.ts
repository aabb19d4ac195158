// Attacks on the password portal that ask for more than guessing and replaying (../passwords has those): codes at the same
// moment, a reset that would step over the second factor, a session left open, passwords cut or changed on the way.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import type { Client } from '../client.ts'
import { startWorld, type World } from '../harness.ts'
import {
  activate,
  activated,
  askForLink,
  type Holder,
  mailsTo,
  OTHER_PASSWORD,
  PASSWORD,
  practitionerWithEmail,
  signedIn,
  tryPassword,
} from '../passwords/people.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.stop())

const codeOf = (secret: string) =>
  new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30 }).generate({
    timestamp: world.clock.now().getTime(),
  })

/** Adds an application of codes, as its holder does. */
async function addTotp(client: Client): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = await client.do('POST /api/account/password/totp-secret')
  const { recoveryCodes } = await client.do('POST /api/account/password/totp', { body: { code: codeOf(secret) } })
  world.clock.advance(MINUTE)
  return { secret, recoveryCodes }
}
const begin = async (holder: Holder, password = PASSWORD) => {
  const answer = await tryPassword(world, holder.identifier, password)
  assert.equal(answer.headers['set-cookie'], undefined)
  const { secondFactor } = answer.json as { secondFactor: { ticket: string; means: string[] } | null }
  assert.ok(secondFactor)
  return secondFactor
}
const finish = (ticket: string, means: 'totp' | 'recovery', code: string) =>
  world.stranger().call('POST /api/sign-in/password/second-factor', { body: { means, ticket, code } })

describe('a password', () => {
  test('is changed with the former one, and only then', async () => {
    const holder = await activated(world)
    const client = await signedIn(world, holder)
    world.clock.advance(6 * MINUTE)
    const change = () => client.call('PUT /api/account/password', { body: { password: OTHER_PASSWORD } })
    assert.equal((await change()).code, 'proof-required')
    const proof = (password: string) => client.call('POST /api/account/password/proof', { body: { password } })
    assert.equal((await proof(OTHER_PASSWORD)).code, 'password-wrong')
    assert.equal((await change()).code, 'proof-required')
    assert.equal((await proof(PASSWORD)).status, 200)
    assert.equal((await change()).status, 200)
    assert.equal((await tryPassword(world, holder.identifier, PASSWORD)).code, 'password-wrong')
    await signedIn(world, holder, OTHER_PASSWORD)
  })

  test('of 64 characters and more is taken whole, to the letter', async () => {
    const holder = await practitionerWithEmail(world)
    const long = `Girafe vinaigre boussole ${'cerfeuil parapluie locomotive '.repeat(3)}fin`.slice(0, 100)
    await activate(world, holder, long)
    for (const other of [long.slice(0, 99), long.slice(0, 72), long.slice(0, 64), long.toLowerCase(), `${long} `])
      assert.equal((await tryPassword(world, holder.identifier, other)).code, 'password-wrong')
    world.clock.advance(20 * MINUTE)
    await signedIn(world, holder, long)
  })

  test('that is used goes on, year after year', async () => {
    const holder = await activated(world)
    for (let months = 0; months < 24; months += 5) {
      await signedIn(world, holder)
      world.clock.advance(150 * DAY)
    }
  })

  test('that changes, and factors that do, are told by mail', async () => {
    const holder = await activated(world)
    const client = await signedIn(world, holder)
    const before = (await mailsTo(world, holder.email, 2)).length
    const { recoveryCodes } = await addTotp(client)
    assert.equal(recoveryCodes.length, 10)
    await client.do('POST /api/account/password/recovery-codes')
    const { factors } = await client.do('GET /api/account/password')
    await client.do('DELETE /api/account/password/factors/:factorId', { params: { factorId: factors[0]!.factorId } })
    await client.do('PUT /api/account/password', { body: { password: OTHER_PASSWORD } })
    const subjects = (await mailsTo(world, holder.email, before + 4)).map(({ subject }) => subject)
    for (const subject of [
      'Une vérification a été ajoutée à votre compte',
      'Vos codes de secours ont été renouvelés',
      'Une vérification a été retirée de votre compte',
      'Votre mot de passe a été changé',
    ])
      assert.ok(subjects.includes(subject), subject)
  })
})

describe('a link', () => {
  test('sets a password and signs nobody in, and the second factor is still asked', async () => {
    const holder = await activated(world)
    await addTotp(await signedIn(world, holder))
    const token = await askForLink(world, holder)
    const answer = await world
      .stranger()
      .call('POST /api/password/by-link', { body: { token, password: OTHER_PASSWORD } })
    assert.ok(answer.status < 300)
    assert.equal(answer.headers['set-cookie'], undefined)
    const { means } = await begin(holder, OTHER_PASSWORD)
    assert.deepEqual(means, ['totp', 'recovery'])
  })
})

test('the link of a mail is the portal’s, whatever Host is asked for', async () => {
  const evil = 'portail-malveillant.example'
  const forged: Record<string, string>[] = [
    { host: evil },
    { 'x-forwarded-host': evil, 'x-forwarded-proto': 'https' },
    { forwarded: `host=${evil};proto=https` },
  ]
  for (const headers of forged) {
    const holder = await practitionerWithEmail(world)
    const answer = await world.stranger().call('POST /api/password/links', {
      body: { identifier: holder.identifier },
      headers: { ...headers, 'sec-fetch-site': 'same-origin' },
    })
    assert.equal(answer.status, 202)
    const [mail] = await mailsTo(world, holder.email, 1)
    assert.ok(mail!.text.includes(`${world.url}/connexion/nouveau-mot-de-passe#`))
    assert.ok(!JSON.stringify(mail).includes(evil))
  }
})

describe('a second factor', () => {
  test('its secrets are long, and never twice the same', async () => {
    const holder = await activated(world)
    const client = await signedIn(world, holder)
    const secrets = []
    for (let i = 0; i < 3; i++) secrets.push((await client.do('POST /api/account/password/totp-secret')).secret)
    const { recoveryCodes } = await addTotp(client)
    const more = (await client.do('POST /api/account/password/recovery-codes')).recoveryCodes
    const challenges = []
    for (let i = 0; i < 3; i++)
      challenges.push(String((await client.do('POST /api/account/password/passkey-options')).challenge))
    const tickets = [(await begin(holder)).ticket, (await begin(holder)).ticket]
    const all = [...secrets, ...recoveryCodes, ...more, ...challenges, ...tickets]
    assert.equal(new Set(all).size, all.length)
    for (const secret of secrets) assert.ok(secret.length >= 32, 'a secret of 160 bits in base 32')
    for (const code of [...recoveryCodes, ...more]) assert.match(code, /^([2-9A-Z]{4}-){2}[2-9A-Z]{4}$/)
    for (const challenge of challenges) assert.ok(Buffer.from(challenge, 'base64url').length >= 32)
  })

  test('the same code, twice at once, opens one session', async () => {
    const holder = await activated(world)
    const { secret } = await addTotp(await signedIn(world, holder))
    const tickets = [await begin(holder), await begin(holder)]
    const code = codeOf(secret)
    const answers = await Promise.all(tickets.map(({ ticket }) => finish(ticket, 'totp', code)))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 403])
  })

  test('a ticket is one sign-in’s, for five minutes, and no session', async () => {
    const holder = await activated(world)
    const { secret } = await addTotp(await signedIn(world, holder))
    const { ticket } = await begin(holder)
    const opens = await world.stranger().raw('GET', '/api/account/password', {
      headers: { cookie: `__Host-consilium=${ticket}` },
    })
    assert.equal(opens.code, 'session-required')
    world.clock.advance(5 * MINUTE + 1000)
    assert.equal((await finish(ticket, 'totp', codeOf(secret))).code, 'sign-in-ticket-ended')
  })

  test('that is lost is taken away by who comes with the card', async () => {
    const holder = await activated(world)
    await addTotp(await signedIn(world, holder))
    const card = await world.signIn(holder)
    const { factors } = await card.do('GET /api/account/password')
    const params = { factorId: factors[0]!.factorId }
    assert.deepEqual((await card.do('DELETE /api/account/password/factors/:factorId', { params })).factors, [])
    await signedIn(world, holder)
  })
})
