// The words the detector knows, read once from data/reference/medical-lexicon.
import { readFile } from 'node:fs/promises'
import type { FindingKind } from './finding.ts'
import { flatten } from './flat-text.ts'
import { stemOf, type Word, wordsOf } from './words.ts'

/** 3 says it by itself, 2 needs a person or another term beside it, 1 needs a person clearly meant. */
export type Strength = 0 | 1 | 2 | 3
/** `none` is administrative, and hides the words inside it. */
export type TermKind = FindingKind | 'none'
export type Term = { stems: string[]; kind: TermKind; strength: Strength; upper: boolean }
export type Lexicon = {
  /** Terms by their first stem, the longest first. */
  terms: Map<string, Term[]>
  /** Sounding of long single words that are one term, to read them through common mistakes. */
  soundings: Map<string, Term>
  /** First names, as they stand in a flat text. */
  firstNames: Set<string>
}

const FOLDER = new URL('../../../../data/reference/medical-lexicon/', import.meta.url)
/** Shorter words have too many neighbours to be guessed at. */
const GUESSED_FROM = 8

export async function readLexicon(): Promise<Lexicon> {
  const read = (name: string) => readFile(new URL(name, FOLDER), 'utf8')
  const [own, diseases, substances, brands, firstNames] = await Promise.all(
    ['terms.txt', 'diseases.txt', 'substances.txt', 'brands.txt', 'first-names.txt'].map(read),
  )
  return makeLexicon({
    own: own!,
    diseases: diseases!,
    substances: substances!,
    brands: brands!,
    firstNames: firstNames!,
  })
}

type Sources = { own: string; diseases: string; substances: string; brands: string; firstNames: string }

export function makeLexicon(sources: Sources): Lexicon {
  const lexicon: Lexicon = { terms: new Map(), soundings: new Map(), firstNames: new Set() }
  const known = new Set<string>()
  const add = (text: string, kind: TermKind, strength: Strength, upper = false) => {
    const stems = stemsOf(text)
    const first = stems[0]
    if (first === undefined) return
    // Our own words come first, and say better how much a word tells.
    const key = `${stems.join(' ')}${upper ? '^' : ''}`
    if (known.has(key)) return
    known.add(key)
    const term: Term = { stems, kind, strength, upper }
    const others = lexicon.terms.get(first)
    if (others) others.push(term)
    else lexicon.terms.set(first, [term])
    if (kind !== 'none' && stems.length === 1 && first.length >= GUESSED_FROM && strength > 1) {
      const sounding = soundingOf(first)
      if (!lexicon.soundings.has(sounding)) lexicon.soundings.set(sounding, term)
    }
  }
  let kind: TermKind = 'diagnosis'
  let strength: Strength = 2
  let upper = false
  for (const line of administrativeFirst(lines(sources.own))) {
    if (line.startsWith('=')) {
      const [name, level, capitals] = line.slice(1).trim().split(/\s+/)
      kind = name as TermKind
      strength = Number(level) as Strength
      upper = capitals === 'upper'
      continue
    }
    for (const entry of line.split(',')) if (entry.trim()) add(entry, kind, strength, upper)
  }
  for (const entry of lines(sources.brands).join(',').split(',')) if (entry.trim()) add(entry, 'treatment', 2)
  for (const word of lines(sources.substances)) add(word, 'treatment', 2)
  for (const phrase of lines(sources.diseases)) add(phrase, 'diagnosis', 2)
  for (const list of lexicon.terms.values())
    list.sort((a, b) => b.stems.length - a.stems.length || b.strength - a.strength)
  for (const name of lines(sources.firstNames).join(',').split(',')) lexicon.firstNames.add(flatten(name.trim()).flat)
  lexicon.firstNames.delete('')
  return lexicon
}

/** The administrative section first: it wins over the terms it holds. */
function administrativeFirst(all: string[]): string[] {
  const at = all.findIndex((line) => line.startsWith('= none'))
  return at < 0 ? all : [...all.slice(at), ...all.slice(0, at)]
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line && !line.startsWith('#'))
}

function stemsOf(text: string): string[] {
  // What is generated is flat already.
  if (/^[a-z0-9 ]+$/.test(text)) return text.trim().split(/ +/).map(stemOf)
  return wordsOf(flatten(text)).map((word) => word.stem)
}

/** Endings that make an illness or a medicine of a word nobody listed. */
const LIKE_AN_ILLNESS =
  /(?:algie|algique|ectomie|pathie|plegie|plegique|uremie|natremie|kaliemie|lipemie|trophie|plastie|stomie|sclerose|arthrose|nevrose|phasie|rragie|rrhee|penie|megalie|malacie|cytose|ostose|synovite|oscopie)$/
const LIKE_A_MEDICINE =
  /(?:tinib|ciclib|mab|prazole|conazole|sartan|vastatine|olol|cilline|mycine|floxacine|azepam|zolam|triptan|gliptine|glutide|parine|xaban|oxetine|tidine|cycline|dronate)$/
const UNLIKE =
  /^(?:sympathie|antipathie|homeopathie|osteopathie|telepathie|naturopathie|nostalgie|endoscopie|allopathie)$/
const ILLNESS_LIKE: Term = { stems: [], kind: 'diagnosis', strength: 2, upper: false }
const MEDICINE_LIKE: Term = { stems: [], kind: 'treatment', strength: 2, upper: false }

function looksLike(word: string): Term | undefined {
  if (word.length < 7 || UNLIKE.test(word)) return undefined
  const one = word.replace(/s$/, '')
  if (LIKE_AN_ILLNESS.test(one)) return ILLNESS_LIKE
  return LIKE_A_MEDICINE.test(one) ? MEDICINE_LIKE : undefined
}

export type Match = { term: Term; first: number; last: number }

/** Every term of the text, the longest at each place. */
export function matchTerms(lexicon: Lexicon, words: Word[]): Match[] {
  const found: Match[] = []
  for (let at = 0; at < words.length; at++) {
    const match = matchAt(lexicon, words, at)
    if (!match) continue
    found.push(match)
    at = match.last
  }
  return found
}

function matchAt(lexicon: Lexicon, words: Word[], at: number): Match | undefined {
  const word = words[at]!
  const terms = lexicon.terms.get(word.stem)
  if (terms) {
    for (const term of terms) {
      const last = at + term.stems.length - 1
      if (last >= words.length) continue
      if (term.upper && !words[at]!.upper) continue
      if (term.stems.every((stem, i) => words[at + i]!.stem === stem)) return { term, first: at, last }
    }
    return undefined
  }
  const term =
    looksLike(word.word) ?? (word.stem.length < GUESSED_FROM ? undefined : lexicon.soundings.get(soundingOf(word.stem)))
  return term && { term, first: at, last: at }
}

/** What is left of a long word when common slips are taken away: « shizofrenie » and « schizophrénie » sound alike. */
export function soundingOf(word: string): string {
  return word
    .replaceAll('ph', 'f')
    .replaceAll(/[hx]/g, '')
    .replaceAll('y', 'i')
    .replaceAll('sc', 's')
    .replaceAll(/c(?=[eiy])/g, 's')
    .replaceAll(/qu|ck/g, 'c')
    .replaceAll('k', 'c')
    .replaceAll('z', 's')
    .replaceAll(/[ae](?=[nm][a-z])/g, 'e')
    .replaceAll(/n(?=[bpm])/g, 'm')
    .replaceAll(/(?:eau|au)/g, 'o')
    .replaceAll(/([a-z])\1+/g, '$1')
}
