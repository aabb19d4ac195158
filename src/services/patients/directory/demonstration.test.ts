import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { parseNir } from '../nir.ts'
import { createDemonstrationDirectory, makeInsuredPersons } from './demonstration.ts'

const directory = createDemonstrationDirectory()
const { people } = directory
const insured = people.filter((person) => person.quality === 'assuré')
const families = Map.groupBy(people, (person) => person.nir13)

describe('the demonstration directory', () => {
  it('holds at least 300 insured persons, the same at every start, others with another seed', () => {
    assert.ok(insured.length >= 300, String(insured.length))
    assert.deepEqual(makeInsuredPersons(), people)
    assert.notDeepEqual(makeInsuredPersons({ seed: 1 }), people)
  })

  it('is made in no time', () => {
    // The best of a few: what the rest of the machine does is not ours.
    const times = Array.from({ length: 5 }, () => {
      const before = performance.now()
      makeInsuredPersons()
      return performance.now() - before
    })
    assert.ok(Math.min(...times) < 30, String(times))
  })

  it('holds the two that guides name', async () => {
    const family = await directory.find('2840588321025')
    assert.deepEqual(
      family.map(({ quality, rank, key, organismId }) => ({ quality, rank, key, organismId })),
      [
        { quality: 'assuré', rank: 1, key: '32', organismId: '01-941' },
        { quality: 'enfant', rank: 2, key: '32', organismId: '01-941' },
        { quality: 'enfant', rank: 3, key: '32', organismId: '01-941' },
      ],
    )
    assert.match(family[0]!.birthDate, /^1984-05-/)
    const alone = await directory.find('1531245007231')
    assert.deepEqual(
      alone.map(({ key, organismId, sex }) => ({ key, organismId, sex })),
      [{ key: '60', organismId: '01-451', sex: 'M' }],
    )
    assert.match(alone[0]!.birthDate, /^1953-12-/)
    assert.deepEqual(await directory.find('2840588321026'), [])
  })

  it('has numbers that the rules read, each with one insured person who comes first', () => {
    for (const [nir13, family] of families) {
      const reading = parseNir(nir13)
      assert.ok(reading.ok, nir13)
      assert.equal(family[0]!.quality, 'assuré')
      assert.deepEqual(
        family.map((person) => person.rank),
        family.map((_, at) => at + 1),
      )
      assert.ok(family.length <= 9)
      assert.ok(family.every((person) => person.key === reading.key && person.organismId === family[0]!.organismId))
      if (reading.kind !== 'nir') continue
      assert.equal(nir13[0] === '1' ? 'M' : 'F', family[0]!.sex)
      assert.equal(nir13.slice(1, 3), family[0]!.birthDate.slice(2, 4))
      if (nir13.slice(3, 5) <= '12') assert.equal(nir13.slice(3, 5), family[0]!.birthDate.slice(5, 7))
    }
  })

  it('tells everybody of a NIR apart by birth date and twin rank', () => {
    for (const [nir13, family] of families)
      assert.equal(new Set(family.map((p) => `${p.birthDate}/${p.twinRank}`)).size, family.length, nir13)
  })

  it('has numbers that can be nobody’s: published tests, or places that were never given a code', () => {
    const vectors = JSON.parse(
      readFileSync(new URL('../../../../data/reference/nir-vectors.json', import.meta.url), 'utf8'),
    ) as { valid: { nir13: string }[]; provisional: { input: string }[] }
    const published = new Set([...vectors.valid.map((v) => v.nir13), ...vectors.provisional.map((v) => v.input)])
    for (const nir13 of families.keys())
      if (!published.has(nir13)) assert.match(nir13, /^(\d{5}..98\d|\d{5}97[1-6]9\d|[5-8]1999\d)/)
    for (const { nir13 } of vectors.valid) assert.ok(families.has(nir13), nir13)
  })

  it('shows every case: Corsica, overseas, abroad, provisional, merged caisse, twins, newborns, centenarians', () => {
    const some = (test: (person: (typeof people)[number]) => boolean) => people.filter(test).length
    const day = (days: number) => new Date(Date.parse('2026-11-01') - days * 86_400_000).toISOString().slice(0, 10)
    for (const [name, count, least] of [
      ['2A', some((p) => p.nir13.slice(5, 7) === '2A'), 2],
      ['2B', some((p) => p.nir13.slice(5, 7) === '2B'), 2],
      ['overseas', some((p) => /^[12]\d{4}97/.test(p.nir13)), 8],
      ['abroad', some((p) => /^[12]\d{4}99/.test(p.nir13)), 20],
      ['NNP', some((p) => /^[78]/.test(p.nir13)), 5],
      ['MIG', some((p) => /^[56]/.test(p.nir13)), 4],
      ['being registered', some((p) => /^[34]/.test(p.nir13)), 2],
      ['merged caisse', some((p) => p.organismId === '01-421'), 1],
      ['second twins', some((p) => p.twinRank === 2), 2],
      ['newborns', some((p) => p.birthDate > day(28)), 2],
      ['centenarians', some((p) => p.birthDate <= '1926-11-01'), 4],
      ['partners', some((p) => p.quality === 'conjoint'), 20],
      ['others', some((p) => p.quality === 'autre'), 1],
      ['01-941', insured.filter((p) => p.organismId === '01-941').length, 100],
      ['régimes', new Set(people.map((p) => p.regimeCode)).size, 10],
      ['organismes', new Set(people.map((p) => p.organismId)).size, 25],
    ] as const)
      assert.ok(count >= least, `${name}: ${count}`)
    assert.ok(people.every((p) => p.birthDate <= '2026-11-01' && p.birthDate > '1915'))
  })
})
