import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actingInWords, lastDay, SCOPES, scopeInWords, theOne } from './words.ts'

test('whom one acts for, with the article where there is a title', () => {
  assert.equal(theOne('Dr Camille EXEMPLE'), 'le Dr Camille EXEMPLE')
  assert.equal(theOne('Camille EXEMPLE'), 'Camille EXEMPLE')
})

test('what one acts by: a delegation and how far it goes, or a replacement', () => {
  assert.equal(actingInWords({ capacity: 'delegate', scope: 'read' }), 'délégation : lecture')
  assert.equal(actingInWords({ capacity: 'locum', scope: 'send' }), 'remplacement')
})

test('the last day of a grant that ends at midnight in France', () => {
  assert.equal(lastDay('2026-12-24T23:00:00.000Z'), '24/12/2026')
})

test('each scope has its words', () => {
  for (const { value } of SCOPES) assert.ok(scopeInWords(value))
})
