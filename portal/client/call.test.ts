import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { addressOf, call, PATIENCE_MS, whenSessionEnds } from './call.ts'
import { type ApiProblem, NetworkFailure } from './problem.ts'

const realFetch = globalThis.fetch
let asked: { url: string; init: RequestInit }[] = []
let answer: () => Promise<Response>
beforeEach(() => {
  asked = []
  globalThis.fetch = ((url: string, init: RequestInit) => {
    asked.push({ url, init })
    return answer()
  }) as typeof fetch
})
afterEach(() => {
  globalThis.fetch = realFetch
})

test('fills the address', () => {
  assert.deepEqual(
    addressOf('GET /api/exchanges/:exchangeId', { params: { exchangeId: 'a/b' }, query: { before: 3 } }),
    {
      method: 'GET',
      url: '/api/exchanges/a%2Fb?before=3',
    },
  )
  assert.equal(
    addressOf('GET /api/exchanges', { query: { folder: 'todo', cursor: undefined } }).url,
    '/api/exchanges?folder=todo',
  )
})

test('sends the key of the gesture, and says when the person made none', async () => {
  answer = async () => new Response('{"draftId":"d","version":1,"updatedAt":"2026-11-23T00:00:00Z"}', { status: 201 })
  await call('POST /api/drafts', {
    body: { content: { motif: null, subject: '', text: '', practiceBoxId: null } },
    idempotencyKey: 'k',
    passive: true,
  })
  const headers = asked[0]!.init.headers as Record<string, string>
  assert.equal(headers['idempotency-key'], 'k')
  assert.equal(headers['x-consilium-passive'], '1')
  assert.equal(headers['content-type'], 'application/json')
})

test('a 401 ends the session and is thrown', async () => {
  let ended = 0
  whenSessionEnds(() => {
    ended += 1
  })
  answer = async () => new Response('{"code":"session-required","title":"Fermée."}', { status: 401 })
  await assert.rejects(call('GET /api/motifs'), (thrown: ApiProblem) => thrown.code === 'session-required')
  assert.equal(ended, 1)
})

test('no network, and an answer cut short, are the same failure', async () => {
  answer = async () => {
    throw new TypeError('fetch failed')
  }
  await assert.rejects(call('GET /api/motifs'), NetworkFailure)
  answer = async () => new Response('{"motifs":[', { status: 200 })
  await assert.rejects(call('GET /api/motifs'), NetworkFailure)
})

test('an empty answer is undefined', async () => {
  answer = async () => new Response(null, { status: 204 })
  assert.equal(await call('DELETE /api/drafts/:draftId', { params: { draftId: 'x' } }), undefined)
})

test('a server that hangs is a failure of the network', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  answer = () =>
    new Promise((_resolve, reject) => {
      asked[0]!.init.signal!.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
    })
  const asking = call('GET /api/motifs')
  t.mock.timers.tick(PATIENCE_MS - 1)
  assert.equal(asked[0]!.init.signal!.aborted, false)
  t.mock.timers.tick(1)
  await assert.rejects(asking, NetworkFailure)
})
