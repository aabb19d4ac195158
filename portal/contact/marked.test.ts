import assert from 'node:assert/strict'
import { test } from 'node:test'
import { piecesOf } from './marked.ts'

test('a text is cut where something was found, and nothing of it is lost', () => {
  const text = 'Pour Mme ESSAI, diabète.'
  const findings = [
    { kind: 'name' as const, start: 5, end: 14 },
    { kind: 'diagnosis' as const, start: 16, end: 23 },
  ]
  const pieces = piecesOf(text, findings)
  assert.deepEqual(
    pieces.filter(({ kind }) => kind).map((piece) => piece.text),
    ['Mme ESSAI', 'diabète'],
  )
  assert.equal(pieces.map((piece) => piece.text).join(''), text)
})

test('what does not fit the text any more is passed over', () => {
  assert.deepEqual(piecesOf('Bonjour', [{ kind: 'nir', start: 3, end: 30 }]), [{ text: 'Bonjour', kind: null }])
  assert.deepEqual(piecesOf('', []), [])
})
