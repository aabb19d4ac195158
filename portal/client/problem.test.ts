import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTransient, NetworkFailure, readProblem, sentenceOf } from './problem.ts'

test('reads a refusal of the API with its faults and its facts', () => {
  const problem = readProblem(
    422,
    JSON.stringify({
      type: '/docs/errors/request-invalid',
      code: 'request-invalid',
      title: 'Incomplet.',
      status: 422,
      faults: [{ pointer: '/subject', code: 'empty-text', detail: 'Saisissez un objet.' }],
      version: 3,
    }),
  )
  assert.equal(problem.code, 'request-invalid')
  assert.equal(problem.faultAt('/subject'), 'Saisissez un objet.')
  assert.equal(problem.faultAt('/text'), undefined)
  assert.deepEqual(problem.extra, { version: 3 })
})

test('reads when to come back, and whom to write to', () => {
  const problem = readProblem(429, '{"code":"too-many-requests","title":"Trop.","detail":"À 15 h.","retryAfter":60}')
  assert.deepEqual([problem.title, problem.detail, problem.extra], ['Trop.', 'À 15 h.', { retryAfter: 60 }])
})

test('a page that is not a problem still gives a French sentence', () => {
  const problem = readProblem(502, '<html>Bad gateway</html>')
  assert.equal(problem.code, 'status-502')
  assert.match(problem.title, /momentanément indisponible/)
})

test('only what may succeed with the same key a moment later is transient', () => {
  assert.equal(isTransient(new NetworkFailure(null)), true)
  for (const status of [429, 502, 503, 504]) assert.equal(isTransient(readProblem(status, '{}')), true, String(status))
  for (const status of [400, 401, 403, 404, 409, 422, 500]) {
    assert.equal(isTransient(readProblem(status, '{}')), false, String(status))
  }
  assert.equal(isTransient(new Error('else')), false)
})

test('no sentence shows the message of an unexpected error', () => {
  assert.doesNotMatch(sentenceOf(new Error('secret')), /secret/)
})
