import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { readLogoutToken } from './logout-token.ts'

const NOW = new Date('2026-11-24T10:00:00Z')
const seconds = NOW.getTime() / 1000
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const whole = {
  iss: 'https://issuer.example',
  aud: 'portal',
  iat: seconds,
  jti: 'one',
  sid: 's',
  events: { [EVENT]: {} },
}

let keys: Awaited<ReturnType<typeof generateKeyPair>>
before(async () => {
  keys = await generateKeyPair('ES256')
})

async function read(claims: JWTPayload, header: object = {}) {
  const token = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', ...header }).sign(keys.privateKey)
  const expected = { issuer: 'https://issuer.example', clientId: 'portal', now: NOW }
  return readLogoutToken(token, { ...expected, keys: async () => keys.publicKey })
}

test('gives what names the session, and until when the token must be remembered', async () => {
  assert.deepEqual(await read(whole), {
    jti: 'one',
    sid: 's',
    sub: null,
    expiresAt: new Date(NOW.getTime() + 150_000),
  })
  assert.equal((await read({ ...whole, sid: undefined, sub: 'p' })).sub, 'p')
})

test('the type is « logout+jwt », as it should be, or left out, as older servers do', async () => {
  for (const typ of ['logout+jwt', 'LOGOUT+JWT', 'application/logout+jwt', 'JWT'])
    assert.equal((await read(whole, { typ })).jti, 'one', typ)
  for (const typ of ['at+jwt', 'id_token+jwt', '']) await assert.rejects(read(whole, { typ }), typ)
})

test('two minutes, and the difference of two clocks', async () => {
  for (const age of [-10, 0, 119, 130]) assert.ok(await read({ ...whole, iat: seconds - age }), String(age))
  for (const age of [-30, 140, 3600]) await assert.rejects(read({ ...whole, iat: seconds - age }), String(age))
})

const refused: [string, JWTPayload][] = [
  ['a nonce, even an empty one', { ...whole, nonce: '' }],
  ['an audience of others', { ...whole, aud: ['autre'] }],
  ['an event that is null', { ...whole, events: { [EVENT]: null } }],
  ['an event by its prototype', { ...whole, events: Object.create({ [EVENT]: {} }) as object }],
  ['a jti without end', { ...whole, jti: 'x'.repeat(513) }],
  ['an empty jti', { ...whole, jti: '' }],
  ['a sid that is a number', { ...whole, sid: 7 }],
]
for (const [name, claims] of refused) test(`refused: ${name}`, async () => assert.rejects(read(claims)))
