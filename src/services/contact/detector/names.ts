// Finds names of patients: after a title or a word for a patient, or a first name beside a last name. Names of
// practitioners, agents and counsel, streets and companies, and the author's signature are no patients'.
import type { FlatText } from './flat-text.ts'
import type { Lexicon } from './lexicon.ts'
import {
  AGENTS,
  CARERS,
  KIN,
  NAMED_PLACES,
  NO_NAME,
  ORDINARY_FIRST_NAMES,
  OURS_AFTER,
  ROLE_AFTER,
  TITLES,
} from './people-words.ts'
import type { Place } from './social-security-numbers.ts'
import type { Word } from './words.ts'

/** Longest name in words, « M. Jean-Luc Rochet du Moulin ». */
const LONGEST = 5
/** A closing word before a name says that it is a signature. */
const CLOSING =
  /(?:cordialement|merci|avance|salutations?|distinguee?s?|consideration|respect(?:ueusement)?|confraternellement|bien a vous|cdt|cdlt|bcp|beaucoup|journee|soiree|signe|bises|sinceres|devoue[es]*|attente|reponse|comprehension|aide)[ ,.!;:\n-]*$/
const LABEL = new Set([
  'nom',
  'prenom',
  'patient',
  'patiente',
  'assure',
  'assuree',
  'beneficiaire',
  'benef',
  'identite',
  'pat',
  'pt',
  'pte',
  'patronyme',
  'usage',
  'victime',
])

type Reading = FlatText & { words: Word[]; lexicon: Lexicon; allCapitals: boolean }

export function findNames(text: FlatText, words: Word[], lexicon: Lexicon): Place[] {
  const reading = read(text, words, lexicon)
  const found: Place[] = []
  for (let at = 0; at < words.length; at++) {
    const last =
      afterTitle(reading, at) ??
      afterKin(reading, at) ??
      afterLabel(reading, at) ??
      firstAndLast(reading, at) ??
      smallWithDate(reading, at)
    if (last === undefined) continue
    found.push({ start: words[at]!.start, end: words[last]!.end })
    at = last
  }
  return found
}

function read(text: FlatText, words: Word[], lexicon: Lexicon): Reading {
  const letters = text.flat.replaceAll(/[^a-z]/g, '').length
  const allCapitals = letters > 0 && text.capital.filter(Boolean).length > 0.6 * letters
  return { ...text, words, lexicon, allCapitals }
}

/** « Mme SOSIE », « M.Gabarit », « mme sosie ». */
function afterTitle(reading: Reading, at: number): number | undefined {
  const { words, flat } = reading
  const title = words[at]!
  if (!TITLES.has(title.word)) return undefined
  const next = words[at + 1]
  if (!next || !/^[. ]{1,3}$|^$/.test(flat.slice(title.end, next.start))) return undefined
  if (title.word === 'm' && !/^\./.test(flat.slice(title.end)) && !(title.capital && next.capital)) return undefined
  // « Mme O. »: an initial is a name too.
  if (
    next.capital &&
    /^[a-z]$/.test(next.word) &&
    !/[xyz]/.test(next.word) &&
    /^[. ,;:)!?\n]|^$/.test(flat.slice(next.end, next.end + 1))
  ) {
    return isAnothers(reading, at, at + 1) ? undefined : at + 1
  }
  const short = !/^m(adame|onsieur|esdames|essieurs|ademoiselle)$/.test(title.word)
  const last = nameFrom(reading, at + 1, short && !next.capital)
  if (last === undefined) return undefined
  // « un monsieur », « ce monsieur » are no title.
  if (isAnothers(reading, at, last) || isGreeted(reading, at, last)) return undefined
  return last
}

/** « la petite Chimère », « Mamie Doublure », « maman de Timéo ». */
function afterKin(reading: Reading, at: number): number | undefined {
  const { words, flat } = reading
  if (!KIN.has(words[at]!.word) || reading.allCapitals) return undefined
  let next = at + 1
  if (/^de?$/.test(words[next]?.word ?? '')) next++
  const name = words[next]
  if (!name?.capital || name.number || !/^[ '.]{1,2}$/.test(flat.slice(words[next - 1]!.end, name.start)))
    return undefined
  if (name.word.length < 3 || NO_NAME.has(name.word) || isAcronym(reading, next)) return undefined
  if (isMedical(reading, next) && !reading.lexicon.firstNames.has(name.word)) return undefined
  if (next > at + 1 && !reading.lexicon.firstNames.has(name.word) && !name.upper) return undefined
  const last = nameFrom(reading, next, false)
  return last === undefined || isAnothers(reading, at, last) ? undefined : last
}

/** « Patient : Karim GABARIT », « NOM ESQUISSE ». */
function afterLabel(reading: Reading, at: number): number | undefined {
  const { words, flat } = reading
  if (!LABEL.has(words[at]!.word)) return undefined
  const next = words[at + 1]
  if (!next?.capital || next.number) return undefined
  const gap = flat.slice(words[at]!.end, next.start)
  if (!/^[ :=_(-]{1,4}$/.test(gap)) return undefined
  if (NO_NAME.has(next.word) || next.word.length < 3 || (isMedical(reading, at + 1) && !next.upper)) return undefined
  const known = reading.lexicon.firstNames
  if (reading.allCapitals && !/[:=_]/.test(gap) && !known.has(next.word) && !known.has(words[at + 2]?.word ?? ''))
    return undefined
  if (isMedical(reading, at + 1) || (next.upper && next.word.length < 5 && !words[at + 2]?.capital)) return undefined
  return nameFrom(reading, at + 1, false)
}

/** « Denise Moule », « SPECIMEN Bernard », « GASTON TROMPE-LOEIL ». */
function firstAndLast(reading: Reading, at: number): number | undefined {
  const { words, flat, lexicon } = reading
  const one = words[at]!
  const two = words[at + 1]
  if (!two || !one.capital || !two.capital || !/^[ _-]$|^' ?$/.test(flat.slice(one.end, two.start))) return undefined
  if (one.number || two.number) return undefined
  const firstLeads = lexicon.firstNames.has(one.word) && one.word.length > 1
  const last = nameFrom(reading, at, false)
  if (last === undefined || last === at) return undefined
  const members = words.slice(at, last + 1)
  if (isAnothers(reading, at, last) || isSignature(reading, at, last)) return undefined
  if (members.some((word) => NAMED_PLACES.has(word.word) && !lexicon.firstNames.has(word.word))) return undefined
  const allFirst = members.every((word) => lexicon.firstNames.has(word.word))
  if (reading.allCapitals) {
    const sure = members.some(
      (word) => lexicon.firstNames.has(word.word) && word.word.length > 3 && !ORDINARY_FIRST_NAMES.has(word.word),
    )
    const strange = members.filter((word) => !isMedical(reading, words.indexOf(word))).length >= 2
    return sure && strange ? last : undefined
  }
  if (firstLeads) {
    if (isAcronym(reading, at + 1) && two.word.length < 4) return undefined
    if (ORDINARY_FIRST_NAMES.has(one.word) && isSentenceStart(reading, at) && !two.upper) return undefined
    return isMedical(reading, at + 1) && !two.upper && !allFirst ? undefined : last
  }
  const firstFollows = members
    .slice(1)
    .find((word) => lexicon.firstNames.has(word.word) && !ORDINARY_FIRST_NAMES.has(word.word))
  if (!firstFollows) return undefined
  if (one.upper) return one.word.length > 2 || two.upper ? last : undefined
  // « Alias Monique »: the last name first, not in capitals, may also be a word that starts a sentence.
  return isSentenceStart(reading, at) || isMedical(reading, at) ? undefined : last
}

/** « la carte de Timéo », « Gisèle attend »: a first name alone tells of somebody, a patient perhaps. */
export function findFirstNames(text: FlatText, words: Word[], lexicon: Lexicon): Place[] {
  const reading = read(text, words, lexicon)
  if (reading.allCapitals) return []
  const found: Place[] = []
  words.forEach((word, at) => {
    if (!word.capital || word.word.length < 3 || !lexicon.firstNames.has(word.word)) return
    if (ORDINARY_FIRST_NAMES.has(word.word)) return
    const [before, after] = [words[at - 1], words[at + 1]]
    if (before?.capital && before.sentence === word.sentence && before.word.length > 2) return
    if (after?.capital && /^[ -]$/.test(text.flat.slice(word.end, after.start))) return
    if (isAnothers(reading, at, at) || isGreeted(reading, at, at) || isSignature(reading, at, at)) return
    found.push({ start: word.start, end: word.end })
  })
  return found
}

/** « emma roman 120316 »: in small letters, a first name is believed when a day of birth follows. */
function smallWithDate({ words, flat, lexicon }: Reading, at: number): number | undefined {
  const [first, second] = [words[at]!, words[at + 1]]
  if (!second || second.number || !lexicon.firstNames.has(first.word) || ORDINARY_FIRST_NAMES.has(first.word))
    return undefined
  if (NO_NAME.has(second.word) || flat.slice(first.end, second.start) !== ' ') return undefined
  return /^[ ,.:(-]{1,3}(?:nee? )?(?:le )?[0-9]{1,2}[/. -]?[0-9]{1,2}[/. -]?(?:[0-9]{2}){1,2}\b/.test(
    flat.slice(second.end, second.end + 28),
  )
    ? at + 1
    : undefined
}

/** The last word of the name that starts here: capitals joined by blanks, hyphens or particles. */
function nameFrom({ words, flat }: Reading, at: number, small: boolean): number | undefined {
  const first = words[at]
  if (!first || first.number || NO_NAME.has(first.word) || first.word.length < 2) return undefined
  if (AGENTS.has(first.word) || CARERS.has(first.word)) return undefined
  if (!first.capital && !small) return undefined
  let last = at
  for (let next = at + 1; next < words.length && next < at + LONGEST; next++) {
    const word = words[next]!
    const gap = flat.slice(words[next - 1]!.end, word.start)
    const glued = gap === '-' || gap === "'"
    if (!glued && gap !== ' ' && gap !== '_') break
    if (word.number || (!word.capital && !glued)) break
    if (!glued && (NO_NAME.has(word.word) || CARERS.has(word.word))) break
    last = next
  }
  return last
}

/** A practitioner's, an agent's, a street's: said just before or just after. */
function isAnothers({ words, flat }: Reading, at: number, last: number): boolean {
  const sentence = words[at]!.sentence
  let parted = false
  for (let back = 1; back <= 7; back++) {
    const word = words[at - back]
    if (!word || word.sentence !== sentence) break
    if (AGENTS.has(word.word) && !(parted && /^(?:charge|contact|attention|maitre)/.test(word.word))) return true
    const near = back <= 4 && !parted
    if (near && (CARERS.has(word.word) || NAMED_PLACES.has(word.word))) return true
    if (back === 2 && /^(?:rue|place|avenue|allee|boulevard)$/.test(word.word)) return true
    if (back <= 2 && /^(?:suis|soussignee?|appelle|ici|moi|nous)$/.test(word.word) && !parted) return true
    // « le médecin de Mme X »: what stands before « de » is not the person named.
    if (/^(?:de|d|du|pour|chez|par|que|qui|dont|concernant|a|et|au|avec|est|sujet)$/.test(word.word)) parted = true
  }
  const after = flat.slice(words[last]!.end, words[last]!.end + 60)
  return ROLE_AFTER.test(after) || OURS_AFTER.test(after)
}

/** « Chère Madame X, », « Bonjour Mme X », « Madame X, je vous… »: who is written to. */
function isGreeted({ words, flat }: Reading, at: number, last: number): boolean {
  const before = words[at - 1]
  if (before && /^(?:chere?s?|bonjour|bonsoir|salut|hello|merci)$/.test(before.word)) return true
  const starts = !before || /[\n]\s*$/.test(flat.slice(before.end, words[at]!.start))
  return (
    starts &&
    /^ ?,[ \n]*(?:\n|je |j'|nous |suite |merci|vous |comme )/.test(flat.slice(words[last]!.end, words[last]!.end + 14))
  )
}

/** At the end, after a closing word or a new line, with at most a profession and a number behind. */
function isSignature({ words, flat }: Reading, at: number, last: number): boolean {
  const before = flat.slice(Math.max(0, words[at]!.start - 40), words[at]!.start)
  const rest = words.slice(last + 1)
  if (/\bde ?:[ \n]*$/.test(before)) return true
  if (rest.length > 14) return false
  if (CLOSING.test(before)) return true
  const parted = at === 0 ? false : /[\n.!?;,-]\s*$/.test(before)
  return (
    parted && (rest.length === 0 || rest.every((word) => word.number || CARERS.has(word.word) || word.word.length <= 3))
  )
}

function isSentenceStart({ words }: Reading, at: number): boolean {
  return at === 0 || words[at - 1]!.sentence !== words[at]!.sentence
}

/** In capitals amid small letters, and too short to be told from an abbreviation. */
function isAcronym({ words, allCapitals }: Reading, at: number): boolean {
  return !allCapitals && words[at]!.upper && words[at]!.word.length < 4
}

function isMedical({ words, lexicon }: Reading, at: number): boolean {
  const terms = lexicon.terms.get(words[at]!.stem)
  return terms?.some((term) => term.stems.length === 1 && term.kind !== 'none' && term.strength > 1) ?? false
}
