// The card on its own origin: shown by curl and openssl as a browser would, refused with a page for each reason.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createCardAuthority } from '../../../simulators/card-authority/authority.ts'
import { cardsProblems } from '../../../src/services/cards/problems.ts'
import { eventually, type Someone } from '../harness.ts'
import { type CardWorld, readAnswer, startCardWorld, wanted } from './card-world.ts'

const DAY_MS = 24 * 3_600_000
const missing = await wanted({ curl: 'curl', openssl: 'openssl' })

let place: CardWorld
let doctor: Someone
before(async () => {
  if (missing) return
  place = await startCardWorld()
  doctor = await place.world.practitioner()
})
after(() => place?.stop())

const refusedWith = (url: URL) => (url.pathname === '/connexion/refusee' ? url.searchParams.get('code') : url.pathname)

describe('a card that is good', { skip: missing }, () => {
  test('opens a session by way of a ticket, at the place of its holder, and comes back where it began', async () => {
    const browser = place.browser()
    const end = await browser.signIn(await place.card(doctor), '/echanges?dossier=todo')
    assert.equal(end.pathname + end.search, '/echanges?dossier=todo')
    const session = await browser.session()
    assert.equal(session.state, 'signedIn')
    assert.equal(session.via, 'card')
    assert.equal(session.level, 'substantial')
    assert.equal(session.place?.activityId, doctor.activityIds[0])
    assert.equal(session.may.useExchanges, true)
    const rows = await place.world.database.sql(
      "select acr, auth_mode, issuer, role, sealed_id_token from portal.session where person_id = $1 and via = 'card'",
      [doctor.personId],
    )
    assert.deepEqual(rows, [
      { acr: 'card', auth_mode: 'CARD', issuer: place.origin, role: 'practitioner', sealed_id_token: null },
    ])
  })

  test('of somebody with two places asks for the choice, unless one of them is where they start', async () => {
    const two = await place.world.practitioner({ places: 2 })
    const card = await place.card(two)
    const browser = place.browser()
    await browser.signIn(card)
    assert.equal((await browser.session()).state, 'placeRequired')
    await place.world.database.sql('update portal.person set default_activity_id = $2 where person_id = $1', [
      two.personId,
      two.activityIds[1],
    ])
    await browser.signIn(card)
    assert.equal((await browser.session()).place?.activityId, two.activityIds[1])
  })

  test('CPE opens a session as what its holder is: an employee, whose rights are those of one', async () => {
    const employee = await place.world.practitioner()
    await place.world.database.sql("update portal.person set kind = 'employee' where person_id = $1", [
      employee.personId,
    ])
    const browser = place.browser()
    const wishes = { product: 2, structure: { id: '1990000001', name: 'CENTRE FICTIF' } }
    await browser.signIn(await place.card(employee, wishes))
    const rows = await place.world.database.sql('select role, via from portal.session where person_id = $1', [
      employee.personId,
    ])
    assert.deepEqual(rows, [{ role: 'employee', via: 'card' }])
  })

  test('steps a password session up, under a new id', async () => {
    const client = await place.world.signIn(doctor, { level: 'low', via: 'password', authMode: 'PASSWORD' })
    const browser = place.browser()
    const host = new URL(place.world.url).hostname
    browser.jar.cookies.push({ name: '__Host-consilium', value: client.cookie!, host, path: '/' })
    assert.equal((await browser.session()).level, 'low')
    await browser.signIn(await place.card(doctor))
    assert.equal((await browser.session()).level, 'substantial')
    assert.equal((await client.do('GET /api/session')).state, 'signedOut')
  })

  test('opens a session that ends no later than the card', async () => {
    const soon = new Date(Math.floor(Date.now() / 1000) * 1000 + 60 * 60_000)
    const browser = place.browser()
    await browser.signIn(await place.card(doctor, { notAfter: soon }))
    assert.equal((await browser.session()).expiresAt, soon.toISOString())
  })
})

describe('a card that is refused', { skip: missing }, () => {
  async function refusal(card: Awaited<ReturnType<CardWorld['card']>> | null) {
    const browser = place.browser()
    const before = (await place.refusals()).length
    const shown = await browser.show(await browser.begin('/echanges'), card)
    const traced = (await place.refusals()).slice(before)
    assert.deepEqual(traced, [
      { code: shown.code, serial: card && shown.code !== 'card-unreadable' ? card.serial : '' },
    ])
    assert.equal(shown.location, null)
    assert.equal((await browser.session()).state, 'signedOut')
    const { status } = cardsProblems[shown.code as keyof typeof cardsProblems]
    assert.equal(shown.status, status)
    assert.match(
      shown.headers,
      /content-security-policy: default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/i,
    )
    assert.match(shown.headers, /cache-control: no-store/i)
    assert.match(shown.headers, /connection: close/i)
    assert.match(shown.body, /<html lang="fr">/)
    assert.ok(shown.body.includes('/api/sign-in/psc?retour=%2Fechanges'), 'the way to Pro Santé Connect')
    assert.ok(!/<script|http-equiv/i.test(shown.body))
    return shown.code
  }

  test('is none at all', async () => assert.equal(await refusal(null), 'card-missing'))
  test('is of another authority of the same names', async () => {
    const card = await place.card(doctor, {}, await createCardAuthority())
    assert.equal(await refusal(card), 'card-authority-unknown')
  })
  test('is over', async () => {
    const [notBefore, notAfter] = [new Date(Date.now() - 9 * DAY_MS), new Date(Date.now() - DAY_MS)]
    assert.equal(await refusal(await place.card(doctor, { notBefore, notAfter })), 'card-expired')
  })
  test('is revoked', async () => {
    const card = await place.card(doctor)
    place.authority.revoke(card.serial)
    await place.renewLists()
    assert.equal(await refusal(card), 'card-revoked')
  })
  test('is the certificate for signatures', async () => {
    assert.equal(await refusal(await place.card(doctor, { use: 'signature' })), 'card-signature-certificate')
  })
  test('is an organisation’s, which TLS itself lets in', async () => {
    assert.equal(await refusal(await place.card(doctor, { branch: 'ORGANISATIONS' })), 'card-organisation')
  })
  test('is of a service', async () => {
    const service = { familyName: null, givenName: null, product: 2 }
    assert.equal(await refusal(await place.card('3990000001/000000018', service)), 'card-type-refused')
  })
  test('is of nobody known', async () => {
    assert.equal(await refusal(await place.card('899700000000')), 'card-holder-unknown')
  })
  test('comes after its list has ended: everybody is refused, and the security contact told', async () => {
    const card = await place.card(doctor)
    const { clock, mailer } = place.world
    const before = mailer.sent.length
    const alarms = () => mailer.sent.slice(before).filter(({ subject }) => /liste de révocation/.test(subject))
    clock.advance(4 * DAY_MS)
    await place.world.server.cards!.refresh()
    await place.world.server.cards!.refresh()
    // The three PERSONNES authorities and their roots, each once however often it is looked at.
    await eventually(() => alarms().length === 6)
    assert.ok(alarms().every(({ text }) => /moitié de sa durée de validité/.test(text)))
    assert.equal(mailer.sent.at(-1)?.to, place.world.configuration.securityContact)
    clock.advance(4 * DAY_MS)
    assert.equal(await refusal(card), 'card-revocation-unavailable')
    clock.advance(-8 * DAY_MS)
    await place.renewLists()
    const browser = place.browser()
    await browser.signIn(card)
  })
})

describe('openssl s_client', { skip: missing }, () => {
  /** A whole request by hand, to see the page on the wire. */
  function ask(address: URL, words: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = spawn('openssl', [
        's_client',
        '-connect',
        address.host,
        '-quiet',
        '-servername',
        'localhost',
        ...words,
      ])
      let output = ''
      child.stdout.on('data', (chunk) => {
        output += chunk
      })
      child.on('error', reject)
      child.on('close', () => resolve(output))
      child.stdin.write(
        `GET ${address.pathname}${address.search} HTTP/1.1\r\nHost: ${address.host}\r\nConnection: close\r\n\r\n`,
      )
    })
  }

  for (const version of ['-tls1_2', '-tls1_3'])
    test(`${version}: no card, then the signature certificate, then a good one that sends its leaf alone`, async () => {
      const browser = place.browser()
      const address = await browser.begin()
      assert.equal(readAnswer(await ask(address, [version])).code, 'card-missing')
      const signature = await place.card(doctor, { use: 'signature' })
      const shown = readAnswer(
        await ask(address, [version, '-cert', signature.certificateFile, '-key', signature.keyFile]),
      )
      assert.equal(shown.code, 'card-signature-certificate')
      const good = await place.card(doctor)
      const answer = readAnswer(await ask(address, [version, '-cert', good.certificateFile, '-key', good.keyFile]))
      assert.equal(answer.status, 302)
      assert.equal((await browser.comeBack(answer.location!)).pathname, '/')
    })

  test('TLS 1.1 is not spoken', async () => {
    const browser = place.browser()
    assert.equal(await ask(await browser.begin(), ['-tls1_1']), '')
  })

  test('a resumed TLS session does not outlive the card: revoked in between, it is refused', async () => {
    for (const version of ['-tls1_2', '-tls1_3']) {
      const card = await place.card(doctor)
      const kept = join(place.folder, `tls-session${version}`)
      const own = [version, '-cert', card.certificateFile, '-key', card.keyFile]
      const first = await ask(await place.browser().begin(), [...own, '-sess_out', kept])
      assert.equal(readAnswer(first).status, 302)
      const again = await ask(await place.browser().begin(), [...own, '-sess_in', kept])
      assert.equal(readAnswer(again).status, 302)
      place.authority.revoke(card.serial)
      await place.renewLists()
      const refused = await ask(await place.browser().begin(), [...own, '-sess_in', kept])
      assert.equal(readAnswer(refused).code, 'card-revoked')
    }
  })
})

describe('a list that is renewed while the server runs', { skip: missing }, () => {
  test('ends the session of a card revoked since, and refuses it from then on', async () => {
    const card = await place.card(doctor)
    const other = place.browser()
    await other.signIn(await place.card(doctor))
    const browser = place.browser()
    await browser.signIn(card)
    assert.equal((await browser.session()).state, 'signedIn')
    place.authority.revoke(card.serial)
    await place.renewLists()
    assert.equal((await browser.session()).state, 'signedOut')
    assert.equal((await other.session()).state, 'signedIn', 'another card of the same person is not touched')
    assert.equal((await browser.show(await browser.begin(), card)).code, 'card-revoked')
  })

  test('ends a session that a ticket given before it opens after it', async () => {
    const card = await place.card(doctor)
    const browser = place.browser()
    const { location } = await browser.show(await browser.begin(), card)
    place.authority.revoke(card.serial)
    await place.renewLists()
    await browser.comeBack(location!)
    assert.equal((await browser.session()).state, 'signedIn')
    await place.world.server.cards!.refresh()
    assert.equal((await browser.session()).state, 'signedOut')
  })

  test('is not replaced by an older one, nor by one of another authority', async () => {
    const card = await place.card(doctor)
    place.authority.revoke(card.serial)
    const before = await place.authority.lists({ thisUpdate: new Date(Date.now() - DAY_MS) })
    await place.renewLists()
    const lists = [...before.map(({ file, pem }) => ({ file: `old-${file}`, pem }))]
    for (const { file, pem } of await (await createCardAuthority()).lists()) lists.push({ file: `forged-${file}`, pem })
    for (const { file, pem } of lists) writeFileSync(join(place.folder, 'lists', file), pem)
    await place.world.server.cards!.refresh()
    const browser = place.browser()
    assert.equal((await browser.show(await browser.begin(), card)).code, 'card-revoked')
    for (const { file } of lists) rmSync(join(place.folder, 'lists', file))
  })
})

describe('a ticket', { skip: missing }, () => {
  test('serves once', async () => {
    const browser = place.browser()
    const { location } = await browser.show(await browser.begin(), await place.card(doctor))
    assert.equal((await browser.comeBack(location!)).pathname, '/')
    assert.equal(refusedWith(await browser.comeBack(location!)), 'sign-in-expired')
  })

  test('is over after a minute', async () => {
    const browser = place.browser()
    const { location } = await browser.show(await browser.begin(), await place.card(doctor))
    place.world.clock.advance(61_000)
    assert.equal(refusedWith(await browser.comeBack(location!)), 'sign-in-expired')
    assert.equal((await browser.session()).state, 'signedOut')
    place.world.clock.advance(-61_000)
  })

  test('is worth nothing in another browser, and no more in the first one then', async () => {
    const [mine, theirs] = [place.browser(), place.browser()]
    await theirs.begin()
    const { location } = await mine.show(await mine.begin(), await place.card(doctor))
    assert.equal(refusedWith(await theirs.comeBack(location!)), 'sign-in-expired')
    assert.equal((await theirs.session()).state, 'signedOut')
    assert.equal(refusedWith(await mine.comeBack(location!)), 'sign-in-expired')
  })

  test('of another sign-in does not fit, whatever its state', async () => {
    const [first, second] = [place.browser(), place.browser()]
    const card = await place.card(doctor)
    const { location: one } = await first.show(await first.begin(), card)
    const { location: two } = await second.show(await second.begin(), card)
    one!.searchParams.set('ticket', two!.searchParams.get('ticket')!)
    assert.equal(refusedWith(await first.comeBack(one!)), 'sign-in-expired')
    one!.searchParams.delete('ticket')
    assert.equal(refusedWith(await first.comeBack(one!)), 'sign-in-expired')
  })

  test('is given once for a sign-in, and none for a sign-in that nobody began', async () => {
    const browser = place.browser()
    const address = await browser.begin()
    const card = await place.card(doctor)
    assert.equal((await browser.show(address, card)).status, 302)
    assert.equal((await browser.show(address, card)).code, 'sign-in-expired')
    for (const state of ['', 'x'.repeat(43), '%00'])
      assert.equal((await browser.show(new URL(`${place.origin}/?etat=${state}`), card)).code, 'sign-in-expired')
    assert.equal((await browser.show(new URL(place.origin), null)).code, 'sign-in-expired')
  })

  test('leads to the portal’s own name, whatever Host is asked for', async () => {
    const browser = place.browser()
    const { location } = await browser.show(await browser.begin(), await place.card(doctor), [
      '-H',
      'Host: mechant.example',
    ])
    assert.equal(location?.origin, place.world.url)
  })

  test('is kept as a digest, and neither it nor the state is in a log or a trace', async () => {
    const browser = place.browser()
    const { location } = await browser.show(await browser.begin(), await place.card(doctor))
    const secrets = ['etat', 'ticket'].map((name) => location!.searchParams.get(name)!)
    const rows = await place.world.database.sql('select * from portal.card_sign_in')
    const events = await place.world.database.sql('select event from trace.event')
    const written = JSON.stringify([rows, events]) + place.world.logs()
    for (const secret of secrets) assert.ok(!written.includes(secret))
  })
})

describe('what a stranger can do', { skip: missing }, () => {
  test('ends after twenty cards refused in one sign-in: the trace has no more of them', async () => {
    const browser = place.browser()
    const address = await browser.begin()
    const before = (await place.refusals()).length
    for (let i = 0; i < 22; i++) await browser.show(address, null)
    assert.equal((await place.refusals()).length, before + 20)
    assert.equal((await browser.show(address, await place.card(doctor))).code, 'sign-in-expired')
  })

  test('other addresses and methods of the origin answer nothing', async () => {
    const browser = place.browser()
    const address = await browser.begin()
    assert.equal((await browser.show(new URL('/api/session', address), null)).status, 404)
    assert.equal((await browser.show(address, null, ['-X', 'POST'])).status, 405)
  })

  test('a forwarded certificate is not looked at where no proxy is set, there and on the portal', async () => {
    const card = await place.card(doctor)
    const forged = ['-H', `X-Client-Cert: ${encodeURIComponent(card.certificatePem)}`]
    const browser = place.browser()
    assert.equal((await browser.show(await browser.begin(), null, forged)).code, 'card-missing')
  })
})
