// Sign-in by password: equal answers, tries counted, locked, asleep, told by mail.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../harness.ts'
import { asRole } from '../postgres.ts'
import {
  activate,
  activated,
  askForLink,
  clientOf,
  mailsTo,
  OTHER_PASSWORD,
  PASSWORD,
  practitionerWithEmail,
  signedIn,
  tracesOf,
  tryPassword,
} from './people.ts'

const DAY = 24 * 3_600_000
let world: World
before(async () => {
  world = await startWorld({ environment: { CONSILIUM_PROXIES: '127.0.0.1,::1' } })
})
after(() => world.stop())

/** Each from an address of its own: here the identifiers are tried, not the addresses. */
let last = 0
const from = () => ({ 'x-forwarded-for': `10.${(++last >> 8) & 255}.${last & 255}.7` })
const wrong = (identifier: string) => tryPassword(world, identifier, 'ce n’est pas le bon', from())
const right = (identifier: string) => tryPassword(world, identifier, PASSWORD, from())

/** Failures until the next one would be the last; waits are slept through. */
async function fail(identifier: string, times: number) {
  let answer = await wrong(identifier)
  for (let more = 1; more < times; more++) {
    world.clock.advance(60_000)
    answer = await wrong(identifier)
  }
  return answer
}

test('an unknown identifier, one without password and a wrong password are answered alike, by as many statements and one argon2', async () => {
  const holder = await activated(world)
  const without = await practitionerWithEmail(world)
  const seen = []
  for (const identifier of [holder.identifier, without.identifier, '80000000002']) {
    let text = ''
    const statements = await world.statements(async () => {
      const answer = await wrong(identifier)
      const { requestId: _requestId, ...rest } = answer.json as unknown as Record<string, unknown>
      text = JSON.stringify({ status: answer.status, ...rest })
    })
    seen.push({ text, statements: statements.filter((name) => !name.startsWith('outbox.')) })
  }
  assert.deepEqual(seen[1], seen[0])
  assert.deepEqual(seen[2], seen[0])
  assert.match(seen[0]!.text, /password-wrong/)
})

test('the time of an answer does not tell whether an account exists', async () => {
  const holder = await activated(world)
  const time = async (identifier: () => string) => {
    const times = []
    for (let round = 0; round < 7; round++) {
      const began = performance.now()
      await wrong(identifier())
      times.push(performance.now() - began)
      world.clock.advance(30_000)
    }
    return times.toSorted((a, b) => a - b)[3]!
  }
  const known = await time(() => holder.identifier)
  const unknown = await time(() => String(80_000_001_000 + ++last))
  // Without the dummy hash the unknown one is ten times quicker; machines that are busy make both vary.
  const ratio = known / unknown
  assert.ok(ratio > 0.25 && ratio < 4, `known ${known} ms, unknown ${unknown} ms`)
})

test('guesses that come together do not slip through: ten at most are tried, then all are refused', async () => {
  const holder = await activated(world)
  const answers = await Promise.all(Array.from({ length: 40 }, () => wrong(holder.identifier)))
  const tried = answers.filter(({ code }) => code === 'password-wrong' || code === 'password-locked').length
  assert.ok(tried <= 5, `${tried} were tried before any had to wait`)
  assert.equal(answers.filter(({ code }) => code === 'password-slowed').length, 40 - tried)
  // Meanwhile even the right one has to wait, and is told for how long.
  const slowed = await right(holder.identifier)
  assert.equal(slowed.code, 'password-slowed')
  assert.ok(Number(slowed.problem.retryAfter) >= 1)
  world.clock.advance(5_000)
  assert.equal((await right(holder.identifier)).status, 200)
})

test('the waiting grows, and success forgets it', async () => {
  const { identifier } = await activated(world)
  const waits = []
  for (let failure = 1; failure < 10; failure++) {
    await wrong(identifier)
    const slowed = await right(identifier)
    waits.push(slowed.code === 'password-slowed' ? Number(slowed.problem.retryAfter) : 0)
    if (slowed.status === 200) continue
    world.clock.advance(60_000)
  }
  assert.deepEqual(waits.slice(0, 4), [0, 0, 0, 0])
  await fail(identifier, 9)
  const slowed = await right(identifier)
  assert.equal(slowed.problem.retryAfter, 16)
})

test('ten failures lock an identifier, known or not; the holder is told, and only there', async () => {
  const holder = await activated(world)
  const unknown = '80000000003'
  for (const identifier of [holder.identifier, unknown]) {
    assert.equal((await fail(identifier, 10)).code, 'password-locked')
    world.clock.advance(30 * DAY)
    assert.equal((await right(identifier)).code, 'password-locked')
  }
  const mails = await mailsTo(world, holder.email, 3)
  assert.equal(mails.at(-1)?.subject, 'Votre connexion par mot de passe est fermée')
  const locked = (await tracesOf(world, 'password.locked')).filter(({ subject }) => subject === holder.personId)
  assert.equal(locked.length, 1)
})

test('a card opens a locked account again', async () => {
  const holder = await activated(world)
  await fail(holder.identifier, 10)
  assert.equal((await right(holder.identifier)).code, 'password-locked')
  await world.server.services.accounts.openSession(
    {
      personId: holder.personId,
      side: 'practice',
      role: 'practitioner',
      level: 'substantial',
      via: 'card',
      authMode: 'CARD',
      acr: '',
      issuer: 'card',
      activityId: null,
      organismIds: [],
      authTime: world.clock.now(),
      idpSid: null,
      sealedIdToken: null,
    },
    null,
  )
  assert.equal((await right(holder.identifier)).status, 200)
  const [unlocked] = (await tracesOf(world, 'password.unlocked')).filter(({ subject }) => subject === holder.personId)
  assert.equal(unlocked?.by, 'card')
})

test('a link opens a locked account again', async () => {
  const holder = await activated(world)
  await fail(holder.identifier, 10)
  const token = await askForLink(world, holder)
  await world.stranger().do('POST /api/password/by-link', { body: { token, password: OTHER_PASSWORD } })
  assert.equal((await tryPassword(world, holder.identifier, OTHER_PASSWORD, from())).status, 200)
})

test('six months without use block the account; only who knows the password is told', async () => {
  const holder = await activated(world)
  world.clock.advance(184 * DAY)
  assert.equal((await wrong(holder.identifier)).code, 'password-wrong')
  assert.equal((await right(holder.identifier)).code, 'password-dormant')
  const token = await askForLink(world, holder)
  await world.stranger().do('POST /api/password/by-link', { body: { token, password: PASSWORD } })
  assert.equal((await right(holder.identifier)).status, 200)
})

test('a mail tells of a sign-in from a new place, and of every one where that is wanted', async () => {
  const holder = await practitionerWithEmail(world)
  await activate(world, holder)
  const browser = (agent: string, address: string) =>
    tryPassword(world, holder.identifier, PASSWORD, { 'user-agent': agent, 'x-forwarded-for': address })
  const told = () =>
    world.mailer.sent.filter(({ to, subject }) => to === holder.email && subject.startsWith('Connexion')).length
  const after_ = async (answer: Awaited<ReturnType<typeof browser>>, expected: number) => {
    assert.equal(answer.status, 200)
    await new Promise((resolve) => setTimeout(resolve, 400))
    assert.equal(told(), expected)
    return clientOf(world, answer)
  }
  await after_(await browser('Firefox/140.0 Windows', '192.0.2.7'), 1)
  await after_(await browser('Firefox/141.0 Windows', '192.0.2.99'), 1)
  await after_(await browser('Chrome/150.0 Windows', '192.0.2.7'), 2)
  const client = await after_(await browser('Firefox/141.0 Windows', '198.51.100.1'), 3)
  const account = await client.do('PUT /api/account/password/notices', { body: { everySignIn: true } })
  assert.equal(account.everySignIn, true)
  await after_(await browser('Firefox/141.0 Windows', '198.51.100.1'), 4)
})

test('many failures from one address slow that address down, whatever identifiers it tries', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.9' }
  const codes = []
  for (let each = 0; each < 24; each++)
    codes.push((await tryPassword(world, String(81_000_000_000 + each), 'ce n’est pas le bon', headers)).code)
  assert.equal(codes[19], 'password-wrong')
  assert.equal(codes.at(-1), 'password-slowed')
  const holder = await activated(world)
  assert.equal((await right(holder.identifier)).status, 200)
})

test('whoever has a network of IPv6 is one address, however many of it they try from', async () => {
  const codes = []
  for (let each = 0; each < 24; each++) {
    const headers = { 'x-forwarded-for': `2001:db8:0:7::${each.toString(16)}` }
    codes.push((await tryPassword(world, String(82_000_000_000 + each), 'ce n’est pas le bon', headers)).code)
  }
  assert.equal(codes[19], 'password-wrong')
  assert.equal(codes.at(-1), 'password-slowed')
})

test('login CSRF is shut: another site cannot sign a browser in', async () => {
  const holder = await activated(world)
  for (const headers of [{ origin: 'https://autre.example' }, { origin: undefined, 'sec-fetch-site': 'cross-site' }]) {
    const answer = await tryPassword(world, holder.identifier, PASSWORD, headers)
    assert.equal(answer.code, 'origin-refused')
    assert.equal(answer.headers['set-cookie'], undefined)
  }
})

test('a sign-in gives a new session id, and closes the one the browser had', async () => {
  const holder = await activated(world)
  const first = await signedIn(world, holder)
  const answer = await first.call('POST /api/sign-in/password', {
    body: { identifier: holder.identifier, password: PASSWORD },
    headers: from(),
  })
  const second = clientOf(world, answer)
  assert.notEqual(second.cookie, first.cookie)
  assert.equal((await first.do('GET /api/session')).state, 'signedOut')
  assert.equal((await second.do('GET /api/session')).state, 'signedIn')
})

test('everything medical answers that a card is needed, and where to show it', async () => {
  const client = await signedIn(world, await activated(world))
  const answer = await client.call('GET /api/exchanges', { query: { folder: 'todo' } })
  assert.equal(answer.code, 'level-insufficient')
  assert.equal(answer.problem.stepUp, '/api/sign-in/psc')
})

test('the medical role has nothing of the passwords', async () => {
  await asRole(world.database.connection, 'medical', async (medical) => {
    for (const table of [
      'password_account',
      'password_attempt',
      'account_link',
      'second_factor',
      'recovery_code',
      'pending_sign_in',
      'password_session',
      'known_place',
    ])
      await assert.rejects(medical.query(`select 1 from portal.${table}`), /permission denied/, table)
  })
})

test('no password is in the logs, and the hash is argon2id', async () => {
  await activated(world)
  assert.ok(!world.logs().includes(PASSWORD))
  const rows = await world.database.sql<{ password_hash: string }>('select password_hash from portal.password_account')
  for (const row of rows) assert.match(row.password_hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
})

test('switched off, every route says so', async () => {
  const off = await startWorld({ environment: { CONSILIUM_PASSWORD: '0' } })
  try {
    assert.equal((await off.stranger().do('GET /api/sign-in/options')).password, false)
    const answer = await tryPassword(off, '80000000004')
    assert.deepEqual([answer.status, answer.code], [404, 'password-off'])
    const link = await off.stranger().call('POST /api/password/links', { body: { identifier: '80000000004' } })
    assert.equal(link.code, 'password-off')
  } finally {
    await off.stop()
  }
})
