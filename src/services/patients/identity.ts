// From a person of the directory to the identity that is sealed, and to what the screens show.
import type { OrganismRow, RegimeRow } from '../organisms/contract.ts'
import { ageLabel } from './age.ts'
import type { Beneficiary, PatientBanner, PatientIdentity } from './contract.ts'
import type { InsuredPerson, Quality } from './directory/directory.ts'
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

function qualityLabel(quality: Quality, sex: 'F' | 'M'): string {
  if (quality === 'assuré') return sex === 'F' ? 'Assurée' : 'Assuré'
  if (quality === 'conjoint') return sex === 'F' ? 'Conjointe' : 'Conjoint'
  return quality === 'enfant' ? 'Enfant' : 'Autre'
}
