import type { Principal } from '../../platform/sessions/principal.ts'
import type { PatientBanner } from './contract.ts'
import { bannerOf } from './identity.ts'
import { type InHand, readInHand } from './in-hand.ts'

/**
 * The banner of a patient in hand, with the age of today.
 * @throws Refusal `patient-not-in-hand`
 */
export async function readPatient(context: InHand, principal: Principal, patientId: string): Promise<PatientBanner> {
  return bannerOf(await readInHand(context, principal, patientId), patientId, context.clock.now())
}
