import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultOfSubject, faultOfText, tooLong, wellFormed } from './validation.ts'

test('an empty text is refused, spaces and line breaks included', () => {
  assert.equal(faultOfText(' \n\t ', 'message'), 'Écrivez votre message.')
  assert.equal(faultOfText('', 'réponse'), 'Écrivez votre réponse.')
  assert.equal(faultOfText('Bonjour', 'réponse'), undefined)
})
test('the limit itself is allowed, one more is not, and the sentence counts', () => {
  assert.equal(faultOfText('a'.repeat(10_000), 'message'), undefined)
  assert.match(faultOfText('a'.repeat(10_001), 'message') ?? '', /dépasse de 1 caractère la limite de 10\s000/)
  assert.match(faultOfText('a'.repeat(11_200), 'message') ?? '', /dépasse de 1\s200 caractères/)
})
test('the subject has its own limit', () => {
  assert.equal(faultOfSubject('a'.repeat(150)), undefined)
  assert.match(faultOfSubject('a'.repeat(151)) ?? '', /^L’objet dépasse de 1 caractère la limite de 150/)
  assert.equal(faultOfSubject('  '), 'Indiquez l’objet du message.')
})
test('too long is silent when it fits', () => assert.equal(tooLong('X', 'abc', 3), undefined))
test('what the server refuses as malformed is taken out', () => {
  assert.equal(wellFormed('a\u0000b'), 'ab')
  assert.equal(wellFormed('\ud83d'), '\ufffd')
  assert.equal(wellFormed('é😀\n'), 'é😀\n')
})
