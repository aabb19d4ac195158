import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findBirthDates } from './birth-dates.ts'
import { flatten } from './flat-text.ts'

const dates = (text: string) => {
  const { flat, at } = flatten(text)
  return findBirthDates(flat, [], []).map(({ start, end }) => text.slice(at[start], at[end]))
}

describe('a date of birth', () => {
  const cases: [text: string, date: string][] = [
    ['née le 2 décembre 1944', '2 décembre 1944'],
    ['né le 14/07/2021', '14/07/2021'],
    ['Née le 6.6.1986.', '6.6.1986'],
    ['DDN : 03-07-71', '03-07-71'],
    ['Dossier de la dame du 22/11/1939', '22/11/1939'],
    ['Homme, 27/08/1949, accueil de jour', '27/08/1949'],
    ['date de naissance : 1er mai 1963', '1er mai 1963'],
    ['NE 04/10/1976 ESPAGNE', '04/10/1976'],
  ]
  for (const [text, date] of cases) it(text, () => assert.deepEqual(dates(text), [date]))
})

describe('another date', () => {
  for (const text of [
    'l’arrêté du 27 février 2018',
    'la convention du 3 mars 2005',
    'le courrier du 14 janvier',
    'votre lettre du 12/03/2025',
    'installée depuis le 1er juin 1998',
    'rejet « date de naissance absente » du 18/03/2025',
    'accusé n° 25-01-28-0457',
  ])
    it(text, () => assert.deepEqual(dates(text), []))
})
