import assert from 'node:assert/strict'
import { test } from 'node:test'
import { announcement, countdown, type Ends, lookAgainIn, readEnd } from './session-end.ts'

const MINUTE = 60_000
const START = Date.parse('2026-11-24T10:00:00Z')
const at = (minutes: number) => new Date(START + minutes * MINUTE).toISOString()
const ends = (idle: number, all: number): Ends => ({ idleExpiresAt: at(idle), expiresAt: at(all) })

const phases: [string, Ends, number, string, boolean][] = [
  ['long before', ends(30, 240), 0, 'calm', false],
  ['five minutes and a second before', ends(30, 240), 25 * MINUTE - 1000, 'calm', false],
  ['five minutes before the idle limit', ends(30, 240), 25 * MINUTE, 'warning', false],
  ['a minute before', ends(30, 240), 29 * MINUTE, 'lastCall', false],
  ['at the limit', ends(30, 240), 30 * MINUTE, 'over', false],
  ['long after', ends(30, 240), 600 * MINUTE, 'over', false],
  [
    'five minutes before the end in all, which the idle limit never passes',
    ends(240, 240),
    235 * MINUTE,
    'warning',
    true,
  ],
  ['an end in all before the idle limit', ends(30, 20), 16 * MINUTE, 'warning', true],
]
for (const [when, given, elapsed, phase, final] of phases) {
  test(`${when}: ${phase}${final ? ', for good' : ''}`, () => {
    const end = readEnd(given, START + elapsed)
    assert.equal(end.phase, phase)
    assert.equal(end.phase !== 'none' && end.final, final)
  })
}

test('a stranger has no end', () => {
  for (const given of [null, undefined, { expiresAt: null, idleExpiresAt: null }])
    assert.deepEqual(readEnd(given, START), { phase: 'none' })
})

test('looked at again in time for the warning, and each second once it is there', () => {
  assert.equal(lookAgainIn(readEnd(ends(30, 240), START)), 30_000)
  assert.equal(lookAgainIn(readEnd(ends(30, 240), START + 25 * MINUTE - 7000)), 7000)
  assert.equal(lookAgainIn(readEnd(ends(30, 240), START + 25 * MINUTE - 10)), 1000)
  for (const minutes of [25, 27, 29, 29.9])
    assert.equal(lookAgainIn(readEnd(ends(30, 240), START + minutes * MINUTE)), 1000)
})

test('said twice: at five minutes and at one', () => {
  const said = new Set<string>()
  for (let second = 0; second <= 31 * 60; second++)
    said.add(announcement(readEnd(ends(30, 240), START + second * 1000)))
  said.delete('')
  assert.equal(said.size, 2)
})

test('counted down in minutes and seconds', () => {
  assert.equal(countdown(5 * MINUTE), '5 min 00 s')
  assert.equal(countdown(4 * MINUTE + 4001), '4 min 05 s')
  assert.equal(countdown(59_000), '59 s')
  assert.equal(countdown(0), '0 s')
})
