// The numéro de sécurité sociale as people type it (DOMAIN part 3). Pure and without imports: the server and the
// portal's form run these very lines.

/**
 * `nir` the ordinary number (a NIA has the same shape and cannot be told from it) ·
 * `registering` first digit 3 or 4, a person being registered · `mig` 5 or 6, migrant in passage ·
 * `nnp` 7 or 8, numéro national provisoire.
 */
export type NirKind = 'nir' | 'registering' | 'mig' | 'nnp'

export type NirFaultCode = 'nir-length' | 'nir-shape' | 'nir-key' | 'nir-fictitious'

export type NirRead = {
  ok: true
  nir13: string
  /** Null for MIG and NNP, which have none. */
  key: string | null
  /** True when 13 characters were given: the screen says that the key was computed, not read. */
  keyComputed: boolean
  kind: NirKind
  provisional: boolean
}
/** `detail`: a French sentence for the field. It never quotes what was typed, nor the key that would fit. */
export type NirFault = { ok: false; code: NirFaultCode; detail: string }
export type NirReading = NirRead | NirFault

export type NirOptions = {
  /** Accept the creation digit 0 of numbers attributed before 2012; off unless the host asks for it. */
  provisionalBefore2012?: boolean
}

/** What people and forms put between the groups: any blank, dots, and the dashes that keyboards and copies make. */
const SEPARATORS = /[\s\u00ad\u200b\u2060\ufeff.·\-\u2010-\u2015\u2212]/gu

/** The characters that count, in capitals. */
export function normaliseNir(typed: string): string {
  return typed.replace(SEPARATORS, '').toUpperCase()
}

/**
 * Two-character key of 13 characters: 97 − (n mod 97), Corsica's 2A and 2B counted as 19 and 18 at their place only.
 * 13 digits stay below 2^53.
 */
export function nirKey(nir13: string): string {
  const department = nir13.slice(5, 7)
  const counted = department === '2A' ? '19' : department === '2B' ? '18' : department
  const number = Number(nir13.slice(0, 5) + counted + nir13.slice(7))
  return String(97 - (number % 97)).padStart(2, '0')
}

/** For the eye: « 2 84 05 88 321 025 »; provisional numbers by their own parts, « 7 1 123 12345678 ». */
export function groupNir(nir13: string): string {
  const widths = '5678'.includes(nir13[0] ?? '') ? [1, 1, 3, 8] : [1, 2, 2, 2, 3, 3]
  const parts: string[] = []
  let at = 0
  for (const width of widths) {
    parts.push(nir13.slice(at, at + width))
    at += width
  }
  return parts.join(' ')
}

/** True for a number that stands for a person whose identity is not certified yet (« identité provisoire »). */
export function isProvisional(nir13: string): boolean {
  return !'12'.includes(nir13[0] ?? '')
}

/** Reads a typed number of 13 characters, or 15 with the key. */
export function parseNir(typed: string, options: NirOptions = {}): NirReading {
  const text = normaliseNir(typed)
  if (text === '')
    return fault('nir-length', 'Saisissez le numéro de sécurité sociale : 13 caractères, ou 15 avec la clé.')
  if (/[^0-9AB]/.test(text)) {
    return fault(
      'nir-shape',
      'Le numéro ne peut contenir que des chiffres, et la lettre A ou B pour la Corse (2A ou 2B, 6e et 7e caractères).',
    )
  }
  // The kind comes before the length, since it decides which lengths are right.
  if ('5678'.includes(text[0]!)) return readWithoutKey(text, options)
  if (text.length !== 13 && text.length !== 15) {
    return fault('nir-length', `Le numéro saisi compte ${characters(text.length)} : il en faut 13, ou 15 avec la clé.`)
  }
  return readWithKey(text)
}

function readWithKey(text: string): NirReading {
  const nir13 = text.slice(0, 13)
  const key = text.slice(13)
  const wrongShape = shapeFault(nir13)
  if (wrongShape) return fault('nir-shape', wrongShape)
  if (isFictitious(nir13)) {
    return fault(
      'nir-fictitious',
      'Ce numéro fictif sert à facturer des soins anonymes : la loi protège cet anonymat, aucun patient ne peut être identifié.',
    )
  }
  const computed = nirKey(nir13)
  if (key !== '' && !/^\d\d$/.test(key)) {
    return fault('nir-shape', 'La clé (les deux derniers caractères) doit être faite de deux chiffres.')
  }
  if (key !== '' && key !== computed) {
    return fault(
      'nir-key',
      key === '00' || Number(key) > 97
        ? 'La clé (les deux derniers chiffres) doit être comprise entre 01 et 97.'
        : 'La clé (les deux derniers chiffres) ne correspond pas au numéro : vérifiez les 15 caractères.',
    )
  }
  const kind = '12'.includes(nir13[0]!) ? 'nir' : 'registering'
  return { ok: true, nir13, key: computed, keyComputed: key === '', kind, provisional: kind !== 'nir' }
}

/**
 * What is wrong in the shape of a number that has a key, or null. The geography is that of the time of birth, so
 * departments and communes are never compared with today's lists (DOMAIN 3.1).
 */
function shapeFault(nir13: string): string | null {
  if (!/^[1-4]/.test(nir13)) return 'Le premier chiffre doit être compris entre 1 et 8.'
  if (!/^\d\d$/.test(nir13.slice(1, 3)))
    return 'L’année de naissance (2e et 3e caractères) doit être faite de deux chiffres.'
  // 20 and above stand for a month that the civil status does not tell, or a series that overflowed: not mistakes.
  if (!/^(0[1-9]|1[0-2]|[2-9]\d)$/.test(nir13.slice(3, 5))) {
    return 'Le mois de naissance (4e et 5e caractères) doit être compris entre 01 et 12, ou entre 20 et 99.'
  }
  if (!/^(\d\d|2[AB])$/.test(nir13.slice(5, 7))) {
    return 'Le département de naissance (6e et 7e caractères) doit être fait de deux chiffres, ou être 2A ou 2B pour la Corse.'
  }
  if (!/^\d{3}$/.test(nir13.slice(7, 10))) {
    return 'La commune ou le pays de naissance (8e au 10e caractère) doit être fait de trois chiffres.'
  }
  if (!/^\d{3}$/.test(nir13.slice(10)) || nir13.endsWith('000')) {
    return 'Le numéro d’ordre (11e au 13e caractère) doit être fait de trois chiffres, de 001 à 999.'
  }
  return null
}

/** MIG and NNP: sex and kind, creation digit, caisse, order of eight digits; no key (DOMAIN 3.4). */
function readWithoutKey(text: string, options: NirOptions): NirReading {
  if (text.length !== 13) {
    return fault(
      'nir-length',
      `Un numéro provisoire, commençant par ${text[0]}, compte 13 chiffres, sans clé ; le numéro saisi compte ${characters(text.length)}.`,
    )
  }
  if (!/^\d{13}$/.test(text)) return fault('nir-shape', 'Un numéro provisoire ne contient que des chiffres.')
  if (!(options.provisionalBefore2012 ? /^[012]$/ : /^[12]$/).test(text[1]!)) {
    return fault('nir-shape', 'Le deuxième chiffre d’un numéro provisoire doit être 1 ou 2.')
  }
  const kind = '56'.includes(text[0]!) ? 'mig' : 'nnp'
  return { ok: true, nir13: text, key: null, keyComputed: false, kind, provisional: true }
}

/**
 * Numbers published for billing care that is anonymous by law: 2 55 55 55, the code of the caisse, and 030 (abortion),
 * 041 or 042 (contraception of minors); circulaire CNAMTS 49/2003 and the billing notices of 2016 and 2023. The whole
 * 0xx series is refused with them. The other reserved ranges (infections, telecommunication aids, ALD of minors) are
 * not public: they have the shape of a NIR and no directory knows them.
 */
function isFictitious(nir13: string): boolean {
  return /^2555555\d{3}0\d\d$/.test(nir13)
}

function characters(count: number): string {
  return count === 1 ? '1 caractère' : `${count} caractères`
}

function fault(code: NirFaultCode, detail: string): NirFault {
  return { ok: false, code, detail }
}
