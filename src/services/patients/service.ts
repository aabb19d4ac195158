// Identification of patients: what the product plugs in, and what the exchanges stand on.
import type { Route } from '../../platform/http/routes.ts'
import type { Compose } from '../../platform/outbox/outbox.ts'
import type { Organisms } from '../organisms/contract.ts'
import type { Patients } from './contract.ts'
import type { InsuredDirectory } from './directory/directory.ts'
import { bannerOf } from './identity.ts'
import { type InHand, newPatientIds, putRows, readInHand } from './in-hand.ts'
import { patientsRoutes } from './routes.ts'

export function createPatients(
  { database, vault, clock }: InHand,
  { organisms, directory }: { organisms: Organisms; directory: InsuredDirectory },
): Patients & { routes: Route[]; mails: Record<string, Compose> } {
  const inHand: InHand = { database, vault, clock }
  return {
    mails: {},
    routes: patientsRoutes({ ...inHand, organisms, directory }),
    readInHand: (personId, patientId) => readInHand(inHand, { personId }, patientId),
    async putInHand(personId, identity, trace) {
      const [patientId] = newPatientIds(1) as [string]
      await putRows(inHand, personId, [{ patientId, identity }], 'exchange', trace(patientId))
      return patientId
    },
    banner: (patientId, identity) => bannerOf(patientId, identity, clock.now()),
  }
}
