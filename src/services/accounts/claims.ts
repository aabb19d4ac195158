// What Pro Santé Connect asserts of a person, read with tolerance: every value may be missing, empty or of another
// type, and what is asserted is never refused on its form (Luhn keys are for typed input; the sandbox has letters).
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Labels } from './professions.ts'

/** A place of practice as asserted. */
export type AssertedPlace = {
  /** The structure's technical id, FINESS or SIRET, else a digest of the place: the same at each sign-in. */
  key: string
  name: string
  addressLine: string
  city: string
  /** Of the exercice that the place belongs to; empty for an employee. */
  professionCode: string
  profession: string
  speciality: string
  sectorCode: string
}

export type AssertedPractitioner = {
  /** `employee`: works at a structure with a CPE, and has no profession of their own. */
  kind: 'practitioner' | 'employee'
  /** National id (« 8 » and the RPPS for most); opaque. */
  nationalId: string
  /** Eleven digits, or empty. */
  rpps: string
  /** « Dr », « Pr », or empty. */
  civility: string
  givenName: string
  familyName: string
  professionCode: string
  profession: string
  speciality: string
  email: string | null
  /** At least one, none twice. */
  places: AssertedPlace[]
}

export type PractitionerReading =
  | { identity: AssertedPractitioner; refusal?: undefined }
  | { identity?: undefined; refusal: 'not-a-professional' | 'no-place-of-practice' }

type Fields = Record<string, unknown>

const MAX_PLACES = 50
const MAX_TEXT = 200
const EMPLOYEE = 'Employé de structure'

/** Ways of saying « rue » in an address (TRE_R35), the common ones; others stay as asserted. */
const STREET_TYPES: Record<string, string> = {
  ALL: 'ALLÉE',
  AV: 'AVENUE',
  BD: 'BOULEVARD',
  CHE: 'CHEMIN',
  CRS: 'COURS',
  IMP: 'IMPASSE',
  PAS: 'PASSAGE',
  PL: 'PLACE',
  QU: 'QUAI',
  R: 'RUE',
  RTE: 'ROUTE',
  SQ: 'SQUARE',
}

/**
 * Reads userinfo (IDENTITY: claims of PSC, part 1.6).
 * A person without SubjectRefPro is not a professional; one whose exercices hold no activity has no place to act from;
 * one with neither a profession nor an RPPS is an employee of the structure (CPE).
 */
export function readPractitioner(userinfo: unknown, labels: Labels): PractitionerReading {
  const claims = fields(userinfo)
  const nationalId = text(claims.SubjectNameID) || text(claims.preferred_username) || otherIds(claims)[0]?.id || ''
  const exercices = list(fields(claims.SubjectRefPro).exercices)
  if (!nationalId || !Array.isArray(fields(claims.SubjectRefPro).exercices)) return { refusal: 'not-a-professional' }

  const rpps = rppsOf(nationalId, claims)
  const kind =
    rpps === '' && exercices.every(({ codeProfession }) => !text(codeProfession)) ? 'employee' : 'practitioner'

  const places = new Map<string, AssertedPlace>()
  const emails: string[] = []
  for (const exercice of exercices) {
    for (const activity of list(exercice.activities)) {
      const place = { ...readPlace(exercice, activity, labels), ...(kind === 'employee' && { profession: EMPLOYEE }) }
      // Identical exercices are a known oddity: the first one counts. Two professions in one structure are two places.
      const key = `${place.key}\n${place.professionCode}`
      if (!places.has(key) && places.size < MAX_PLACES) places.set(key, place)
      emails.push(text(activity.adresseEMail))
    }
  }
  if (places.size === 0) return { refusal: 'no-place-of-practice' }

  // An exercice that is over, or not begun, holds no activity: it does not name the person where another one does.
  const first = exercices.find(({ activities }) => list(activities).length > 0)!
  return {
    identity: {
      kind,
      nationalId,
      rpps,
      civility: civilityOf(first),
      givenName: properCase(text(first.prenomDexercice) || text(claims.given_name)),
      familyName: (text(first.nomDexercice) || text(claims.family_name)).toLocaleUpperCase('fr'),
      professionCode: text(first.codeProfession),
      profession: kind === 'employee' ? EMPLOYEE : professionOf(first, labels),
      speciality: specialityOf(first, labels),
      email: [...emails, text(claims.email)].map(addressOf).find((email) => email !== null) ?? null,
      places: withOwnKeys([...places.values()]),
    },
  }
}

/**
 * Two professions practised in one structure share its key: all but the first by code (whatever order they come in)
 * get one with the profession in it.
 */
function withOwnKeys(places: AssertedPlace[]): AssertedPlace[] {
  return places.map((place) => {
    const before = places.some(({ key, professionCode }) => key === place.key && professionCode < place.professionCode)
    return before ? { ...place, key: `${place.key}/${place.professionCode}` } : place
  })
}

function readPlace(exercice: Fields, activity: Fields, labels: Labels): AssertedPlace {
  const sectorCode = text(activity.codeSecteurDactivite)
  const name =
    text(activity.raisonSocialeSite) ||
    text(activity.enseigneCommercialeSite) ||
    labels.sectors[sectorCode] ||
    'Lieu d’exercice'
  const streetType = text(activity.codeTypeDeVoie)
  const street = [
    text(activity.numeroVoie),
    text(activity.indiceRepetitionVoie),
    STREET_TYPES[streetType] ?? streetType,
    text(activity.libelleVoie),
  ]
  const complement = text(activity.complementDestinataire) || text(activity.complementPointGeographique)
  const place = {
    name,
    addressLine: [complement, street.filter(Boolean).join(' ')].filter(Boolean).join(', '),
    city: text(activity.bureauCedex) || text(activity.codePostal),
    professionCode: text(exercice.codeProfession),
    profession: professionOf(exercice, labels),
    speciality: specialityOf(exercice, labels),
    sectorCode,
  }
  const key =
    text(activity.identifiantTechniqueDeLaStructure) ||
    text(activity.numeroFinessSite) ||
    text(activity.numeroSiretSite) ||
    digest([name, place.addressLine, place.city, sectorCode])
  return { key, ...place }
}

function professionOf(exercice: Fields, labels: Labels): string {
  const code = text(exercice.codeProfession)
  return labels.professions[code] ?? 'Professionnel de santé'
}

function specialityOf(exercice: Fields, labels: Labels): string {
  return labels.skills[text(exercice.codeSavoirFaire)] ?? ''
}

function civilityOf(exercice: Fields): string {
  const titles: Record<string, string> = { DR: 'Dr', PR: 'Pr' }
  return titles[text(exercice.codeCiviliteDexercice).toUpperCase()] ?? ''
}

/** `otherIds` in the API, `otherIDs` in one OpenAPI of the ANS. */
function otherIds(claims: Fields): { id: string; origin: string }[] {
  const ids = Array.isArray(claims.otherIds) ? claims.otherIds : claims.otherIDs
  return list(ids)
    .map((other) => ({ id: text(other.identifiant), origin: text(other.origine).toUpperCase() }))
    .filter(({ id }) => id)
}

function rppsOf(nationalId: string, claims: Fields): string {
  const candidates = [
    nationalId,
    ...otherIds(claims)
      .filter(({ origin }) => origin === 'RPPS')
      .map(({ id }) => id),
  ]
  for (const id of candidates) {
    const match = /^8?(\d{11})$/.exec(id)
    // A national id of 11 digits without its « 8 » is not an RPPS for sure; one given as such is.
    if (match && (id.length === 12 || id !== nationalId)) return match[1]!
  }
  return ''
}

export type AssertedStaff = {
  subject: string
  civility: string
  givenName: string
  familyName: string
  email: string | null
  roles: string[]
  organisms: string[]
}

/** Reads the userinfo of an insurer's provider; `names` say which claims hold roles and organisms there. */
export function readStaff(userinfo: unknown, names: { role: string; organisms: string }): AssertedStaff | null {
  const claims = fields(userinfo)
  const subject = text(claims.sub)
  if (!subject) return null
  const civility = text(claims.civility).toUpperCase()
  return {
    subject,
    civility: civility === 'DR' ? 'Dr' : civility === 'PR' ? 'Pr' : '',
    givenName: properCase(text(claims.given_name)),
    familyName: text(claims.family_name).toLocaleUpperCase('fr'),
    email: addressOf(text(claims.email)),
    roles: roleValues(claimAt(claims, names.role)),
    organisms: texts(claimAt(claims, names.organisms)),
  }
}

/** A claim by its name, which may hold dots itself (an address); else by the way into it. */
function claimAt(claims: Fields, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let at: unknown = claims
  for (const step of name.split('.')) {
    const inside = fields(at)
    if (!Object.hasOwn(inside, step)) return undefined
    at = inside[step]
  }
  return at
}

/** A role in one text may have spaces of its own: it counts as a whole too. */
function roleValues(value: unknown): string[] {
  const whole = Array.isArray(value) ? '' : text(value)
  return [...new Set([...(whole ? [whole] : []), ...texts(value)])]
}

/** A claim of several values: an array, or one text with commas or spaces. */
function texts(value: unknown): string[] {
  const values = Array.isArray(value) ? value.map(text) : text(value).split(/[\s,;]+/)
  return [...new Set(values.filter(Boolean))]
}

function addressOf(value: string): string | null {
  const parsed = z.email().max(254).safeParse(value)
  return parsed.success ? parsed.data : null
}

/** « CAMILLE » → « Camille », « JEAN-PIERRE » → « Jean-Pierre »; what is not all capitals stays as written. */
function properCase(name: string): string {
  if (name !== name.toLocaleUpperCase('fr')) return name
  return name
    .toLocaleLowerCase('fr')
    .replace(/(^|[\s'’-])(\p{L})/gu, (_all, before: string, letter: string) => before + letter.toLocaleUpperCase('fr'))
}

function digest(values: string[]): string {
  return `place:${createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 32)}`
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fields) : []
}

/** A claim as text: trimmed, bounded, without control characters (PostgreSQL takes no NUL). */
function text(value: unknown): string {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return ''
  return value
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, MAX_TEXT)
}
