// How a FHIR R4 Patient (French profile FR Core) says what we call an insured person.
//
// | InsuredPerson      | Patient                                                                                    |
// |--------------------|--------------------------------------------------------------------------------------------|
// | nir13, key         | `identifier` of system urn:oid:1.2.250.1.213.1.4.8, 13 or 15 characters: the NIR searched  |
// | firstNames         | `given` of the name of use `official`, else of the name in use                             |
// | birthName          | `family` of the name of use `official`, else of the name in use                            |
// | lastName           | `family` of the name of use `usual`, else `official`                                       |
// | birthDate          | `birthDate`; when incomplete, completed as the RNIV does (see `completeDate`)              |
// | sex                | `gender`: female F, male M                                                                 |
// | twinRank           | `multipleBirthInteger`, else 1                                                             |
// | rank               | extension urn:consilium:fhir:beneficiary-rank (valuePositiveInt or valueInteger), else the |
// |                    | place in the answer                                                                        |
// | quality            | extension urn:consilium:fhir:beneficiary-quality (valueCode assure, conjoint, enfant,      |
// |                    | autre), else assuré for rank 1 and autre for the others                                    |
// | organismId, regime | `managingOrganization.identifier.value`: « 01-941 », « 01941 », or the nine digits of a    |
// |                    | card with the centre, « 019410000 »; the régime alone (« 91 ») when it has one caisse      |
// | rights             | the Coverages of the same answer whose `beneficiary` is this patient, `status` active: their |
// |                    | `period`, days included; without any Coverage: not known (a server need not have them)      |
import { z } from 'zod'
import { nirKey, normaliseNir } from '../nir.ts'
import type { InsuredPerson, Quality, Rights } from './directory.ts'

/** OID of the NIR as identity (INS), also the system of the search. */
export const NIR_SYSTEM = 'urn:oid:1.2.250.1.213.1.4.8'
export const RANK_EXTENSION = 'urn:consilium:fhir:beneficiary-rank'
export const QUALITY_EXTENSION = 'urn:consilium:fhir:beneficiary-quality'

const QUALITIES: Record<string, Quality> = { assure: 'assuré', conjoint: 'conjoint', enfant: 'enfant', autre: 'autre' }

// Loose: a server says much more about a patient than we want to know.
const Patient = z.object({
  resourceType: z.literal('Patient'),
  id: z.string().optional(),
  identifier: z.array(z.object({ system: z.string().optional(), value: z.string().optional() })),
  name: z
    .array(
      z.object({ use: z.string().optional(), family: z.string().optional(), given: z.array(z.string()).optional() }),
    )
    .min(1),
  birthDate: z.string().regex(/^\d{4}(-\d\d(-\d\d)?)?$/),
  gender: z.enum(['female', 'male']),
  multipleBirthInteger: z.int().min(1).max(9).optional(),
  extension: z
    .array(
      z.object({
        url: z.string(),
        valueCode: z.string().optional(),
        valueInteger: z.int().optional(),
        valuePositiveInt: z.int().optional(),
      }),
    )
    .default([]),
  managingOrganization: z.object({ identifier: z.object({ value: z.string() }) }),
})

const Coverage = z.object({
  resourceType: z.literal('Coverage'),
  status: z.string(),
  beneficiary: z.object({ reference: z.string().optional() }),
  period: z.object({ start: z.string().optional(), end: z.string().optional() }).optional(),
})
export type Coverage = z.infer<typeof Coverage>

/** The Coverages among what a server answered; one that cannot be read says nothing. */
export function coveragesOf(resources: unknown[]): Coverage[] {
  return resources.flatMap((resource) => Coverage.safeParse(resource).data ?? [])
}

/**
 * The person, or null for a resource that is not a Patient of this NIR (a server may answer more than was asked).
 * @param place in the answer, from 1
 * @param coverages all those of the answer
 * @throws when the resource is a Patient of this NIR that cannot be read: a family must not be shown in part
 */
export function fromFhirPatient(
  resource: unknown,
  nir13: string,
  place: number,
  coverages: Coverage[] = [],
): InsuredPerson | null {
  if ((resource as { resourceType?: unknown } | null)?.resourceType !== 'Patient') return null
  const patient = Patient.parse(resource)
  const numbers = patient.identifier
    .filter((identifier) => identifier.system === NIR_SYSTEM)
    .map((identifier) => normaliseNir(identifier.value ?? ''))
  const number = numbers.find((value) => value.slice(0, 13) === nir13)
  if (!number) return null
  const key = /^[5-8]/.test(nir13) ? null : nirKey(nir13)
  if (number.length > 13 && number.slice(13) !== key) throw new Error('the key of the answer does not fit its number')

  const rank = extension(patient, RANK_EXTENSION)
  const rankValue = rank?.valuePositiveInt ?? rank?.valueInteger ?? place
  if (rankValue < 1 || rankValue > 9) throw new Error('rank out of range')
  const code = extension(patient, QUALITY_EXTENSION)?.valueCode
  const organismId = organismOf(patient.managingOrganization.identifier.value)
  return {
    nir13,
    key,
    ...namesOf(patient.name),
    birthDate: completeDate(patient.birthDate),
    sex: patient.gender === 'female' ? 'F' : 'M',
    twinRank: patient.multipleBirthInteger ?? 1,
    rank: rankValue,
    quality: QUALITIES[code ?? ''] ?? (rankValue === 1 ? 'assuré' : 'autre'),
    organismId,
    regimeCode: organismId.slice(0, 2),
    rights: rightsOf(patient.id, coverages),
  }
}

function rightsOf(patientId: string | undefined, coverages: Coverage[]): Rights {
  if (!patientId) return null
  // « Patient/1 », or the same as a whole address.
  const own = coverages.filter(({ beneficiary }) => `/${beneficiary.reference}`.endsWith(`/Patient/${patientId}`))
  if (own.length === 0) return null
  return own
    .filter(({ status }) => status === 'active')
    .map(({ period }) => ({ from: dayOf(period?.start, 'first'), until: dayOf(period?.end, 'last') }))
}

/** A FHIR dateTime as a day: a year or a month begins with its first day and ends with its last. */
function dayOf(dateTime: string | undefined, edge: 'first' | 'last'): string | null {
  if (!dateTime) return null
  if (dateTime.length >= 10) return dateTime.slice(0, 10)
  const [year, month] = dateTime.split('-').map(Number) as [number, number | undefined]
  if (edge === 'first') return `${year}-${String(month ?? 1).padStart(2, '0')}-01`
  return new Date(Date.UTC(year, month ?? 12, 0)).toISOString().slice(0, 10)
}

function extension(patient: z.infer<typeof Patient>, url: string) {
  return patient.extension.find((candidate) => candidate.url === url)
}

function namesOf(names: z.infer<typeof Patient>['name']): Pick<InsuredPerson, 'firstNames' | 'lastName' | 'birthName'> {
  const official = names.find((name) => name.use === 'official')
  const usual = names.find((name) => name.use === 'usual')
  const any = usual ?? official ?? names.find((name) => name.use !== 'old')
  const lastName = (usual?.family ?? any?.family ?? official?.family)?.trim()
  const birthName = (official?.family ?? any?.family)?.trim()
  const firstNames = (official?.given ?? any?.given ?? []).map((given) => given.trim()).filter((given) => given !== '')
  if (!lastName || !birthName || firstNames.length === 0) throw new Error('a patient without a name')
  return { firstNames, lastName, birthName }
}

/** An unknown day is counted as the first, an unknown month and day as 31 December (RNIV, identitovigilance). */
function completeDate(date: string): string {
  const complete = date.length === 4 ? `${date}-12-31` : date.length === 7 ? `${date}-01` : date
  const time = Date.parse(`${complete}T00:00:00Z`)
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== complete) throw new Error('no such date')
  return complete
}

function organismOf(value: string): string {
  const match = /^(\d{2})(?:-?(\w{3})(?:\d{4})?)?$/.exec(value.replaceAll(' ', ''))
  if (!match) throw new Error('the code of the organisme cannot be read')
  return match[2] ? `${match[1]}-${match[2]}` : match[1]!
}
