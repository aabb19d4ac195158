// Identification of patients: what the product plugs in, and what the exchanges stand on.
import type { Clock } from '../../platform/clock.ts'
import type { Configuration } from '../../platform/configuration.ts'
import type { Database } from '../../platform/database/database.ts'
import type { Route } from '../../platform/http/routes.ts'
import type { Vault } from '../../platform/vault/vault.ts'
import type { Organisms } from '../organisms/contract.ts'
import type { PatientsInHand } from './contract.ts'
import { createDemonstrationDirectory } from './directory/demonstration.ts'
import type { InsuredDirectory } from './directory/directory.ts'
import { createFhirDirectory } from './directory/fhir.ts'
import { bannerOf, beneficiaryKey } from './identity.ts'
import { newPatientIds, putRows, readInHand } from './in-hand.ts'
import { patientsRoutes } from './routes.ts'

export type Patients = PatientsInHand & { routes: Route[] }

export function createPatients(
  platform: { database: Database; vault: Vault; clock: Clock },
  { organisms, directory }: { organisms: Organisms; directory: InsuredDirectory },
): Patients {
  const { clock } = platform
  return {
    routes: patientsRoutes({ ...platform, organisms, directory }),
    readInHand: (holder, patientId) => readInHand(platform, holder, patientId),
    async putInHand(holder, identity) {
      const [patientId] = newPatientIds(1) as [string]
      await putRows(platform, holder, [{ patientId, identity }], 'exchange')
      return patientId
    },
    bannerOf: (identity, patientId) => bannerOf(identity, patientId, clock.now()),
    beneficiaryKey,
  }
}

/** The directory that the configuration names. */
export function openDirectory(configuration: Pick<Configuration, 'insuredDirectory'>): InsuredDirectory {
  const { insuredDirectory } = configuration
  return insuredDirectory.kind === 'fhir' ? createFhirDirectory(insuredDirectory) : createDemonstrationDirectory()
}
