import { type Route, routes } from '../../platform/http/routes.ts'
import type { Organisms } from '../organisms/contract.ts'
import { patientsContract } from './contract.ts'
import type { InsuredDirectory } from './directory/directory.ts'
import { identifyPatient } from './identify-patient.ts'
import type { InHand } from './in-hand.ts'
import { readPatient } from './read-patient.ts'

export function patientsRoutes(context: InHand & { organisms: Organisms; directory: InsuredDirectory }): Route[] {
  return routes(patientsContract, {
    'POST /api/patients/identifications': ({ principal, body }) => identifyPatient(context, principal, body.number),
    'GET /api/patients/:patientId': ({ principal, params }) => readPatient(context, principal, params.patientId),
  })
}
