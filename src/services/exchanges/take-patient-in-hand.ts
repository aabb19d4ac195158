import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry } from '../../platform/trace/trace.ts'
import { accessTo, refuseAccess } from './access.ts'
import type { Parts } from './parts.ts'
import { exchangeKey, openHeader } from './sealing.ts'

/**
 * Takes the patient of an exchange in hand, to open another one about the same person.
 * @throws Refusal `exchange-not-found`
 */
export async function takePatientInHand(
  parts: Parts,
  principal: Principal,
  exchangeId: string,
): Promise<{ patientId: string }> {
  const { database, vault, clock, patients } = parts
  const access = await accessTo(database.medical, clock, principal, exchangeId, 'prepare')
  if (!access) throw await refuseAccess(parts, principal, exchangeId, 'patient')
  const { patient } = openHeader(vault, await exchangeKey(vault, access), access)
  const patientId = await patients.putInHand(principal.personId, patient, (taken) =>
    entry(clock, access.organism_id, traceActor(principal), {
      type: 'patient.taken',
      exchange: exchangeId,
      patient: taken,
    }),
  )
  return { patientId }
}
