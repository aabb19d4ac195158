// Dates as people write them, with the year they mean.
import type { Place } from './social-security-numbers.ts'

export type WrittenDate = Place & {
  year: number
  /** Two digits, « 62 »: the century is a guess. */
  shortYear: boolean
  /** « 120316 », six or eight digits and nothing else. */
  bare: boolean
}

const MONTHS =
  'janvier|janv|jan|fevrier|fevr|fev|mars|avril|avr|mai|juin|juillet|juil|aout|septembre|sept|octobre|oct|novembre|nov|decembre|dec'
const DAY = '(?:0?[1-9]|[12][0-9]|3[01])'
const MONTH = '(?:0?[1-9]|1[0-2])'
const YEAR = '(?:19|20)[0-9]{2}'

const WRITTEN = [
  new RegExp(`(?<![0-9/.-])${DAY} ?[/.-] ?${MONTH} ?[/.-] ?(?<year>${YEAR}|[0-9]{2})(?![0-9/]|-[0-9])`, 'g'),
  new RegExp(`(?<![0-9] ?)${DAY} ${MONTH} (?<year>${YEAR})(?! ?[0-9])`, 'g'),
  new RegExp(
    `(?<![0-9])(?:1er|${DAY}) ?(?:${MONTHS})\\.?,? (?:de cette annee |de l'annee )?(?<year>${YEAR}|[0-9]{2})(?![0-9])`,
    'g',
  ),
  new RegExp(`(?<![0-9/.-])(?<year>${YEAR})-${MONTH.replace('0?', '0')}-${DAY.replace('0?', '0')}(?![0-9-])`, 'g'),
  new RegExp(`(?<![0-9])(?<year>${YEAR}),? le (?:1er|${DAY}) (?:${MONTHS})\\b`, 'g'),
]
const BARE = /(?<![0-9a-z/.-])(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?<year>(?:19|20)[0-9]{2}|[0-9]{2})(?![0-9])/g

export function datesOf(flat: string): WrittenDate[] {
  const found: WrittenDate[] = []
  for (const pattern of [...WRITTEN, BARE]) {
    for (const match of flat.matchAll(pattern)) {
      const start = match.index
      const end = start + match[0].length
      if (found.some((other) => start < other.end && end > other.start)) continue
      const written = match.groups!.year!
      found.push({ start, end, year: yearOf(written), shortYear: written.length === 2, bare: pattern === BARE })
    }
  }
  return found.sort((a, b) => a.start - b.start)
}

/** « 62 » is 1962 and « 16 » is 2016: nobody writes of the years to come. */
function yearOf(written: string): number {
  const year = Number(written)
  if (written.length === 4) return year
  return year > 27 ? 1900 + year : 2000 + year
}
