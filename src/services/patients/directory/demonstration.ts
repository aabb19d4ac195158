// The fictional insured persons of a demonstration, made from a seed and kept in memory: the same at every start.
// Their numbers can be nobody's: apart from published test numbers, each is born in a commune or country whose code
// (98x) was never given, or comes from a caisse 999.
import { readFileSync } from 'node:fs'
import { nirKey } from '../nir.ts'
import type { InsuredDirectory, InsuredPerson } from './directory.ts'

type Names = { surnames: string[]; women: string[]; men: string[] }
const NAMES = new URL('../../../../data/demonstration/insured-names.json', import.meta.url)

/** Organisme, département where its insured are mostly born, weight. */
const ORGANISMS: [organismId: string, departement: string, weight: number][] = [
  ['01-941', '94', 110],
  ['01-451', '45', 30],
  ['01-751', '75', 20],
  ['01-921', '92', 10],
  ['01-131', '13', 10],
  ['01-691', '69', 10],
  ['01-331', '33', 8],
  ['01-595', '59', 8],
  ['01-201', '2A', 5],
  ['01-202', '2B', 5],
  ['01-971', '971', 5],
  ['01-974', '974', 5],
  ['01-976', '976', 3],
  ['02-941', '77', 10],
  ['02-281', '45', 10],
  ['02-351', '35', 8],
  ['04-110', '69', 10],
  ['05-051', '75', 6],
  ['06-042', '35', 4],
  ['07-543', '62', 4],
  ['08-835', '83', 8],
  ['10-980', '33', 4],
  ['17', '99', 4],
  ['90-100', '75', 3],
  ['91', '94', 12],
  ['92', '75', 3],
]

/** Published or made-up test numbers (data/reference/nir-vectors.json), each with who is behind it. */
const KNOWN: { nir13: string; birthDate: string; organismId: string; children?: number; partner?: boolean }[] = [
  { nir13: '284052A321025', birthDate: '1984-05-11', organismId: '01-201', children: 1 },
  { nir13: '284052B321025', birthDate: '1984-05-29', organismId: '01-202' },
  { nir13: '284202B321025', birthDate: '1984-07-01', organismId: '01-941' },
  { nir13: '2910599109123', birthDate: '1991-05-08', organismId: '01-941', children: 2, partner: true },
  { nir13: '1600395350045', birthDate: '1960-03-15', organismId: '01-941', partner: true },
  { nir13: '2013275056017', birthDate: '2001-02-20', organismId: '91' },
  { nir13: '2790351215189', birthDate: '1979-03-22', organismId: '02-521' },
  { nir13: '1700175056009', birthDate: '1970-01-09', organismId: '05-051', children: 3 },
  { nir13: '7112312345678', birthDate: '1988-10-02', organismId: '01-941' },
  { nir13: '5112312345678', birthDate: '1995-06-30', organismId: '01-451' },
]

/** Fixed people that guides and tests name; and one whose rights are closed. */
const FIXED = new Set(['2840588321025', '1531245007231'])
const WITHOUT_RIGHTS = '1600395350045'

export type DemonstrationOptions = {
  seed?: number
  /** How many NIRs beside the fixed ones. */
  households?: number
  /** The day on which ages are as told (newborns are days old, centenarians past a hundred). */
  asOf?: string
}

/** Everybody, family by family. The same options give the same people. */
export function makeInsuredPersons(options: DemonstrationOptions = {}): InsuredPerson[] {
  const { seed = 20_261_123, households = 330, asOf = '2026-11-01' } = options
  const names = JSON.parse(readFileSync(NAMES, 'utf8')) as Names
  const random = generator(seed)
  const people: InsuredPerson[] = []
  const taken = new Set<string>()

  addFixed()
  for (const known of KNOWN) {
    const sex = '1357'.includes(known.nir13[0]!) ? 'M' : 'F'
    addHousehold({ ...known, sex })
  }
  addSpecial()
  for (let i = 0; i < households; i++) addOrdinary()
  return people

  // Guides and tests of others name these two.
  function addFixed(): void {
    const mother = { nir13: '2840588321025', organismId: '01-941' }
    add({
      ...mother,
      firstNames: ['Claire', 'Maude'],
      lastName: 'ESSAI',
      birthName: 'MODELE',
      birthDate: '1984-05-17',
      sex: 'F',
    })
    add({
      ...mother,
      firstNames: ['Léo'],
      lastName: 'ESSAI',
      birthDate: '2014-03-09',
      sex: 'M',
      rank: 2,
      quality: 'enfant',
    })
    add({
      ...mother,
      firstNames: ['Zoé'],
      lastName: 'ESSAI',
      birthDate: '2019-11-28',
      sex: 'F',
      rank: 3,
      quality: 'enfant',
    })
    add({
      nir13: '1531245007231',
      organismId: '01-451',
      firstNames: ['Paul', 'Henri'],
      lastName: 'SPECIMEN',
      birthDate: '1953-12-04',
      sex: 'M',
    })
  }

  /** What a demonstration must be able to show, whatever the seed. */
  function addSpecial(): void {
    const born = (birthDate: string, place: string, organismId: string, more: Partial<Household> = {}) => {
      const sex = more.sex ?? pick(['F', 'M'] as const)
      addHousehold({ birthDate, organismId, nir13: newNir(sex, birthDate, place), ...more, sex })
    }
    for (const place of ['971', '972', '973', '974', '976']) born(aged(30, 60), place, '01-941')
    for (const place of ['2A', '2B', '99', '99']) born(aged(30, 60), place, '01-941', { children: 1 })
    for (const age of [100, 103, 107]) born(aged(age, age), '94', '01-941')
    born(aged(101, 101), '45', '02-281')
    // Newborns, a child of a few months, twins, a family of nine.
    born(aged(28, 34), '94', '01-941', { sex: 'F', babies: [12] })
    born(aged(28, 34), '45', '01-451', { sex: 'F', babies: [3] })
    born(aged(28, 34), '94', '01-941', { partner: true, babies: [250] })
    born(aged(33, 38), '94', '01-941', { partner: true, twins: aged(6, 9) })
    born(aged(33, 38), '75', '04-110', { twins: aged(1, 2) })
    born(aged(46, 46), '93', '01-941', { partner: true, children: 7 })
    born(aged(40, 60), '69', '01-941', { other: true })
    // Cards keep the code of a merged caisse for years: it must lead to its successor.
    born(aged(40, 70), '42', '01-421')
    born(aged(40, 70), '62', '01-621', { children: 1 })
    for (const first of ['7', '8', '7', '8', '5', '6', '5']) {
      const sex = '57'.includes(first) ? 'M' : 'F'
      const nir13 = unique(() => `${first}1999${String(10_000_000 + random(89_999_999))}`)
      addHousehold({ sex, birthDate: aged(1, 70), organismId: pick(['01-941', '01-751', '01-451']), nir13 })
    }
    for (const first of ['3', '4']) {
      const sex = first === '3' ? 'M' : 'F'
      const birthDate = aged(20, 40)
      addHousehold({ sex, birthDate, organismId: '01-941', nir13: newNir(sex, birthDate, '99', first) })
    }
  }

  function addOrdinary(): void {
    const [organismId, departement] = weighted()
    const sex = pick(['F', 'M'] as const)
    const birthDate = aged(18, 95)
    const place = random(10) === 0 ? '99' : random(4) === 0 ? pick(['75', '59', '13', '69', '31', '44']) : departement
    const parent = birthDate > yearsBefore(56) && birthDate < yearsBefore(25)
    addHousehold({
      sex,
      birthDate,
      organismId,
      nir13: newNir(sex, birthDate, place),
      partner: random(10) < 2,
      children: parent ? pick([0, 0, 1, 1, 2, 2, 3, 4]) : 0,
    })
  }

  type Household = {
    nir13: string
    sex: 'F' | 'M'
    birthDate: string
    organismId: string
    partner?: boolean
    children?: number
    /** Ages in days. */
    babies?: number[]
    /** Their birth date. */
    twins?: string
    /** Somebody of the third kind: a parent at charge. */
    other?: boolean
  }

  function addHousehold(household: Household): void {
    const { nir13, organismId, sex, birthDate } = household
    const lastName = pick(names.surnames)
    const birthName = sex === 'F' && random(10) < 4 ? pick(names.surnames) : lastName
    const shared = { nir13, organismId, lastName }
    let rank = 1
    add({ ...shared, firstNames: firstNames(sex), birthName, birthDate, sex })
    if (household.partner) {
      const other = random(12) === 0 ? sex : sex === 'F' ? 'M' : 'F'
      const born = aged(Math.max(20, ageOf(birthDate) - 6), Math.max(21, ageOf(birthDate) + 6))
      const own = random(2) === 0 ? pick(names.surnames) : lastName
      add({
        ...shared,
        firstNames: firstNames(other),
        birthName: own,
        birthDate: born,
        sex: other,
        rank: ++rank,
        quality: 'conjoint',
      })
    }
    const oldest = Math.min(17, ageOf(birthDate) - 18)
    const births = Array.from({ length: oldest < 1 ? 0 : (household.children ?? 0) }, () => aged(0, oldest))
    for (const days of household.babies ?? []) births.push(daysBefore(days))
    // Births a year apart at least: those of one day are made on purpose, with a twin rank.
    let last = ''
    for (const born of births.sort()) {
      if (last && Date.parse(born) - Date.parse(last) < 365 * 86_400_000) continue
      addChild(born, 1)
      last = born
    }
    if (household.twins) for (const twin of [1, 2]) addChild(household.twins, twin)
    if (household.other)
      add({ ...shared, firstNames: firstNames('F'), birthDate: aged(75, 85), sex: 'F', rank: ++rank, quality: 'autre' })

    function addChild(born: string, twinRank: number): void {
      const childSex = pick(['F', 'M'] as const)
      add({
        ...shared,
        firstNames: firstNames(childSex),
        birthDate: born,
        sex: childSex,
        twinRank,
        rank: ++rank,
        quality: 'enfant',
      })
    }
  }

  function add(
    person: Pick<InsuredPerson, 'nir13' | 'firstNames' | 'lastName' | 'birthDate' | 'sex' | 'organismId'> &
      Partial<InsuredPerson>,
  ): void {
    taken.add(person.nir13)
    people.push({
      nir13: person.nir13,
      key: /^[5-8]/.test(person.nir13) ? null : nirKey(person.nir13),
      firstNames: person.firstNames,
      lastName: person.lastName,
      birthName: person.birthName ?? person.lastName,
      birthDate: person.birthDate,
      sex: person.sex,
      twinRank: person.twinRank ?? 1,
      rank: person.rank ?? 1,
      quality: person.quality ?? 'assuré',
      organismId: person.organismId,
      regimeCode: person.organismId.slice(0, 2),
      rights: rightsOf(person.nir13),
    })
  }

  /** Open for years for most; closed for some, told from the number itself, so that a family has the same. */
  function rightsOf(nir13: string): InsuredPerson['rights'] {
    if (nir13 === WITHOUT_RIGHTS) return [{ from: '2009-01-01', until: '2025-06-30' }]
    const one = Number(nir13.slice(-3)) % 12
    if (one === 1 && !FIXED.has(nir13)) return [{ from: '2012-01-01', until: '2026-03-31' }]
    if (one === 2 && !FIXED.has(nir13)) return null
    return [{ from: '2010-01-01', until: null }]
  }

  /** Département on two characters and commune 98x; 97x and commune 9x; 99 and country 98x. */
  function newNir(sex: 'F' | 'M', birthDate: string, place: string, first = sex === 'M' ? '1' : '2'): string {
    const commune = () => (place.length === 3 ? `${place}9${random(10)}` : `${place}98${random(10)}`)
    const when = birthDate.slice(2, 4) + birthDate.slice(5, 7)
    return unique(() => `${first}${when}${commune()}${String(1 + random(999)).padStart(3, '0')}`)
  }

  function unique(make: () => string): string {
    let made = make()
    while (taken.has(made)) made = make()
    taken.add(made)
    return made
  }

  function firstNames(sex: 'F' | 'M'): string[] {
    const list = sex === 'F' ? names.women : names.men
    const chosen = Array.from({ length: 1 + random(3) }, () => pick(list))
    return [...new Set(chosen)]
  }

  function weighted(): (typeof ORGANISMS)[number] {
    let left = random(ORGANISMS.reduce((sum, [, , weight]) => sum + weight, 0))
    for (const organism of ORGANISMS) {
      left -= organism[2]
      if (left < 0) return organism
    }
    return ORGANISMS[0]!
  }

  function pick<T>(list: readonly T[]): T {
    return list[random(list.length)]!
  }

  /** A birth date of somebody between these ages, in whole years, on the day of reference. */
  function aged(from: number, to: number): string {
    return daysBefore(Math.floor(from * 365.25) + 2 + random(Math.floor((to - from) * 365.25) + 360))
  }
  function ageOf(birthDate: string): number {
    return Number(asOf.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (asOf.slice(5) < birthDate.slice(5) ? 1 : 0)
  }
  function daysBefore(days: number): string {
    return new Date(Date.parse(asOf) - days * 86_400_000).toISOString().slice(0, 10)
  }
  function yearsBefore(years: number): string {
    return `${Number(asOf.slice(0, 4)) - years}${asOf.slice(4)}`
  }
}

/** A small generator of whole numbers below `limit` (mulberry32): the same seed gives the same people everywhere. */
function generator(seed: number): (limit: number) => number {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
}

/** The directory of a demonstration; `people` is for seeds and simulators. */
export function createDemonstrationDirectory(
  options: DemonstrationOptions = {},
): InsuredDirectory & { people: readonly InsuredPerson[] } {
  const people = makeInsuredPersons(options)
  const byNir = Map.groupBy(people, (person) => person.nir13)
  return {
    people,
    find: async (nir13) => byNir.get(nir13) ?? [],
  }
}
