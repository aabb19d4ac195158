// The words of a flat text, and the form under which they are compared.
import type { FlatText } from './flat-text.ts'

export type Word = {
  /** As it stands in the flat text. */
  word: string
  /** Without the endings of plural and feminine. */
  stem: string
  /** Places in the flat text. */
  start: number
  end: number
  /** Starts with a capital, or is written in capitals (at least two letters of them). */
  capital: boolean
  upper: boolean
  number: boolean
  /** Which sentence it stands in, counted from 0. */
  sentence: number
}

export function wordsOf({ flat, capital }: FlatText): Word[] {
  const found: Word[] = []
  let sentence = 0
  let last = 0
  for (const match of flat.matchAll(/[a-z]+|[0-9]+/g)) {
    const start = match.index
    const end = start + match[0].length
    if (endsSentence(flat.slice(last, start), found.at(-1))) sentence++
    last = end
    let capitals = 0
    for (let i = start; i < end; i++) if (capital[i]) capitals++
    const number = match[0] <= '9~'
    found.push({
      word: match[0],
      stem: number ? match[0] : stemOf(match[0]),
      start,
      end,
      capital: capital[start]!,
      upper: capitals === end - start && end - start > 1,
      number,
      sentence,
    })
  }
  return found
}

const ABBREVIATED = /^(?:m|mr|mme|mlle|dr|pr|pat|dec|janv|fevr|oct|nov|sept|ref|tel|art|etc|ex|n|cf|env)$/

function endsSentence(gap: string, before: Word | undefined): boolean {
  if (/[!?\n]/.test(gap)) return true
  // « M. X », « 1.58.09 », « Réf. » end nothing.
  return /\.(?:\s|$)/.test(gap) && before !== undefined && !ABBREVIATED.test(before.word)
}

/** « opérées » and « opéré », « diabétiques » and « diabétique » are one word; short words stay as they are. */
export function stemOf(word: string): string {
  let stem = word.replaceAll('oe', 'e')
  if (stem.length > 5 && stem.endsWith('aux')) return `${stem.slice(0, -2)}l`
  if (stem.length > 3 && /(?:s|[aeo]ux)$/.test(stem)) stem = stem.slice(0, -1)
  while (stem.length > 4 && stem.endsWith('e')) stem = stem.slice(0, -1)
  return stem
}
