// From a person of the directory to the identity that is sealed, and to what the screens show.
import type { OrganismRow, RegimeRow } from '../organisms/contract.ts'
import { ageLabel, ageOn } from './age.ts'
import type { Beneficiary, PatientBanner, PatientIdentity } from './contract.ts'
import type { InsuredPerson, Quality, Rights } from './directory/directory.ts'
import { groupNir, isProvisional } from './nir.ts'

/** The identity of a person, under the organisme that answers for them today. */
export function identityOf(
  person: InsuredPerson,
  organism: OrganismRow,
  regime: RegimeRow | undefined,
): PatientIdentity {
  return {
    firstName: person.firstNames[0] ?? '',
    lastName: person.lastName,
    birthName: person.birthName,
    birthDate: person.birthDate,
    sex: person.sex,
    nir: groupNir(person.nir13),
    nirKey: person.key,
    nir13: person.nir13,
    provisional: isProvisional(person.nir13),
    nirOfInsured: person.quality !== 'assuré',
    rank: person.rank,
    twinRank: person.twinRank,
    quality: qualityLabel(person.quality, person.sex),
    regime: { code: organism.regimeCode, label: regime?.label ?? organism.regimeCode },
    organism: { organismId: organism.organismId, name: organism.name },
  }
}

/** The banner of an identity under an opaque id, with the age of the day. */
export function bannerOf(patientId: string, identity: PatientIdentity, now: Date): PatientBanner {
  const { nir13: _nir13, twinRank: _twinRank, ...shown } = identity
  return { ...shown, patientId, age: ageLabel(identity.birthDate, now) }
}

/** One line of the choice among the people of a NIR. */
export function beneficiaryOf(patientId: string, identity: PatientIdentity): Beneficiary {
  const { firstName, lastName, birthDate, rank, quality } = identity
  return { patientId, firstName, lastName, birthDate, rank, quality }
}

/** « C. E. » */
export function initialsOf({ firstNames, lastName }: Pick<InsuredPerson, 'firstNames' | 'lastName'>): string {
  return [firstNames[0] ?? '', lastName]
    .flatMap((name) => [...name.trim()].slice(0, 1))
    .map((letter) => `${letter.toLocaleUpperCase('fr-FR')}.`)
    .join(' ')
}

/** Ten years wide, so that a band is shared by millions; nobody past ninety is singled out. */
const BAND_YEARS = 10
const LAST_BAND = 90

/** « 30–39 ans », « 90 ans et plus ». */
export function ageBand(birthDate: string, now: Date): string {
  const from = Math.floor(ageOn(birthDate, now) / BAND_YEARS) * BAND_YEARS
  return from >= LAST_BAND ? `${LAST_BAND} ans et plus` : `${from}–${from + BAND_YEARS - 1} ans`
}

/** Whether rights are open on a day; null when the directory does not say. */
export function rightsOpenOn(rights: Rights, day: string): boolean | null {
  if (!rights) return null
  return rights.some(({ from, until }) => (from === null || from <= day) && (until === null || day <= until))
}

function qualityLabel(quality: Quality, sex: 'F' | 'M'): string {
  if (quality === 'assuré') return sex === 'F' ? 'Assurée' : 'Assuré'
  if (quality === 'conjoint') return sex === 'F' ? 'Conjointe' : 'Conjoint'
  return quality === 'enfant' ? 'Enfant' : 'Autre'
}
