// Cross-site request forgery: the browser of somebody signed in is made to call the portal by another page. The walk of
// every route (../matrix) shows two such pages everywhere; here, one reading and one writing before every look-alike.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Client } from '../client.ts'
import { startWorld, type World } from '../harness.ts'

let world: World
let client: Client
let places: string[]
before(async () => {
  world = await startWorld()
  const person = await world.practitioner({ places: 2 })
  places = person.activityIds
  client = await world.signIn(person)
})
after(() => world.stop())

const chosen = async () => (await client.do('GET /api/session')).place?.activityId
const write = (headers: Record<string, string | undefined>) =>
  client.call('PUT /api/session/place', { body: { activityId: places[1] }, headers })
const read = (headers: Record<string, string | undefined>) => client.call('GET /api/exchanges/counters', { headers })

async function refusedAs(headers: Record<string, string | undefined>): Promise<void> {
  const name = JSON.stringify(headers)
  assert.equal(
    (await write({ 'sec-fetch-site': undefined, origin: undefined, ...headers })).code,
    'origin-refused',
    name,
  )
  assert.equal((await read(headers)).code, 'origin-refused', name)
  assert.equal(await chosen(), places[0])
}

describe('another page', () => {
  test('by its Origin, however like ours', async () => {
    const { protocol, hostname, port } = new URL(world.url)
    for (const origin of [
      'https://autre-site.example',
      'null',
      '',
      `${protocol}//${hostname}`,
      `${protocol}//${hostname}:${Number(port) + 1}`,
      `https://${hostname}:${port}`,
      `${protocol}//${hostname}.autre.example:${port}`,
      `${protocol}//autre-${hostname}:${port}`,
      `${protocol}//${hostname}:${port}.autre.example`,
      `${protocol}//${hostname}:${port}@autre.example`,
      `${world.url}/`,
      `${world.url}/..//autre.example`,
      `${world.url}, https://autre.example`,
      world.url.toUpperCase(),
      ` ${world.url}x`,
    ])
      await refusedAs({ origin })
  })

  test('by what the browser says of it, a sibling host included', async () => {
    for (const site of ['cross-site', 'same-site', 'Same-Origin', 'autre', ''])
      await refusedAs({ 'sec-fetch-site': site })
    await refusedAs({ origin: world.url, 'sec-fetch-site': 'cross-site' })
    await refusedAs({ origin: 'https://autre-site.example', 'sec-fetch-site': 'same-origin' })
  })

  test('by a form, which can send no JSON', async () => {
    const body = `{"activityId":"${places[1]}"}`
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await client.raw('PUT', '/api/session/place', { headers: { 'content-type': type }, body })
      assert.equal(answer.code, 'media-type-unsupported', type)
    }
    assert.equal(await chosen(), places[0])
  })

  test('by another method than the one it is sent with', async () => {
    const headers = {
      origin: world.url,
      'x-http-method-override': 'PUT',
      'x-method-override': 'PUT',
      'content-type': 'application/json',
    }
    const answer = await client.raw('POST', '/api/session/place?_method=PUT', {
      headers,
      body: JSON.stringify({ activityId: places[1] }),
    })
    assert.equal(answer.code, 'method-not-allowed')
    assert.equal(await chosen(), places[0])
  })
})

test('no other site may read an answer: no CORS header, whatever is asked', async () => {
  for (const headers of [{ origin: 'https://autre-site.example' }, { origin: 'null' }, { origin: world.url }])
    for (const method of ['GET', 'OPTIONS', 'POST']) {
      const answer = await client.raw(method, '/api/session', {
        headers: {
          ...headers,
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'content-type',
        },
      })
      assert.deepEqual(
        Object.keys(answer.headers).filter((name) => name.startsWith('access-control-')),
        [],
      )
    }
})

test('the portal itself may: the same calls, from its own page', async () => {
  assert.equal((await read({ 'sec-fetch-site': 'same-origin' })).status, 200)
  assert.equal((await write({ origin: world.url, 'sec-fetch-site': 'same-origin' })).status, 200)
  assert.equal(await chosen(), places[1])
})
