import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identifierFault } from './identifier.ts'

test('an identifier is eleven digits, with or without spaces, and never an address', () => {
  assert.equal(identifierFault('99709990016'), undefined)
  assert.equal(identifierFault(' 997 0999 0016 '), undefined)
  assert.match(identifierFault('')!, /Saisissez/)
  assert.match(identifierFault('camille@praticien.example')!, /jamais votre adresse/)
  for (const text of ['9970999001', '997099900166', '9970999001A']) assert.match(identifierFault(text)!, /11 chiffres/)
})
