// Numbers written in words, « quatre-vingt-quatre », as one dictates them.
import type { Word } from './words.ts'

const BELOW_TWENTY: Record<string, number> = {
  zero: 0,
  un: 1,
  une: 1,
  deux: 2,
  trois: 3,
  quatre: 4,
  cinq: 5,
  six: 6,
  sept: 7,
  huit: 8,
  neuf: 9,
  dix: 10,
  onze: 11,
  douze: 12,
  treize: 13,
  quatorze: 14,
  quinze: 15,
  seize: 16,
}
const TENS: Record<string, number> = {
  vingt: 20,
  vingts: 20,
  trente: 30,
  quarante: 40,
  cinquante: 50,
  soixante: 60,
  septante: 70,
  huitante: 80,
  octante: 80,
  nonante: 90,
}

export type NumberInWords = { digits: string; first: number; last: number }

/**
 * The number in words that starts at this word, or undefined.
 * @param joined whether a word follows the one before it with nothing but a blank or a hyphen between
 */
export function numberAt(words: Word[], at: number, joined: (at: number) => boolean): NumberInWords | undefined {
  let value = 0
  let next = at
  const word = (i: number) => (i < words.length && (i === at || joined(i)) ? words[i]!.word : '')
  const unit = BELOW_TWENTY[word(next)]
  if (isHundred(word(next))) {
    value = 100
    next++
  } else if (unit !== undefined && unit > 1 && unit < 10 && isHundred(word(next + 1))) {
    value = unit * 100
    next += 2
  }
  const below = belowHundred(word, next)
  if (below) {
    value += below.value
    next = below.next
  }
  return next === at ? undefined : { digits: String(value), first: at, last: next - 1 }
}

const isHundred = (word: string) => word === 'cent' || word === 'cents'

function belowHundred(word: (at: number) => string, at: number): { value: number; next: number } | undefined {
  const first = BELOW_TWENTY[word(at)]
  if (first === 4 && /^vingts?$/.test(word(at + 1))) return withUnits(word, at + 2, 80, 19)
  const tens = TENS[word(at)]
  if (tens !== undefined) return withUnits(word, at + 1, tens, tens === 60 ? 19 : 9)
  if (first === 10) return withUnits(word, at + 1, 10, 9, 7)
  return first === undefined ? undefined : { value: first, next: at + 1 }
}

/** « soixante et onze », « vingt-trois », « quatre-vingt-dix-sept », « dix-huit ». */
function withUnits(word: (at: number) => string, at: number, base: number, most: number, least = 1) {
  const skip = word(at) === 'et' && base !== 10 ? 1 : 0
  const unit = BELOW_TWENTY[word(at + skip)]
  if (unit === undefined || unit < least || unit > most) return { value: base, next: at }
  const tail = BELOW_TWENTY[word(at + skip + 1)]
  if (unit === 10 && tail !== undefined && tail >= 7 && tail <= 9)
    return { value: base + 10 + tail, next: at + skip + 2 }
  return { value: base + unit, next: at + skip + 1 }
}
