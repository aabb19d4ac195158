// Second factors: added after a fresh proof, asked for at the next sign-in, each answer taken once.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import type { Client } from '../client.ts'
import { startWorld, type World } from '../harness.ts'
import { type Authenticator, createAuthenticator } from './authenticator.ts'
import {
  activated,
  askForLink,
  clientOf,
  type Holder,
  mailsTo,
  OTHER_PASSWORD,
  PASSWORD,
  signedIn,
  tracesOf,
  tryPassword,
} from './people.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.stop())

type Shown = { means: 'totp' | 'recovery'; code: string } | { means: 'passkey'; credential: unknown }

async function ticketOf(holder: Holder): Promise<string> {
  const answer = await tryPassword(world, holder.identifier)
  assert.equal(answer.headers['set-cookie'], undefined, 'no session before the second factor')
  const { secondFactor } = answer.json
  assert.ok(secondFactor, `${answer.code}`)
  return secondFactor.ticket
}
const show = (ticket: string, shown: Shown) =>
  world.stranger().call('POST /api/sign-in/password/second-factor', { body: { ticket, ...shown } })
const passkeyOptions = (ticket: string) =>
  world.stranger().do('POST /api/sign-in/password/passkey-options', { body: { ticket } })

async function withTotp(): Promise<{ holder: Holder; client: Client; totp: TOTP; codes: string[]; code(): string }> {
  const holder = await activated(world)
  const client = await signedIn(world, holder)
  const { secret } = await client.do('POST /api/account/password/totp-secret')
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  const code = () => totp.generate({ timestamp: world.clock.now().getTime() })
  const { recoveryCodes } = await client.do('POST /api/account/password/totp', { body: { code: code() } })
  world.clock.advance(31_000)
  return { holder, client, totp, codes: recoveryCodes, code }
}

async function withPasskey(): Promise<{ holder: Holder; client: Client; key: Authenticator; codes: string[] }> {
  const holder = await activated(world)
  const client = await signedIn(world, holder)
  const key = createAuthenticator(world.url)
  const options = await client.do('POST /api/account/password/passkey-options')
  const body = { label: 'Clé du cabinet', credential: key.create(options) }
  const { account, recoveryCodes } = await client.do('POST /api/account/password/passkeys', { body })
  assert.deepEqual(
    account.factors.map(({ kind, label }) => [kind, label]),
    [['passkey', 'Clé du cabinet']],
  )
  return { holder, client, key, codes: recoveryCodes }
}

test('a code of the application opens the session at the higher level', async () => {
  const { holder, code } = await withTotp()
  const client = clientOf(world, await show(await ticketOf(holder), { means: 'totp', code: code() }))
  const session = await client.do('GET /api/session')
  assert.deepEqual([session.level, session.via, session.may.useExchanges], ['low2', 'password', false])
  const opened = (await tracesOf(world, 'session.opened')).at(-1)
  assert.equal(opened?.authMode, 'PASSWORD+TOTP')
})

test('a code serves once within its step, whoever shows it again', async () => {
  const { holder, code } = await withTotp()
  const same = code()
  const tickets = [await ticketOf(holder), await ticketOf(holder)]
  const answers = await Promise.all(tickets.map((ticket) => show(ticket, { means: 'totp', code: same })))
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 403])
})

test('a code of the step before is taken, an older one and the one that confirmed are not', async () => {
  const { holder, totp } = await withTotp()
  const at = (ms: number) => totp.generate({ timestamp: world.clock.now().getTime() + ms })
  world.clock.advance(60_000)
  assert.equal((await show(await ticketOf(holder), { means: 'totp', code: at(-60_000) })).code, 'second-factor-wrong')
  assert.equal((await show(await ticketOf(holder), { means: 'totp', code: at(-30_000) })).status, 200)
  assert.equal((await show(await ticketOf(holder), { means: 'totp', code: at(-30_000) })).code, 'second-factor-wrong')
})

test('a ticket serves once, and for five minutes', async () => {
  const { holder, code, codes } = await withTotp()
  const ticket = await ticketOf(holder)
  assert.equal((await show(ticket, { means: 'totp', code: code() })).status, 200)
  assert.equal((await show(ticket, { means: 'recovery', code: codes[0]! })).code, 'sign-in-ticket-ended')
  const late = await ticketOf(holder)
  world.clock.advance(5 * 60_000 + 1000)
  assert.equal((await show(late, { means: 'recovery', code: codes[1]! })).code, 'sign-in-ticket-ended')
})

test('codes cannot be guessed: their tries are counted with those of the password, and lock the account', async () => {
  const { holder } = await withTotp()
  let last = ''
  for (let attempt = 0; attempt < 12 && last !== 'password-locked'; attempt++) {
    world.clock.advance(60_000)
    const answer = await tryPassword(world, holder.identifier)
    last = answer.code ?? ''
    if (answer.status !== 200) break
    world.clock.advance(60_000)
    last = (await show(answer.json.secondFactor!.ticket, { means: 'totp', code: '000000' })).code ?? ''
  }
  assert.equal(last, 'password-locked')
  assert.equal((await tryPassword(world, holder.identifier)).code, 'password-locked')
})

test('a recovery code serves once, new ones replace the former, and none is kept as it is', async () => {
  const { holder, client, codes } = await withTotp()
  assert.equal(codes.length, 10)
  assert.equal(new Set(codes).size, 10)
  const typed = codes[0]!.toLowerCase().replaceAll('-', ' ')
  assert.equal((await show(await ticketOf(holder), { means: 'recovery', code: typed })).status, 200)
  assert.equal((await show(await ticketOf(holder), { means: 'recovery', code: codes[0]! })).code, 'second-factor-wrong')
  const renewed = await client.do('POST /api/account/password/recovery-codes')
  assert.equal(renewed.account.recoveryCodesLeft, 10)
  assert.equal((await show(await ticketOf(holder), { means: 'recovery', code: codes[1]! })).code, 'second-factor-wrong')
  // Failures make wait.
  world.clock.advance(60_000)
  const next = await ticketOf(holder)
  assert.equal((await show(next, { means: 'recovery', code: renewed.recoveryCodes[0]! })).status, 200)
  const [stored] = await world.database.sql<{ text: string }>(
    'select jsonb_agg(r)::text as text from portal.recovery_code r',
  )
  for (const code of [...codes, ...renewed.recoveryCodes]) assert.ok(!stored!.text.includes(code))
})

test('the secret of the application is sealed', async () => {
  const { totp } = await withTotp()
  const [stored] = await world.database.sql<{ text: string }>(
    'select jsonb_agg(f)::text as text from portal.second_factor f',
  )
  const hex = Buffer.from(totp.secret.bytes).toString('hex')
  assert.ok(!stored!.text.includes(totp.secret.base32) && !stored!.text.includes(hex))
})

test('a passkey opens the session at the higher level', async () => {
  const { holder, key } = await withPasskey()
  const ticket = await ticketOf(holder)
  const credential = key.get(await passkeyOptions(ticket))
  const client = clientOf(world, await show(ticket, { means: 'passkey', credential }))
  assert.equal((await client.do('GET /api/session')).level, 'low2')
  assert.equal((await tracesOf(world, 'session.opened')).at(-1)?.authMode, 'PASSWORD+PASSKEY')
})

test('a challenge serves once: an answer of a passkey cannot be shown again', async () => {
  const { holder, key } = await withPasskey()
  const ticket = await ticketOf(holder)
  const credential = key.get(await passkeyOptions(ticket))
  const answers = [
    await show(ticket, { means: 'passkey', credential }),
    await show(ticket, { means: 'passkey', credential }),
  ]
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 403],
  )
  const other = await ticketOf(holder)
  await passkeyOptions(other)
  assert.equal((await show(other, { means: 'passkey', credential })).code, 'second-factor-wrong')
})

test('a passkey is believed for this origin only, from its own key only, and never with a counter that went back', async () => {
  const { holder, key } = await withPasskey()
  const cases: [string, (options: Record<string, unknown>) => Record<string, unknown>][] = [
    ['another origin', (options) => key.get(options, { origin: 'https://consilium.autre.example' })],
    ['another challenge', (options) => key.get({ ...options, challenge: 'AAAA' })],
    ['another key', (options) => ({ ...createAuthenticator(world.url).get(options), id: key.get(options).id })],
  ]
  for (const [name, answer] of cases) {
    const ticket = await ticketOf(holder)
    world.clock.advance(60_000)
    const refused = await show(ticket, { means: 'passkey', credential: answer(await passkeyOptions(ticket)) })
    assert.equal(refused.code, 'second-factor-wrong', name)
    world.clock.advance(60_000)
  }
  const ticket = await ticketOf(holder)
  world.clock.advance(60_000)
  const credential = key.get(await passkeyOptions(ticket), { counter: 50 })
  assert.equal((await show(ticket, { means: 'passkey', credential })).status, 200)
  const copied = await ticketOf(holder)
  const back = key.get(await passkeyOptions(copied), { counter: 49 })
  assert.equal((await show(copied, { means: 'passkey', credential: back })).code, 'second-factor-wrong')
})

test('somebody else’s passkey opens nothing', async () => {
  const one = await withPasskey()
  const other = await withPasskey()
  const ticket = await ticketOf(one.holder)
  const credential = other.key.get(await passkeyOptions(ticket))
  assert.equal((await show(ticket, { means: 'passkey', credential })).code, 'second-factor-wrong')
})

test('a change asks for a proof of less than five minutes: the password again, or the card', async () => {
  const { holder, client } = await withTotp()
  const card = await world.signIn(holder)
  world.clock.advance(5 * 60_000)
  const changes = (by: Client) => [
    by.call('PUT /api/account/password', { body: { password: OTHER_PASSWORD } }),
    by.call('POST /api/account/password/passkey-options'),
    by.call('POST /api/account/password/totp-secret'),
    by.call('POST /api/account/password/recovery-codes'),
    by.call('DELETE /api/account/password/factors/:factorId', { params: { factorId: crypto.randomUUID() } }),
  ]
  for (const by of [client, card])
    for (const answer of await Promise.all(changes(by))) assert.equal(answer.code, 'proof-required')
  assert.equal((await client.do('GET /api/account/password')).proven, false)
  const wrong = await client.call('POST /api/account/password/proof', { body: { password: OTHER_PASSWORD } })
  assert.equal(wrong.code, 'password-wrong')
  const proven = await client.do('POST /api/account/password/proof', { body: { password: PASSWORD } })
  assert.equal(proven.proven, true)
  const [factor] = proven.factors
  const params = { factorId: factor!.factorId }
  const left = await client.do('DELETE /api/account/password/factors/:factorId', { params })
  assert.deepEqual([left.factors, left.recoveryCodesLeft], [[], 0])
  const fresh = await world.signIn(holder)
  assert.equal((await fresh.call('PUT /api/account/password', { body: { password: OTHER_PASSWORD } })).status, 200)
  const subjects = (await mailsTo(world, holder.email, 6)).map(({ subject }) => subject)
  for (const subject of [
    'Une vérification a été ajoutée à votre compte',
    'Une vérification a été retirée de votre compte',
    'Votre mot de passe a été changé',
  ])
    assert.ok(subjects.includes(subject), subject)
})

test('nobody takes away somebody else’s factor', async () => {
  const { client } = await withTotp()
  const other = await withTotp()
  const [factor] = (await client.do('GET /api/account/password')).factors
  const params = { factorId: factor!.factorId }
  const answer = await other.client.call('DELETE /api/account/password/factors/:factorId', { params })
  assert.equal(answer.code, 'second-factor-unknown')
  assert.equal((await client.do('GET /api/account/password')).factors.length, 1)
})

test('a reset by link keeps the second factor', async () => {
  const { holder } = await withTotp()
  world.clock.advance(61_000)
  const token = await askForLink(world, holder)
  await world.stranger().do('POST /api/password/by-link', { body: { token, password: PASSWORD } })
  await ticketOf(holder)
})

test('an application that was never confirmed is no second factor', async () => {
  const holder = await activated(world)
  const client = await signedIn(world, holder)
  await client.do('POST /api/account/password/totp-secret')
  const wrong = await client.call('POST /api/account/password/totp', { body: { code: '000000' } })
  assert.equal(wrong.code, 'second-factor-wrong')
  assert.equal((await tryPassword(world, holder.identifier)).json.signedIn, true)
})
