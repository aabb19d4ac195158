// A patient's identity as it is sealed (in hand, in the header of an exchange), and as the banner shows it.
import type { OrganismRow, RegimeRow } from '../organisms/contract.ts'
import { ageLabel } from './age.ts'
import type { Beneficiary, PatientBanner, PatientIdentity, Quality } from './contract.ts'
import type { InsuredPerson } from './directory/directory.ts'
import { groupNir, isProvisional } from './nir.ts'

/** The identity of a person of the directory, under the organisme that answers for them today. */
export function identityOf(
  person: InsuredPerson,
  organism: OrganismRow,
  regime: RegimeRow | undefined,
): PatientIdentity {
  return {
    nir13: person.nir13,
    nirKey: person.key,
    firstNames: person.firstNames,
    lastName: person.lastName,
    birthName: person.birthName,
    birthDate: person.birthDate,
    sex: person.sex,
    twinRank: person.twinRank,
    rank: person.rank,
    quality: person.quality,
    regime: { code: organism.regimeCode, label: regime?.label ?? organism.regimeCode },
    organism: { organismId: organism.organismId, name: organism.name },
  }
}

/** What tells one person of a NIR from another (DOMAIN 3.5); the rank does not, it changes with rights. */
export function beneficiaryKey(identity: PatientIdentity): string {
  return `${identity.nir13}/${identity.birthDate}/${identity.twinRank}`
}

/** The banner of a patient under an opaque id, with the age of the day. */
export function bannerOf(identity: PatientIdentity, patientId: string, now: Date): PatientBanner {
  return {
    patientId,
    firstName: identity.firstNames[0] ?? '',
    lastName: identity.lastName,
    birthName: identity.birthName,
    birthDate: identity.birthDate,
    age: ageLabel(identity.birthDate, now),
    sex: identity.sex,
    nir: groupNir(identity.nir13),
    nirKey: identity.nirKey,
    provisional: isProvisional(identity.nir13),
    nirOfInsured: identity.quality !== 'assuré',
    rank: identity.rank,
    quality: qualityLabel(identity.quality, identity.sex),
    regime: identity.regime,
    organism: identity.organism,
  }
}

/** One line of the choice among the people of a NIR. */
export function beneficiaryOf(identity: PatientIdentity, patientId: string): Beneficiary {
  return {
    patientId,
    firstName: identity.firstNames[0] ?? '',
    lastName: identity.lastName,
    birthDate: identity.birthDate,
    rank: identity.rank,
    quality: qualityLabel(identity.quality, identity.sex),
  }
}

function qualityLabel(quality: Quality, sex: 'F' | 'M'): string {
  if (quality === 'assuré') return sex === 'F' ? 'Assurée' : 'Assuré'
  if (quality === 'conjoint') return sex === 'F' ? 'Conjointe' : 'Conjoint'
  return quality === 'enfant' ? 'Enfant' : 'Autre'
}
