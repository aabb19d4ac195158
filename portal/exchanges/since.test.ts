import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ago, waitingSince } from './since.ts'

const now = Date.parse('2026-11-23T12:00:00Z')
const before = (milliseconds: number) => new Date(now - milliseconds).toISOString()
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const cases: [number, string][] = [
  [-5_000, 'à l’instant'],
  [59_999, 'à l’instant'],
  [minute, 'depuis 1 minute'],
  [59 * minute + 59_999, 'depuis 59 minutes'],
  [hour, 'depuis 1 heure'],
  [23 * hour + 59 * minute, 'depuis 23 heures'],
  [day, 'depuis 1 jour'],
  [60 * day, 'depuis 60 jours'],
  [61 * day, 'depuis 2 mois'],
  [729 * day, 'depuis 23 mois'],
  [731 * day, 'depuis 2 ans'],
]
for (const [passed, words] of cases) {
  test(`${passed} ms: ${words}`, () => assert.equal(waitingSince(before(passed), now), words))
}
test('ago says the same length', () => assert.equal(ago(before(3 * day), now), 'il y a 3 jours'))
