// What a general message must not hold: put together from numbers, names, dates and the medical words around them.
// Nothing of the text is kept, and no error quotes it.
import { findBirthDates } from './birth-dates.ts'
import type { Detector, Finding } from './finding.ts'
import { flatten } from './flat-text.ts'
import type { Lexicon } from './lexicon.ts'
import { findMedical } from './medical.ts'
import { findFirstNames, findNames } from './names.ts'
import { findSocialSecurityNumbers, type Place } from './social-security-numbers.ts'
import { wordsOf } from './words.ts'

export function createDetector(lexicon: Lexicon): Detector {
  return {
    find(text) {
      const flatText = flatten(text)
      const { flat, at } = flatText
      const words = wordsOf(flatText)
      const numbers = findSocialSecurityNumbers(flatText, words)
      const names = findNames(flatText, words, lexicon)
      const births = findBirthDates(flat, numbers, names)
      const medical = findMedical(
        flat,
        words,
        lexicon,
        [...numbers, ...names, ...births],
        findFirstNames(flatText, words, lexicon),
      )
      const all = [...kind('nir', numbers), ...kind('birth-date', births), ...kind('name', names), ...medical]
      return disjoint(all.map((found) => wholeWords(flat, found))).map(({ kind, start, end }) => ({
        kind,
        start: at[start]!,
        end: at[end]!,
      }))
    },
  }
}

const kind = (name: Finding['kind'], places: Place[]): Finding[] => places.map((place) => ({ kind: name, ...place }))

const LETTER = /[\p{L}\p{N}]/u
const joined = (flat: string, at: number) => LETTER.test(flat[at - 1] ?? '') && LETTER.test(flat[at] ?? '')

/** What is marked on a screen begins and ends with a word; a number may be glued to one, and stands by itself. */
function wholeWords(flat: string, { kind, start, end }: Finding): Finding {
  if (kind === 'nir') return { kind, start, end }
  let [from, to] = [start, end]
  while (from > 0 && joined(flat, from)) from--
  while (to < flat.length && joined(flat, to)) to++
  return { kind, start: from, end: to }
}

/** In the order of the text; where two overlap, the one given first stays. */
function disjoint(findings: Finding[]): Finding[] {
  const kept: Finding[] = []
  for (const finding of findings) {
    if (finding.end > finding.start && kept.every((other) => finding.end <= other.start || finding.start >= other.end))
      kept.push(finding)
  }
  return kept.sort((a, b) => a.start - b.start)
}
