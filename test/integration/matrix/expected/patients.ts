import type { patientsContract } from '../../../../src/services/patients/contract.ts'
import { INSURED_941 } from '../../harness.ts'
import type { Expectations } from '../expectation.ts'

export const patients: Expectations<typeof patientsContract> = {
  'POST /api/patients/identifications': {
    call: () => ({ body: { number: INSURED_941 } }),
    // Practitioners meet the insured of every organism; the insurer's people those of their own.
    but: { otherAdviser: 'patient-unknown' },
  },
  // What a password opens, to practitioners only: the gates say all.
  'POST /api/patients/limited-identifications': { call: () => ({ body: { number: INSURED_941 } }) },
  'GET /api/administration/identification-blocks': {},
  'POST /api/administration/identification-blocks/:blockId/lifting': {
    call: () => ({ params: { blockId: crypto.randomUUID() }, body: { reason: 'Usage vérifié' } }),
    other: 'identification-block-not-found',
  },
  'GET /api/patients/:patientId': {
    call: ({ patientId }) => ({ params: { patientId } }),
    acting: 'patient-not-in-hand',
    other: 'patient-not-in-hand',
    // In hand of the person who identified, and of nobody else on either side.
    but: { adviser: 'patient-not-in-hand', triage: 'patient-not-in-hand' },
  },
}
