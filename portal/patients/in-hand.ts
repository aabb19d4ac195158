// The patient in hand of this window: an opaque id in the address, the banner fetched from it.
import { shallowReactive } from 'vue'
import { type Answer, call } from '~/client/call.ts'
import { ApiProblem, NetworkFailure } from '~/client/problem.ts'

export type PatientBanner = Answer<'GET /api/patients/:patientId'>

/** What is known of a patient id: not yet, found, refused (not ours, or not any more), or the server did not answer. */
export type PatientInHand =
  | { state: 'loading' }
  | { state: 'found'; patient: PatientBanner }
  | { state: 'refused'; title: string }
  | { state: 'failed' }

// In memory only, for the life of the page.
const known = shallowReactive(new Map<string, PatientInHand>())

/** The patient of this id; the answer changes by itself when the server has spoken. */
export function patientInHand(patientId: string): PatientInHand {
  return known.get(patientId) ?? { state: 'loading' }
}

/** Asks for the patient unless already known; a failure is asked again. */
export async function loadPatient(patientId: string): Promise<PatientInHand> {
  const before = known.get(patientId)
  if (before?.state === 'found') return before
  known.set(patientId, { state: 'loading' })
  const after = await ask(patientId)
  known.set(patientId, after)
  return after
}

async function ask(patientId: string): Promise<PatientInHand> {
  try {
    return { state: 'found', patient: await call('GET /api/patients/:patientId', { params: { patientId } }) }
  } catch (failure) {
    if (failure instanceof ApiProblem && failure.status < 500 && failure.status !== 401 && failure.status !== 429) {
      return {
        state: 'refused',
        title: failure.status === 404 ? failure.title : 'Ce patient n’est pas, ou n’est plus, identifié par vous.',
      }
    }
    if (!(failure instanceof ApiProblem || failure instanceof NetworkFailure)) throw failure
    return { state: 'failed' }
  }
}
