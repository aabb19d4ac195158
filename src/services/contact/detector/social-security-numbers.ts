// Finds numéros de sécurité sociale as people type, copy, cut and dictate them. No rule alone decides: what a number
// looks like, how it is grouped, whether its key fits and the words before it are added up.
import type { FlatText } from './flat-text.ts'
import { numberAt } from './number-words.ts'
import type { Word } from './words.ts'

export type Place = { start: number; end: number }

/** Digits in one piece, or a number in words; `digits` may hold the letter of Corsica or a letter typed for a digit. */
type Group = { digits: string; start: number; end: number }
/** What stands between two groups. */
type Gap = 'none' | 'key' | 'words' | 'far'

/** Points from which a number is taken for a NIR. */
const ENOUGH = 3
/** Where the parts of a NIR end: sex, year, month, department, commune, order. */
const PARTS = new Set([1, 3, 5, 7, 10, 13])
/** More groups than a NIR written digit by digit can have. */
const MOST_GROUPS = 16

const WORDS_BEFORE = 48
const SAYS_NIR =
  /\b(?:nir|nss|no ?ss|nia|ins|insi|secu|securite sociale|s\.s|ss|immat[a-z]*|matricule|assur[a-z]*|vitale|provisoire|benef[a-z]*|patient[a-z]*|mere|pere|conjoint|ayant droit)\b|\bn° ?(?:de )?(?:ss|secu)/g
const SAYS_OTHER =
  /\b(?:serie|imei|factur[a-z]*|lots?|virements?|ref[a-z]*|dossiers?|commandes?|colis|suivi|recommandee?|finess|siret|siren|rpps|adeli|cip|ean|iban|rib|bic|tel[a-z]*|fax|portable|amc|contrats?|cheques?|mandats?|bordereaux?|dap|rg|adherent|comptes?|tickets?|incidents?|terminal|code|courriers?|accuse|transaction|envoi|am|identifiant|urssaf|imprime|cerfa|licence|produit|article|version)\b/g

export function findSocialSecurityNumbers({ flat }: FlatText, words: Word[]): Place[] {
  const groups = [...digitGroups(flat), ...wordGroups(flat, words)].sort((a, b) => a.start - b.start)
  const candidates: (Place & { points: number })[] = []
  const gaps = groups.map((group, i) => (i === 0 ? 'far' : gapBetween(flat.slice(groups[i - 1]!.end, group.start))))
  for (let i = 0; i < groups.length; i++) {
    let digits = ''
    const ends: number[] = []
    let keyed = false
    let wordy = 0
    let said: number | undefined
    for (let j = i; j < groups.length && j < i + MOST_GROUPS; j++) {
      if (j > i) {
        if (gaps[j] === 'far') break
        if (gaps[j] === 'words') wordy++
        if (gaps[j] === 'key') keyed = true
        ends.push(digits.length)
      }
      digits += groups[j]!.digits
      if (digits.length > 16) break
      if (digits.length < 12) continue
      const shape = weigh(digits, ends, keyed, wordy)
      // Most are told by their shape, and the words before are read once.
      if (shape < ENOUGH - 2) continue
      said ??= context(flat, groups[i]!.start)
      const points = shape + said
      if (points >= ENOUGH) candidates.push({ start: groups[i]!.start, end: groups[j]!.end, points })
    }
  }
  return best(candidates)
}

/** How much 12 to 16 characters look like a NIR, by themselves. */
function weigh(raw: string, ends: number[], keyed: boolean, wordy: number): number {
  const digits = corsican(raw)
  if (!digits) return Number.NEGATIVE_INFINITY
  const length = digits.length
  const exact = length === 13 || length === 15
  if ('5678'.includes(digits[0]!)) {
    // Provisional numbers have no key, and a form of their own: only what is said before them makes them out.
    return length === 13 && /^[5-8][12]\d{11}$/.test(digits)
      ? 1 + Math.min(2, conforming(ends, new Set([1, 2, 5])))
      : Number.NEGATIVE_INFINITY
  }
  if (!/^[1-4]/.test(digits)) return Number.NEGATIVE_INFINITY
  let points = '34'.includes(digits[0]!) ? -2 : 0
  const month = digits.slice(3, 5)
  if (/^(?:0[1-9]|1[0-2])$/.test(month)) points += 3
  // Months nobody knows: true, but also what a year makes of the head of a reference, « 2025… ».
  else if (/^[2-9]\d$/.test(month)) points += 1
  else points -= 2
  if (digits.slice(5, 7) === '00') points -= 2
  if (!exact) points -= 2
  if (length === 15) {
    if (digits.slice(13) === keyOf(digits.slice(0, 13))) points += 3
    else if (digits.slice(13) === '00' || digits.slice(13) > '97') points -= 1
  }
  const good = conforming(ends, PARTS)
  const bad = ends.length - good
  // Digit by digit, every place is an end.
  if (ends.length >= digits.length - 4) points += 2
  // Parted just as it is printed on the card: seen at once, even with a digit mistyped.
  else if (good >= 5 && bad === 0) points += 5
  else points += (good >= 4 ? 3 : Math.min(good, 2)) - Math.min(3, bad)
  if (/[AB]/.test(digits)) points += 2
  return points + (keyed ? 2 : 0) - wordy
}

const conforming = (ends: number[], parts: Set<number>) => ends.filter((end) => parts.has(end)).length

/** With digits for letters typed in their place, and Corsica's letter where it belongs; undefined if another is left. */
function corsican(raw: string): string | undefined {
  const letter = raw.slice(5, 7)
  const corsica = letter === '2a' || letter === '2b'
  const head = raw.slice(0, 5)
  const rest = raw.slice(corsica ? 7 : 5)
  const digits = `${asDigits(head)}${corsica ? letter.toUpperCase() : ''}${asDigits(rest)}`
  return /^\d{5}(?:\d\d|2[AB])\d+$/.test(digits) ? digits : undefined
}

const asDigits = (text: string) =>
  text.replaceAll('b', '8').replaceAll('s', '5').replaceAll('z', '2').replaceAll('o', '0').replaceAll(/[il|]/g, '1')

function keyOf(nir13: string): string {
  const department = nir13.slice(5, 7)
  const counted = department === '2A' ? '19' : department === '2B' ? '18' : department
  return String(97 - (Number(nir13.slice(0, 5) + counted + nir13.slice(7)) % 97)).padStart(2, '0')
}

/** What the words before say: +2 for a NIR, −3 for another number; the nearest wins. */
function context(flat: string, start: number): number {
  const before = flat.slice(Math.max(0, start - WORDS_BEFORE), start)
  const nir = lastMatch(before, SAYS_NIR)
  const other = lastMatch(before, SAYS_OTHER)
  if (nir < 0 && other < 0) return 0
  return nir > other ? 2 : -3
}

function lastMatch(text: string, pattern: RegExp): number {
  let last = -1
  for (const match of text.matchAll(pattern)) last = match.index
  return last
}

function best(candidates: (Place & { points: number })[]): Place[] {
  candidates.sort((a, b) => b.points - a.points || b.end - b.start - (a.end - a.start) || a.start - b.start)
  const kept: Place[] = []
  for (const { start, end } of candidates) {
    if (kept.every((other) => end <= other.start || start >= other.end)) kept.push({ start, end })
  }
  return kept.sort((a, b) => a.start - b.start)
}

/** Runs of digits, with letters that are taken for digits inside them: « 2B », « 1O2 », « 59ll42 ». */
function digitGroups(flat: string): Group[] {
  const groups: Group[] = []
  for (const match of flat.matchAll(/[0-9oil|absz]+/g)) {
    let start = match.index
    let end = start + match[0].length
    if (!/[0-9]/.test(match[0])) {
      // A letter alone stands for a digit between two others only: « 1 O 2 ».
      if (
        match[0].length === 1 &&
        /[oil|]/.test(match[0]) &&
        /[0-9] $/.test(flat.slice(start - 2, start)) &&
        /^ [0-9]/.test(flat.slice(end, end + 2))
      )
        groups.push({ digits: match[0], start, end })
      continue
    }
    // Letters of a word that touches the digits are its own: « nir284… », « 500mg ».
    if (/[a-z]/.test(flat[start - 1] ?? '')) while (/[a-z|]/.test(flat[start]!)) start++
    else while (/[absz]/.test(flat[start]!)) start++
    if (/[a-z]/.test(flat[end] ?? '')) while (/[a-z|]/.test(flat[end - 1]!)) end--
    const digits = flat.slice(start, end)
    if (digits && /[0-9]/.test(digits)) groups.push({ digits, start, end })
  }
  return groups
}

function wordGroups(flat: string, words: Word[]): Group[] {
  const groups: Group[] = []
  const joined = (at: number) => /^[ -]$/.test(flat.slice(words[at - 1]!.end, words[at]!.start))
  for (let at = 0; at < words.length; at++) {
    const number = words[at]!.number ? undefined : numberAt(words, at, joined)
    if (!number) continue
    groups.push({ digits: number.digits, start: words[at]!.start, end: words[number.last]!.end })
    at = number.last
  }
  return groups
}

const SEPARATORS = /^[\s.\-_/,;:()|'"°+*=[\]\\<>~#]{0,8}$/
const KEY = /^[\s.\-_/,;:()|'"=]{0,4}(?:avec |et )?(?:la )?(?:cle|clef|key|cl|k|c)[\s.\-_/,;:()|'"=]{0,4}$/

function gapBetween(text: string): Gap {
  if (SEPARATORS.test(text)) return 'none'
  if (text.length > 40) return 'far'
  if (KEY.test(text)) return 'key'
  return isFiller(text) ? 'words' : 'far'
}

/** Word by word, so that no text makes the expression try again and again. */
function isFiller(text: string): boolean {
  return text.split(/[\s.\-_/,;:()|'"=>]+/).every((word) => word === '' || FILLER_WORDS.has(word))
}

const FILLER_WORDS = new Set(
  `sexe annee an mois dep dept dpt departement commune pays ordre insee code num numero n de du la le et puis suite ensuite
  fin ligne a espace tiret point virgule suivi naissance nais cle clef controle enfin apres`.split(/\s+/),
)
