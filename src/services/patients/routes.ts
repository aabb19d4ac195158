import { type Route, routes } from '../../platform/http/routes.ts'
import { patientsContract } from './contract.ts'
import { identifyLimited } from './identify-limited.ts'
import { identifyPatient } from './identify-patient.ts'
import { liftBlock } from './lift-block.ts'
import { listBlocks } from './list-blocks.ts'
import type { LookUpParts } from './look-up.ts'
import { readPatient } from './read-patient.ts'

export function patientsRoutes(parts: LookUpParts): Route[] {
  return routes(patientsContract, {
    'POST /api/patients/identifications': ({ principal, body, request }) =>
      identifyPatient(parts, principal, { number: body.number, address: request.ip }),
    'POST /api/patients/limited-identifications': ({ principal, body, request }) =>
      identifyLimited(parts, principal, { number: body.number, address: request.ip }),
    'GET /api/patients/:patientId': ({ principal, params }) => readPatient(parts, principal, params.patientId),
    'GET /api/administration/identification-blocks': async ({ principal }) => ({
      blocks: await listBlocks(parts, principal),
    }),
    'POST /api/administration/identification-blocks/:blockId/lifting': ({ principal, params, body }) =>
      liftBlock(parts, principal, { blockId: params.blockId, reason: body.reason }),
  })
}
