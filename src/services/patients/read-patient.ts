import type { Principal } from '../../platform/sessions/principal.ts'
import type { PatientBanner } from './contract.ts'
import { bannerOf } from './identity.ts'
import { type InHand, readInHand } from './in-hand.ts'
import { refuse } from './problems.ts'

/**
 * The banner of a patient in hand, with the age of today.
 * @throws Refusal `patient-not-in-hand`: unknown, expired, somebody else's, or of an organisme no longer theirs
 */
export async function readPatient(context: InHand, principal: Principal, patientId: string): Promise<PatientBanner> {
  const { personId, side, organismIds } = principal
  const holder = { personId, organismIds: side === 'desk' ? organismIds : null }
  const identity = await readInHand(context, holder, patientId)
  if (!identity) throw refuse('patient-not-in-hand')
  return bannerOf(patientId, identity, context.clock.now())
}
