// Behind a reverse proxy: the forwarded certificate is read and checked as if a stranger had written it.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createCardAuthority } from '../../../simulators/card-authority/authority.ts'
import type { Someone } from '../harness.ts'
import { type CardBrowser, type CardFiles, type CardWorld, startCardWorld, wanted } from './card-world.ts'

const missing = await wanted({ curl: 'curl' })
/** Plays the reverse proxy: the only address of the machine that counts as one. */
const PROXY = ['--interface', '127.0.0.2']

let place: CardWorld
let doctor: Someone
before(async () => {
  if (missing) return
  place = await startCardWorld(() => ({
    CONSILIUM_CARD_FORWARDED: 'X-Client-Cert',
    CONSILIUM_PROXIES: '127.0.0.2',
  }))
  doctor = await place.world.practitioner()
})
after(() => place?.stop())

const escaped = ({ certificatePem }: CardFiles) => encodeURIComponent(certificatePem)
/** As the proxy asks: plain http, on the loopback. */
const inside = (address: URL) =>
  new URL(`http://127.0.0.1:${place.world.configuration.card.port}${address.pathname}${address.search}`)
async function forward(browser: CardBrowser, value: string | null, from = PROXY, more: string[] = []) {
  const header = value === null ? [] : ['-H', `X-Client-Cert: ${value}`]
  return browser.show(inside(await browser.begin()), null, [...from, ...header, ...more])
}

describe('from the proxy', { skip: missing }, () => {
  test('a good card signs in: PEM as nginx escapes it, or DER in base64', async () => {
    const card = await place.card(doctor)
    const base64 = card.certificate.toString('base64')
    for (const value of [escaped(card), base64, `:${base64}:`]) {
      const browser = place.browser()
      const shown = await forward(browser, value)
      assert.equal(shown.status, 302)
      await browser.comeBack(shown.location!)
      const session = await browser.session()
      assert.equal(session.via, 'card')
      assert.equal(session.state, 'signedIn')
    }
  })

  test('everything is checked again, the signature first: what the proxy let through is not what is let in', async () => {
    const browser = place.browser()
    const stranger = await createCardAuthority()
    const revoked = await place.card(doctor)
    place.authority.revoke(revoked.serial)
    await place.renewLists()
    const cases: [value: string | null, code: string][] = [
      [escaped(await place.card(doctor, {}, stranger)), 'card-authority-unknown'],
      [escaped(revoked), 'card-revoked'],
      [escaped(await place.card(doctor, { use: 'signature' })), 'card-signature-certificate'],
      [escaped(await place.card(doctor, { branch: 'ORGANISATIONS' })), 'card-organisation'],
      [null, 'card-missing'],
      ['', 'card-missing'],
      ['CN=899709990016', 'card-unreadable'],
      ['%E0%A4', 'card-unreadable'],
      [escaped(await place.card(doctor)) + escaped(await place.card(doctor)), 'card-unreadable'],
    ]
    for (const [value, code] of cases) assert.equal((await forward(browser, value)).code, code)
  })

  test('two certificates in two headers are none', async () => {
    const value = escaped(await place.card(doctor))
    const shown = await forward(place.browser(), value, PROXY, ['-H', `X-Client-Cert: ${value}`])
    assert.equal(shown.code, 'card-unreadable')
  })

  test('a name that the proxy forwards beside is worth nothing', async () => {
    const shown = await forward(place.browser(), null, PROXY, [
      '-H',
      'X-Client-S-DN: CN=899709990016',
      '-H',
      'X-Client-Verify: SUCCESS',
    ])
    assert.equal(shown.code, 'card-missing')
  })
})

describe('from anybody else', { skip: missing }, () => {
  test('a forwarded certificate, however good, is refused before it is read', async () => {
    const browser = place.browser()
    const shown = await forward(browser, escaped(await place.card(doctor)), [])
    assert.equal(shown.code, 'card-forwarding-refused')
    assert.equal(shown.status, 403)
    // Even when it says that it comes from the proxy.
    const said = ['-H', 'X-Forwarded-For: 127.0.0.2', '-H', 'Forwarded: for=127.0.0.2']
    assert.equal((await forward(browser, escaped(await place.card(doctor)), [], said)).code, 'card-forwarding-refused')
  })
})

describe('on every other route', { skip: missing }, () => {
  test('the header opens nothing, from the proxy as from anybody', async () => {
    const value = escaped(await place.card(doctor))
    for (const from of [PROXY, []]) {
      const browser = place.browser()
      for (const path of [
        '/api/session',
        '/api/exchanges?folder=todo',
        '/api/sign-in/card/callback',
        '/api/sign-in/card',
      ]) {
        const address = new URL(path, place.world.url.replace('localhost', '127.0.0.1'))
        const shown = await browser.show(address, null, [...from, '-H', `X-Client-Cert: ${value}`])
        assert.ok(!/set-cookie: __Host-consilium=/i.test(shown.headers), path)
        if (path === '/api/session') assert.equal(JSON.parse(shown.body).state, 'signedOut')
        if (path.startsWith('/api/exchanges')) assert.equal(shown.status, 401)
      }
    }
  })
})
