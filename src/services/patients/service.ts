// Identification of patients: what the product plugs in, and what the exchanges stand on.
import type { Configuration } from '../../platform/configuration.ts'
import type { Outbox } from '../../platform/outbox/outbox.ts'
import type { Service } from '../../platform/service.ts'
import type { Organisms } from '../organisms/contract.ts'
import type { Patients } from './contract.ts'
import type { InsuredDirectory } from './directory/directory.ts'
import { BLOCKED_MAIL, composeBlockedMail } from './guard/blocked-mail.ts'
import { type IdentificationLimits, readLimits } from './guard/identification-limits.ts'
import { bannerOf } from './identity.ts'
import { type InHand, newPatientIds, putRows, readInHand } from './in-hand.ts'
import { patientsRoutes } from './routes.ts'
import { sweep } from './sweep.ts'

export function createPatients(
  platform: InHand & { configuration: Pick<Configuration, 'publicUrl' | 'securityContact'> },
  more: {
    organisms: Organisms
    directory: InsuredDirectory
    outbox: Pick<Outbox, 'wake'>
    /** Those of data/reference unless told. */
    limits?: IdentificationLimits
  },
): Patients & Service {
  const { database, vault, clock, configuration } = platform
  const { publicUrl, securityContact } = configuration
  const { organisms, directory, outbox, limits = readLimits() } = more
  const inHand: InHand = { database, vault, clock }
  return {
    sweep: () => sweep(inHand),
    mails: { [BLOCKED_MAIL]: (notice) => composeBlockedMail(publicUrl, notice) },
    routes: patientsRoutes({ ...inHand, organisms, directory, outbox, limits, securityContact }),
    readInHand: (personId, patientId) => readInHand(inHand, { personId }, patientId),
    async putInHand(personId, identity, trace) {
      const [patientId] = newPatientIds(1) as [string]
      await putRows(inHand, personId, [{ patientId, identity }], 'exchange', trace(patientId))
      return patientId
    },
    banner: (patientId, identity) => bannerOf(patientId, identity, clock.now()),
  }
}
