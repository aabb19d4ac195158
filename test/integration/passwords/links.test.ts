// Activation and reset by a one-time link.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../harness.ts'
import {
  activated,
  askForLink,
  linksIn,
  mailsTo,
  OTHER_PASSWORD,
  PASSWORD,
  practitionerWithEmail,
  signedIn,
  tracesOf,
  tryPassword,
} from './people.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.stop())

const byLink = (token: string, password = PASSWORD) =>
  world.stranger().call('POST /api/password/by-link', { body: { token, password } })

test('the link of the mail activates the account, and the password then signs in', async () => {
  const holder = await practitionerWithEmail(world)
  const token = await askForLink(world, holder)
  assert.equal((await byLink(token)).status, 204)
  const client = await signedIn(world, holder)
  const session = await client.do('GET /api/session')
  assert.equal(session.state, 'signedIn')
  assert.deepEqual([session.level, session.via, session.may.useExchanges], ['low', 'password', false])
  assert.equal(session.may.identifyLimited, true)
  const mails = await mailsTo(world, holder.email, 3)
  assert.deepEqual(
    mails.map((mail) => mail.subject),
    [
      'Votre lien pour choisir un mot de passe',
      'Votre mot de passe a été changé',
      'Connexion à votre compte par mot de passe',
    ],
  )
  // Mails hold no name and no number.
  for (const { text } of mails) assert.ok(!text.includes(holder.identifier) && !text.includes('Essai'))
})

test('the token is in neither the database nor the logs', async () => {
  const holder = await practitionerWithEmail(world)
  const token = await askForLink(world, holder)
  const proof = Buffer.from(token, 'base64url').subarray(16)
  const tables = await world.database.sql<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('portal', 'trace')`,
  )
  let rows = 0
  for (const { name } of tables) {
    const content = await world.database.sql<{ text: string }>(`select to_jsonb(t)::text as text from ${name} t`)
    for (const { text } of content) {
      rows++
      for (const form of [token, proof.toString('hex'), proof.toString('base64')])
        assert.ok(!text.includes(form), `${name} holds the token`)
    }
  }
  assert.ok(rows > 10)
  assert.ok(!world.logs().includes(token))
})

test('a link serves once, even when it is used many times at once', async () => {
  const holder = await practitionerWithEmail(world)
  const token = await askForLink(world, holder)
  const answers = await Promise.all(Array.from({ length: 4 }, () => byLink(token)))
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [204, 410, 410, 410])
  assert.equal((await byLink(token, OTHER_PASSWORD)).code, 'link-ended')
  assert.equal((await tryPassword(world, holder.identifier)).status, 200)
})

test('a link ends after half an hour, and when a later one is sent', async () => {
  const holder = await practitionerWithEmail(world)
  const first = await askForLink(world, holder)
  world.clock.advance(61_000)
  const second = await askForLink(world, holder)
  assert.equal((await byLink(first)).code, 'link-ended')
  world.clock.advance(30 * 60_000)
  assert.equal((await byLink(second)).code, 'link-ended')
})

test('a forged token, a cut one and that of another link are refused', async () => {
  const [one, other] = [await practitionerWithEmail(world), await practitionerWithEmail(world)]
  const [token, theirs] = [await askForLink(world, one), await askForLink(world, other)]
  const mixed = Buffer.concat([
    Buffer.from(token, 'base64url').subarray(0, 16),
    Buffer.from(theirs, 'base64url').subarray(16),
  ]).toString('base64url')
  assert.equal((await byLink(mixed)).code, 'link-ended')
  assert.equal((await byLink(token.slice(0, 60))).code, 'request-invalid')
  assert.equal((await byLink(token)).status, 204)
})

test('a refused password leaves the link as it was, and says why', async () => {
  const holder = await practitionerWithEmail(world)
  const token = await askForLink(world, holder)
  const refused = await byLink(token, 'trop court')
  assert.equal(refused.code, 'password-refused')
  assert.equal(refused.problem.faults?.[0]?.pointer, '/password')
  const judged = await world
    .stranger()
    .do('POST /api/password/judgement', { body: { token, password: 'azertyuiop12' } })
  assert.equal(judged.accepted, false)
  assert.equal((await byLink(token)).status, 204)
})

test('a known identifier, one without address and an unknown one are answered alike, and only the first gets a mail', async () => {
  const known = await practitionerWithEmail(world)
  const silent = await world.practitioner({ email: null })
  const [row] = await world.database.sql<{ rpps: string }>('select rpps from portal.person where person_id = $1', [
    silent.personId,
  ])
  const links = () => world.mailer.sent.filter(({ subject }) => subject.startsWith('Votre lien')).length
  const sent = links()
  const answers = []
  for (const identifier of [known.identifier, row!.rpps, '80000000001']) {
    const began = performance.now()
    const answer = await world.stranger().call('POST /api/password/links', { body: { identifier } })
    answers.push({ status: answer.status, text: answer.text })
    // The time is a floor that all the work stands under, so that nothing can be read from it.
    assert.ok(performance.now() - began >= 240)
  }
  assert.deepEqual(answers[1], answers[0])
  assert.deepEqual(answers[2], answers[0])
  await mailsTo(world, known.email, 1)
  assert.equal(links(), sent + 1)
  assert.equal((await tracesOf(world, 'link.sent')).at(-1)?.kind, 'activation')
})

test('nobody’s mail box is filled: one link a minute, ten a day', async () => {
  const holder = await practitionerWithEmail(world)
  const ask = () => world.stranger().call('POST /api/password/links', { body: { identifier: holder.identifier } })
  await Promise.all([ask(), ask(), ask()])
  await mailsTo(world, holder.email, 1)
  for (let more = 0; more < 12; more++) {
    world.clock.advance(31 * 60_000)
    assert.equal((await ask()).status, 202)
  }
  await mailsTo(world, holder.email, 10)
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.equal(world.mailer.sent.filter((mail) => mail.to === holder.email).length, 10)
})

test('a reset closes the sessions by the former password, and keeps those by card', async () => {
  const holder = await activated(world)
  const old = await signedIn(world, holder)
  const card = await world.signIn(holder)
  world.clock.advance(61_000)
  const token = await askForLink(world, holder)
  assert.equal((await byLink(token, OTHER_PASSWORD)).status, 204)
  assert.equal((await old.do('GET /api/session')).state, 'signedOut')
  assert.equal((await card.do('GET /api/session')).state, 'signedIn')
  assert.equal((await tryPassword(world, holder.identifier)).code, 'password-wrong')
  assert.equal((await tryPassword(world, holder.identifier, OTHER_PASSWORD)).status, 200)
})

test('the link stands after the sharp of its address', async () => {
  const holder = await practitionerWithEmail(world)
  await askForLink(world, holder)
  const [mail] = await mailsTo(world, holder.email, 1)
  const address = /https?:\/\/\S+nouveau-mot-de-passe\S*/.exec(mail!.text)?.[0]
  const url = new URL(address!)
  assert.equal(url.search, '')
  assert.equal(url.pathname, '/connexion/nouveau-mot-de-passe')
  assert.equal(url.hash.slice(1), linksIn(mail!.text)[0])
})
