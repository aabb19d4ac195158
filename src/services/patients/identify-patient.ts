import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry } from '../../platform/trace/trace.ts'
import type { Beneficiary } from './contract.ts'
import { beneficiaryOf, identityOf } from './identity.ts'
import { newPatientIds, putRows } from './in-hand.ts'
import { type LookUpParts, lookUp, type Typed } from './look-up.ts'

/**
 * Identifies a patient by a typed number, and puts the people of it in hand. Every look-up is counted and traced,
 * whatever it finds.
 * @throws Refusal those of `lookUp`
 */
export async function identifyPatient(
  parts: LookUpParts,
  principal: Principal,
  typed: Typed,
): Promise<{ keyComputed: boolean; beneficiaries: Beneficiary[] }> {
  const { clock, organisms } = parts
  const event = (ids: string[]) =>
    ({ type: 'patient.identified', means: 'typed', found: ids.length, patients: ids }) as const
  const { people, keyComputed, chain } = await lookUp(parts, principal, typed, { limited: false, event: event([]) })

  const ids = newPatientIds(people.length)
  const patients = people.map(({ person, organism }, at) => ({
    identity: identityOf(person, organism, organisms.regime(organism.regimeCode)),
    patientId: ids[at]!,
  }))
  await putRows(parts, principal.personId, patients, 'typed', entry(clock, chain, traceActor(principal), event(ids)))
  return {
    keyComputed,
    beneficiaries: patients.map(({ identity, patientId }) => beneficiaryOf(patientId, identity)),
  }
}
