// What a password must be: long enough, and not one that is guessed. No rule of composition and no forced renewal: both
// make people choose worse ones (NIST SP 800-63B-4, 3.1.1.2; CNIL recommendation 2022-100; ANSSI, R24).
import { fold } from '../../platform/fold.ts'
import type { Judgement } from './contract.ts'
import type { Estimator } from './estimator.ts'
import { normalised } from './hasher.ts'
import type { Holder } from './holder.ts'

export const LENGTH_MIN = 12
export const LENGTH_MAX = 128
/** Of 4: « safely unguessable », 10^8 guesses and more. */
const SCORE_MIN = 3
/** What must be left of a password once the person's own words are taken out. */
const LEFT_MIN = 8

export const TOO_SHORT = `Ce mot de passe est trop court : il en faut au moins ${LENGTH_MIN} caractères. Une phrase de quelques mots convient.`
export const TOO_LONG = `Ce mot de passe dépasse ${LENGTH_MAX} caractères.`
export const PERSONAL =
  'Ce mot de passe tient surtout à votre nom, votre identifiant, votre adresse ou votre lieu d’exercice : qui vous connaît le devinerait.'
export const COMMON = 'Ce mot de passe fait partie des plus répandus : il est essayé en premier.'
export const GUESSABLE = 'Ce mot de passe se devine trop vite. Ajoutez un ou deux mots sans rapport entre eux.'

/** Judges a password for the person who chooses it. */
export async function judgePassword(estimator: Estimator, holder: Holder, password: string): Promise<Judgement> {
  const text = normalised(password)
  const length = [...text].length
  const no = (...reasons: string[]): Judgement => ({ accepted: false, score: 0, reasons })
  if (length < LENGTH_MIN) return no(TOO_SHORT)
  if (length > LENGTH_MAX) return no(TOO_LONG)
  const own = ownWords(holder)
  if (leftWithout(text, own) < LEFT_MIN) return no(PERSONAL)
  const { score, common, warning } = await estimator.estimate(text, own)
  if (score >= SCORE_MIN) return { accepted: true, score, reasons: [] }
  const why = common ? [COMMON] : [GUESSABLE, ...(warning ? [sentence(warning)] : [])]
  return { accepted: false, score, reasons: why }
}

/** Words of the person that others know, three letters and more. */
export function ownWords({ names, identifier, email, places }: Holder): string[] {
  const words = [...names, email ?? '', ...places].flatMap((text) => fold(text).split(' '))
  return [...new Set(['consilium', identifier, ...words])].filter((word) => word.length >= 3)
}

/** Letters and digits of a password, other than the person's words; the longest word first, or its end would stay. */
function leftWithout(text: string, own: string[]): number {
  let rest = fold(text).replaceAll(' ', '')
  // Signs and other alphabets are no word of anybody's.
  const foreign = [...text].filter((character) => !/\s/.test(character) && fold(character) === '').length
  for (const word of own.toSorted((a, b) => b.length - a.length)) rest = rest.replaceAll(word, '')
  return rest.length + foreign
}

const sentence = (text: string) => {
  const typographic = text.replaceAll("'", '’')
  return /[.!?]$/.test(typographic) ? typographic : `${typographic}.`
}
