import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ageLabel, parisDay } from './age.ts'

const now = new Date('2026-11-23T10:00:00Z')
const cases: [birthDate: string, label: string][] = [
  ['2026-11-23', '0 jour'],
  ['2026-12-01', '0 jour'],
  ['2026-11-22', '1 jour'],
  ['2026-11-11', '12 jours'],
  ['2026-10-24', '30 jours'],
  ['2026-10-23', '1 mois'],
  ['2026-03-23', '8 mois'],
  ['2026-03-24', '7 mois'],
  ['2024-11-24', '23 mois'],
  ['2024-11-23', '2 ans'],
  ['1984-11-23', '42 ans'],
  ['1984-11-24', '41 ans'],
  ['1919-06-11', '107 ans'],
  ['2004-02-29', '22 ans'],
]
for (const [birthDate, label] of cases)
  it(`${birthDate} is ${label} on 23 November 2026`, () => assert.equal(ageLabel(birthDate, now), label))

it('turns the day at midnight in Paris, in summer and in winter', () => {
  assert.equal(parisDay(new Date('2026-11-22T22:59:59Z')), '2026-11-22')
  assert.equal(parisDay(new Date('2026-11-22T23:00:00Z')), '2026-11-23')
  assert.equal(parisDay(new Date('2026-07-14T22:00:00Z')), '2026-07-15')
  assert.equal(ageLabel('1984-11-23', new Date('2026-11-22T23:00:00Z')), '42 ans')
})

it('counts days across the change of hour', () => {
  assert.equal(ageLabel('2026-10-20', new Date('2026-10-26T12:00:00Z')), '6 jours')
})
