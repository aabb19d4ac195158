import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayOf, hourOf, isNight, whenSaid } from './periods.ts'

const at = (text: string) => new Date(text)

test('an hour has a name and an end', () => {
  assert.deepEqual(hourOf(at('2026-11-24T13:59:59.999Z')), {
    name: 'hour/2026-11-24T13',
    endsAt: at('2026-11-24T14:00:00Z'),
  })
})

test('a day is that of Paris, of 23, 24 or 25 hours', () => {
  const ends: [string, string, string][] = [
    ['2026-11-23T22:59:59Z', 'day/2026-11-23', '2026-11-23T23:00:00Z'],
    ['2026-11-23T23:00:00Z', 'day/2026-11-24', '2026-11-24T23:00:00Z'],
    ['2026-07-14T12:00:00Z', 'day/2026-07-14', '2026-07-14T22:00:00Z'],
    ['2026-03-29T00:30:00Z', 'day/2026-03-29', '2026-03-29T22:00:00Z'],
    ['2026-10-24T22:30:00Z', 'day/2026-10-25', '2026-10-25T23:00:00Z'],
  ]
  for (const [now, name, end] of ends) assert.deepEqual(dayOf(at(now)), { name, endsAt: at(end) }, now)
})

test('the night is told by the clocks of Paris, over midnight or not', () => {
  const night = { from: '22:00', to: '06:00' }
  const seen = ['20:59', '21:00', '23:30', '04:59', '05:00', '12:00'].map((time) =>
    isNight(at(`2026-11-24T${time}:00Z`), night),
  )
  assert.deepEqual(seen, [false, true, true, true, false, false])
  assert.equal(isNight(at('2026-07-14T20:00:00Z'), night), true, 'an hour earlier in summer')
  assert.equal(isNight(at('2026-11-24T02:00:00Z'), { from: '01:00', to: '05:00' }), true)
  assert.equal(isNight(at('2026-11-24T12:00:00Z'), { from: '01:00', to: '05:00' }), false)
})

test('an opening is said as people say it', () => {
  const now = at('2026-11-24T13:20:00Z')
  assert.equal(whenSaid(hourOf(now).endsAt, now), 'à 15 h 00')
  assert.equal(whenSaid(dayOf(now).endsAt, now), 'demain à 0 h 00')
})
