// A text as the detector reads it: small letters without accents, one blank for any separator it does not know, and
// for each of them the place it came from, so that a finding marks what the person typed.

export type FlatText = {
  /** a–z, 0–9, punctuation, ' ' and '\n'. */
  flat: string
  /** Where each character of `flat` comes from, in UTF-16 units; one more for the end. */
  at: number[]
  /** Whether it was a capital. */
  capital: boolean[]
}

const WRITTEN_OTHERWISE: Record<string, string> = {
  œ: 'oe',
  Œ: 'oe',
  æ: 'ae',
  Æ: 'ae',
  ß: 'ss',
  '’': "'",
  '‘': "'",
  ʼ: "'",
  '`': "'",
  '´': "'",
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '–': '-',
  '—': '-',
  '−': '-',
  '·': '.',
  '•': '.',
  '∙': '.',
  '\r': '\n',
  '\u2028': '\n',
  '\u2029': '\n',
  '⁄': '/',
}

export function flatten(text: string): FlatText {
  const characters: string[] = []
  const at: number[] = []
  const capital: boolean[] = []
  let place = 0
  for (const character of text) {
    const width = character.length
    const plain = plainOf(character)
    for (const one of plain) {
      characters.push(one)
      at.push(place)
      capital.push(character !== character.toLowerCase())
    }
    place += width
  }
  at.push(text.length)
  return { flat: characters.join(''), at, capital }
}

function plainOf(character: string): string {
  const code = character.codePointAt(0)!
  if (code < 128) {
    if (code >= 65 && code <= 90) return character.toLowerCase()
    if (code === 9) return ' '
    return code === 13 ? '\n' : character
  }
  const known = WRITTEN_OTHERWISE[character]
  if (known !== undefined) return known
  // Accents alone, joiners and soft hyphens vanish: they do not part a word.
  if (/[\p{M}\u00ad\u200b-\u200d\u2060\ufeff]/u.test(character)) return ''
  const decomposed = character.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  if (/^[a-z0-9.,/()-]{1,4}$/.test(decomposed)) return decomposed
  const digit = digitOf(character)
  return digit ?? (/[«»“”„"]/.test(character) ? '"' : character === '°' ? '°' : ' ')
}

/** A decimal digit of any script: blocks of ten that start at a multiple of 16 or of 16 plus 6. */
function digitOf(character: string): string | undefined {
  if (!/\p{Nd}/u.test(character)) return undefined
  let zero = character.codePointAt(0)!
  for (let back = 0; back < 10 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1)); back++) zero--
  const value = character.codePointAt(0)! - zero
  return value < 10 ? String(value) : undefined
}
