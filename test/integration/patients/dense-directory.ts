// An insurer's directory in which every valid number is somebody's, unless told: what a robot dreams of.
import { type InsuredFhir, type Resource, startInsuredFhir } from '../../../simulators/insured-fhir/start.ts'

const NIR_SYSTEM = 'urn:oid:1.2.250.1.213.1.4.8'

/** Numbers that begin with this are nobody's; those of the other caisse begin with the next one. */
export const NOBODY = '178'
export const ELSEWHERE = '179'

export async function startDenseDirectory(): Promise<InsuredFhir> {
  return startInsuredFhir({
    port: 0,
    find: (value) => (value.length !== 13 || value.startsWith(NOBODY) ? [] : [insured(value)]),
  })
}

function insured(nir13: string): Resource {
  return {
    resourceType: 'Patient',
    id: nir13,
    identifier: [{ system: NIR_SYSTEM, value: nir13 }],
    name: [{ use: 'official', family: 'FOULE', given: ['Personne'] }],
    birthDate: '1984-05-11',
    gender: 'female',
    managingOrganization: { identifier: { value: nir13.startsWith(ELSEWHERE) ? '01-451' : '01-941' } },
  }
}

/** Numbers without any likeness, the same at every run. */
export function randomNumbers(count: number, seed = 1, first?: string): string[] {
  let state = seed * 7919
  const random = (limit: number) => {
    state = (state * 48_271) % 2_147_483_647
    return state % limit
  }
  const digits = (value: number, width: number) => String(value).padStart(width, '0')
  const beginning = () => first ?? `${1 + random(2)}${digits(20 + random(57), 2)}`
  return Array.from({ length: count }, () => {
    const place = digits(1001 + random(94_000), 5)
    return `${beginning()}${digits(1 + random(12), 2)}${place}${digits(1 + random(900), 3)}`
  })
}

export const consecutive = (start: number, count: number, step = 1): string[] =>
  Array.from({ length: count }, (_, n) => String(start + n * step))
