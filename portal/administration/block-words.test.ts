import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countSentence, meansLabel } from './block-words.ts'

test('counts say only what there is', () => {
  assert.equal(
    countSentence({ numbers: 8, unknown: 7, night: 0, alike: 8 }),
    '8 en un jour, dont 8 voisins, 7 inconnus',
  )
  assert.equal(countSentence({ numbers: 251, unknown: 0, night: 0, alike: 1 }), '251 en un jour')
  assert.equal(
    countSentence({ numbers: 26, unknown: 1, night: 26, alike: 0 }),
    '26 en un jour, dont 1 inconnu, 26 la nuit',
  )
})

test('means are said in words', () => {
  assert.equal(meansLabel({ via: 'psc', authMode: 'MOBILE' }), 'Pro Santé Connect, e-CPS')
  assert.equal(meansLabel({ via: 'password', authMode: 'PASSWORD' }), 'Mot de passe')
  assert.equal(meansLabel({ via: 'organism', authMode: 'pwd' }), 'Fournisseur d’identité de l’organisme')
})
