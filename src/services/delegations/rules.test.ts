import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  dayInFrance,
  endOfDay,
  faultOfPeriod,
  readDelegate,
  shownDelegate,
  startOfDay,
  stateOf,
  yearAfter,
} from './rules.ts'

test('an RPPS with its key, with or without the 8 in front, spaces as people type them', () => {
  for (const typed of ['99709990016', '899709990016', '99 709 990 016'])
    assert.deepEqual(readDelegate(typed), { subject: '899709990016', kind: 'colleague' })
})

test('one wrong digit of an RPPS is found', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
      const digits = [...'99709990016'].map(Number)
      digits[at] = (digits[at]! + by) % 10
      assert.deepEqual(readDelegate(digits.join('')), { fault: 'delegate-rpps-key' })
    }),
  )
})

test('the identifier of a card of a structure, as asserted; anything else is refused', () => {
  for (const typed of [
    '30B0168811/CPET00001',
    '30b0168811/cpet00001',
    '500000000029751/CPAT0001',
    '3760021832/000000018',
  ])
    assert.deepEqual(readDelegate(typed), { subject: typed.toUpperCase(), kind: 'employee' })
  for (const typed of [
    '',
    'secretaire@cabinet.example',
    '30B0168811',
    'CPET00001/30B0168811',
    '1234',
    '30B0168811/É001',
  ])
    assert.deepEqual(readDelegate(typed), { fault: 'delegate-shape' })
})

test('an RPPS is shown as one', () => {
  assert.equal(shownDelegate('899709990016'), 'RPPS 99709990016')
  assert.equal(shownDelegate('30B0168811/CPET00001'), '30B0168811/CPET00001')
})

test('periods: from today, within a year, for a year at most', () => {
  const today = '2026-11-24'
  assert.equal(faultOfPeriod(today, today, today), null)
  assert.equal(faultOfPeriod(today, '2027-11-24', today), null)
  assert.equal(faultOfPeriod('2026-11-23', today, today)?.pointer, '/validFrom')
  assert.equal(faultOfPeriod('2027-11-25', '2027-11-26', today)?.pointer, '/validFrom')
  assert.equal(faultOfPeriod('2026-11-25', today, today)?.pointer, '/validTo')
  assert.equal(faultOfPeriod(today, '2027-11-25', today)?.pointer, '/validTo')
  assert.equal(yearAfter('2028-02-29'), '2029-02-28')
})

test('days begin and end at midnight in France, in summer, in winter, and on the nights clocks change', () => {
  assert.equal(startOfDay('2026-07-01').toISOString(), '2026-06-30T22:00:00.000Z')
  assert.equal(startOfDay('2026-12-01').toISOString(), '2026-11-30T23:00:00.000Z')
  assert.equal(endOfDay('2026-12-31').toISOString(), '2026-12-31T23:00:00.000Z')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3000 }), (days) => {
      const day = new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10)
      const [start, end] = [startOfDay(day), endOfDay(day)]
      assert.equal(dayInFrance(start), day)
      assert.equal(dayInFrance(new Date(end.getTime() - 1)), day)
      assert.notEqual(dayInFrance(new Date(start.getTime() - 1)), day)
      assert.notEqual(dayInFrance(end), day)
    }),
  )
})

test('states of a delegation', () => {
  const period = { valid_from: new Date('2026-11-24T00:00:00Z'), valid_to: new Date('2026-11-25T00:00:00Z') }
  const at = (time: string, revoked_at: Date | null = null) => stateOf({ ...period, revoked_at }, new Date(time))
  assert.equal(at('2026-11-23T23:59:59.999Z'), 'upcoming')
  assert.equal(at('2026-11-24T00:00:00Z'), 'active')
  assert.equal(at('2026-11-25T00:00:00Z'), 'ended')
  assert.equal(at('2026-11-24T12:00:00Z', new Date('2026-11-24T11:00:00Z')), 'revoked')
})
