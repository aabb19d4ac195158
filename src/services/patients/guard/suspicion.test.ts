// Walks of every kind are seen before their thirtieth number, and practices are left alone. The counting that PostgreSQL
// does over hashes is done here over the texts themselves.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseNir } from '../nir.ts'
import { decadeOf, facetOf } from './facets.ts'
import { readLimits } from './identification-limits.ts'
import { type Cause, causeOf } from './suspicion.ts'

const limits = readLimits()
const { blocking } = limits
/** `night` and `known` as at most look-ups: by day, of somebody. */
type LookUp = { nir13: string; hour?: number; known?: boolean; night?: boolean }

/** How many look-ups pass before one is stopped, and why; null when none is. */
function stopped(lookUps: LookUp[]): { after: number; cause: Cause } | null {
  for (const [at, one] of lookUps.entries()) {
    const now = one.hour ?? 0
    const since = (hours: number) => lookUps.slice(0, at + 1).filter((other) => (other.hour ?? 0) > now - hours)
    const distinct = (some: LookUp[]) => new Set(some.map(({ nir13 }) => nir13)).size
    const crowd = since(blocking.crowding.hours)
    const cause = causeOf(
      {
        volume: distinct(since(blocking.volume.hours)),
        beyond: [],
        night: distinct(since(blocking.night.hours).filter(({ night }) => night)),
        byNight: one.night ?? false,
        unknown: distinct(since(blocking.unknown.hours).filter((other) => other !== one && other.known === false)),
        unknownAmong: distinct(since(blocking.unknown.hours)),
        crowding: distinct(crowd) - new Set(crowd.map(({ nir13 }) => decadeOf(nir13))).size,
        runs: blocking.runs.map(({ varies, hours }) => {
          const facet = facetOf(one.nir13, varies)
          return distinct(since(hours).filter(({ nir13 }) => facet !== null && facetOf(nir13, varies) === facet))
        }),
      },
      limits,
    )
    if (cause) return { after: at, cause }
  }
  return null
}

const digits = (value: number, width: number) => String(value).padStart(width, '0')
const ordinary = fc
  .record({
    sex: fc.constantFrom('1', '2'),
    year: fc.integer({ min: 0, max: 99 }),
    month: fc.integer({ min: 1, max: 12 }),
    place: fc.integer({ min: 1_001, max: 95_990 }),
    order: fc.integer({ min: 1, max: 999 }),
  })
  .map(
    ({ sex, year, month, place, order }) =>
      `${sex}${digits(year, 2)}${digits(month, 2)}${digits(place, 5)}${digits(order, 3)}`,
  )
const valid = (nir13: string) => parseNir(nir13).ok

/** The next valid numbers after one, as a machine that counts finds them: over orders, communes, departments, months. */
function walkFrom(start: string, length: number, step: number): string[] {
  const walk: string[] = []
  for (let n = Number(start); walk.length < length && n < 4e12 && n > 1e12; n += step)
    if (valid(String(n))) walk.push(String(n))
  return walk
}
const shuffled = (list: string[], keys: number[]) =>
  list
    .map((item, at) => [(keys[at % keys.length]! * (at + 7)) % 1009, item] as const)
    .toSorted((a, b) => a[0] - b[0])
    .map(([, item]) => item)

test('any thirty consecutive numbers, in any order, are stopped before the thirtieth: in order, before the eighth', () => {
  fc.assert(
    fc.property(
      ordinary,
      fc.constantFrom(1, -1),
      fc.array(fc.integer({ min: 1, max: 1008 }), { minLength: 30, maxLength: 30 }),
      (start, step, keys) => {
        const walk = walkFrom(start, 30, step)
        fc.pre(walk.length === 30)
        const inOrder = stopped(walk.map((nir13) => ({ nir13 })))
        assert.ok(inOrder && inOrder.after <= 14, `after ${inOrder?.after}`)
        const mixed = stopped(shuffled(walk, keys).map((nir13) => ({ nir13 })))
        assert.ok(mixed && mixed.after < 29, `mixed: after ${mixed?.after}`)
      },
    ),
    { numRuns: 300 },
  )
  const inside = walkFrom('2840588321100', 30, 1)
  assert.deepEqual(stopped(inside.map((nir13) => ({ nir13 }))), { after: 7, cause: 'run' })
  assert.deepEqual(stopped(inside.toReversed().map((nir13) => ({ nir13 }))), { after: 7, cause: 'run' })
})

test('with steps, from order to order or from one part to the next', () => {
  for (const step of [2, 3, 5, 7, 10, 13, 25, 50, 100, -2, -10]) {
    const found = stopped(walkFrom('2840588321500', 40, step).map((nir13) => ({ nir13 })))
    assert.ok(found && found.after < 29, `step ${step}: ${found?.after}`)
  }
  // The same order from commune to commune, department to department, month to month, year to year; diagonals too.
  const number = (year: number, month: number, department: number, commune: number, order: number, sex = 2) =>
    `${sex}${digits(year, 2)}${digits(month, 2)}${digits(department, 2)}${digits(commune, 3)}${digits(order, 3)}`
  const walks: Record<string, (n: number) => string> = {
    communes: (n) => number(84, 5, 94, 980 - n, 25),
    departments: (n) => number(84, 5, 20 + n, 980, 25),
    months: (n) => number(84, 1 + (n % 12), 94, 980, 25 + Math.floor(n / 12)),
    years: (n) => number(40 + n, 5, 94, 980, 25),
    sexes: (n) => number(84, 5, 94, 980, 100 + n, 1 + (n % 2)),
    'orders and communes': (n) => number(84, 5, 94, 980 - n, 25 + n),
    'orders and departments': (n) => number(84, 5, 20 + n, 980, 25 + n),
    'orders and months': (n) => number(84, 1 + (n % 12), 94, 980, 25 + n),
    'orders and years': (n) => number(40 + n, 5, 94, 980, 25 + n),
    'years and months': (n) => number(40 + n, 1 + (n % 12), 94, 980, 25),
    'two at each place': (n) => number(40 + Math.floor(n / 2), 5, 94, 100 + 7 * n - (n % 2) * 7, 31 + (n % 2)),
    'four at each month': (n) => number(50 + Math.floor(n / 48), 1 + (Math.floor(n / 4) % 12), 94, 980, 101 + (n % 4)),
  }
  for (const [name, make] of Object.entries(walks)) {
    const found = stopped(Array.from({ length: 40 }, (_, n) => ({ nir13: make(n) })))
    assert.ok(found && found.after < 29, `${name}: ${found?.after}`)
  }
})

test('hidden among ordinary numbers', () => {
  fc.assert(
    fc.property(
      ordinary,
      fc.array(ordinary, { minLength: 90, maxLength: 90 }),
      fc.integer({ min: 1, max: 3 }),
      (start, others, between) => {
        const walk = walkFrom(start, 30, 1)
        fc.pre(walk.length === 30)
        const mixed = walk.flatMap((nir13, at) => [nir13, ...others.slice(at * between, (at + 1) * between)])
        const found = stopped(mixed.map((nir13) => ({ nir13 })))
        assert.ok(found, 'not seen')
        assert.ok(mixed.slice(0, found.after).filter((nir13) => walk.includes(nir13)).length < 15)
      },
    ),
    { numRuns: 100 },
  )
})

test('slowly, over three days', () => {
  const walk = walkFrom('2840588321100', 30, 1)
  for (const hours of [1, 3, 5]) {
    const found = stopped(walk.map((nir13, at) => ({ nir13, hour: at * hours })))
    assert.ok(found && found.after < 29, `one in ${hours} hours: ${found?.after}`)
  }
})

test('provisional numbers one after the other', () => {
  const walk = Array.from({ length: 20 }, (_, n) => `7112312345${digits(100 + n, 3)}`)
  assert.deepEqual(stopped(walk.map((nir13) => ({ nir13 }))), { after: 7, cause: 'run' })
})

test('a practice of sixty different patients a day is left alone, even where all are born in one department', () => {
  fc.assert(
    fc.property(fc.array(ordinary, { minLength: 60, maxLength: 60 }), fc.boolean(), (day, local) => {
      const patients = local ? day.map((nir13) => `${nir13.slice(0, 5)}94${nir13.slice(7)}`) : day
      assert.equal(stopped(patients.map((nir13) => ({ nir13 }))), null)
    }),
    { numRuns: 200 },
  )
})

test('two in five patients born at the maternity ward of the town: left alone, seven days on end', () => {
  let state = 7
  const random = (limit: number) => {
    state = (state * 48_271) % 2_147_483_647
    return state % limit
  }
  const week = Array.from({ length: 7 * 60 }, (_, at) => {
    const place = random(5) < 2 ? '94028' : digits(1001 + random(94_000), 5)
    const nir13 = `${1 + random(2)}${digits(30 + random(70), 2)}${digits(1 + random(12), 2)}${place}${digits(1 + random(300), 3)}`
    return { nir13, hour: Math.floor(at / 60) * 24 + (at % 60) / 6 }
  })
  assert.equal(stopped(week), null)
})

test('a maternity ward: the births of the day, of one month and commune, a week on end', () => {
  const births = Array.from({ length: 7 }, (_, day) =>
    Array.from({ length: 6 }, (_, n) => ({
      // Three girls and three boys a day, whose orders follow one another with those of other wards.
      nir13: `${1 + (n % 2)}2611${'94028'}${digits(40 + day * 11 + n * 2, 3)}`,
      hour: day * 24 + n,
    })),
  ).flat()
  assert.equal(stopped(births.slice(0, 18)), null)
})

test('a family, the same patient again and again, a typing error corrected', () => {
  assert.equal(stopped(Array.from({ length: 200 }, () => ({ nir13: '2840588321025' }))), null)
  assert.equal(stopped([{ nir13: '2840588321052', known: false }, { nir13: '2840588321025' }]), null)
  // Two digits typed one for the other, somewhere.
  const typos = fc.sample(ordinary, { numRuns: 12, seed: 9 }).flatMap((nir13, n) => {
    const wrong = nir13.slice(0, n + 1).replace(/(.)(.)$/, '$2$1') + nir13.slice(n + 1)
    return [
      { nir13: wrong, known: false },
      { nir13, known: true },
    ]
  })
  assert.equal(stopped(typos), null)
})

test('many numbers of nobody, unless they are lost among those of somebody', () => {
  const some = fc.sample(ordinary, { numRuns: 300, seed: 3 })
  const guesses = some.slice(0, 60).map((nir13) => ({ nir13, known: false }))
  assert.deepEqual(stopped(guesses), { after: blocking.unknown.distinct, cause: 'unknown' })
  // An insurer's directory knows its own insured: a third of a practice may be of other ones.
  const practice = some.slice(0, 90).map((nir13, at) => ({ nir13, known: at % 3 !== 0, hour: at / 30 }))
  assert.equal(stopped(practice), null)
  const hidden = some.map((nir13, at) => ({ nir13, known: at % 3 !== 0 }))
  assert.equal(stopped(hidden)?.cause, 'unknown')
})

test('volume, and night', () => {
  const some = fc.sample(ordinary, { numRuns: 400, seed: 5 })
  const all = [...new Set(some)].map((nir13) => ({ nir13 }))
  const found = stopped(all)
  assert.ok(found && found.after <= blocking.volume.distinct)
  const night = all.map(({ nir13 }) => ({ nir13, night: true }))
  assert.deepEqual(stopped(night), { after: blocking.night.distinct, cause: 'night' })
  assert.equal(stopped(night.slice(0, 20)), null, 'a night on call')
  const morning = [...night.slice(0, 25), ...all.slice(25, 60).map((one) => ({ ...one, hour: 4 }))]
  assert.equal(stopped(morning), null, 'what was looked up by night does not block the day')
})
