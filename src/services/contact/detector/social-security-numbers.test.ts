import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { flatten } from './flat-text.ts'
import { findSocialSecurityNumbers } from './social-security-numbers.ts'
import { wordsOf } from './words.ts'

function found(text: string): string[] {
  const flat = flatten(text)
  return findSocialSecurityNumbers(flat, wordsOf(flat)).map(({ start, end }) =>
    text.slice(flat.at[start], flat.at[end]),
  )
}

describe('a NIR', () => {
  const written: [text: string, marked: string][] = [
    ['2 84 05 88 321 025 32, droits fermés', '2 84 05 88 321 025 32'],
    ['nir284058832102532 carte muette', '284058832102532'],
    ['2840588321025', '2840588321025'],
    ['n° 2-84-05-88-321-025/32', '2-84-05-88-321-025/32'],
    ['2.84.05.88.321.025.32', '2.84.05.88.321.025.32'],
    ['2 84 05\n88 321\n025', '2 84 05\n88 321\n025'],
    ['2\t84\u00a005\u202f88\t321 025 clé 32', '2\t84\u00a005\u202f88\t321 025 clé 32'],
    ['2 84 O5 88 32l O25', '2 84 O5 88 32l O25'],
    ['284052A321025', '284052A321025'],
    ['2 84 05 2b 321 025 79', '2 84 05 2b 321 025 79'],
    ['２８４０５８８３２１０２５', '２８４０５８８３２１０２５'],
    ['2 84 15 88 321 025 32', '2 84 15 88 321 025 32'],
    ['2 84 05 88 321 025 33', '2 84 05 88 321 025 33'],
    ['assurée 284058832102', '284058832102'],
    ['2 8 4 0 5 8 8 3 2 1 0 2 5', '2 8 4 0 5 8 8 3 2 1 0 2 5'],
    ['sécu : 2 84 puis 05 88 321 et enfin 025', '2 84 puis 05 88 321 et enfin 025'],
    [
      'deux, quatre-vingt-quatre, zéro cinq, quatre-vingt-huit, trois cent vingt et un, zéro vingt-cinq',
      'deux, quatre-vingt-quatre, zéro cinq, quatre-vingt-huit, trois cent vingt et un, zéro vingt-cinq',
    ],
    ['numéro provisoire 7 1 123 12345678', '7 1 123 12345678'],
    ['immatriculée 8212312345678', '8212312345678'],
  ]
  for (const [text, marked] of written)
    it(`is seen in « ${text.replaceAll('\n', '⏎')} »`, () => assert.deepEqual(found(text), [marked]))
})

describe('another number is no NIR', () => {
  for (const text of [
    'SIRET 123 456 789 00012, FINESS 990012345',
    'RPPS 10101234567 et 10109876543',
    'IBAN FR76 1234 5678 9012 3456 7890 123',
    '01 99 00 12 34 / 06 39 98 12 34 / 01 99 00 56 78',
    'dossier n° 2025031400127',
    'numéro de série 154060798765432',
    'réf. 1 75 03 2025 000 417',
    'lots 211, 218, 225, 232 et 240',
    'virement du 12/02/2025 de 1 977,50 €, lot 000612 de 18 FSE',
    'CIP 3400 9306 1234 5',
    'un, deux, trois, quatre, cinq, six, sept',
    'zéro un, quatre-vingt-dix-neuf, zéro zéro, douze, trente-quatre',
    '[2025-04-02 08:11:53] ENVOI LOT 000612 (18 FSE)',
  ])
    it(text, () => assert.deepEqual(found(text), []))
})

it('finds every valid number, however it is spaced', () => {
  const two = (min: number, max: number) => fc.integer({ min, max }).map((n) => String(n).padStart(2, '0'))
  const three = fc.integer({ min: 1, max: 990 }).map((n) => String(n).padStart(3, '0'))
  const number = fc
    .tuple(
      fc.constantFrom('1', '2'),
      two(0, 99),
      two(1, 12),
      fc.oneof(two(1, 99), fc.constantFrom('2A', '2B')),
      three,
      three,
    )
    .map((parts) => parts.join(''))
  const separator = fc.constantFrom('', ' ', '.', '-', '/', ' - ', '\n', '\t', '\u00a0', '\u202f', ', ')
  fc.assert(
    fc.property(number, separator, fc.boolean(), fc.boolean(), (nir13, between, keyed, glued) => {
      const department = nir13.slice(5, 7).replace('2A', '19').replace('2B', '18')
      const key = String(97 - (Number(nir13.slice(0, 5) + department + nir13.slice(7)) % 97)).padStart(2, '0')
      const parts = [0, 1, 3, 5, 7, 10].map((at, i) => nir13.slice(at, [1, 3, 5, 7, 10, 13][i]))
      const typed = [...parts, ...(keyed ? [key] : [])].join(glued ? '' : between)
      const text = `Bonjour, voici ${typed} merci`
      const [one, ...others] = found(text)
      assert.equal(others.length, 0)
      assert.equal(one, typed)
    }),
    { numRuns: 500 },
  )
})
