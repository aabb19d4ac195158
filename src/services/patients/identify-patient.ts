import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN, writeTrace } from '../../platform/trace/trace.ts'
import type { Organisms } from '../organisms/contract.ts'
import type { Beneficiary, PatientIdentity } from './contract.ts'
import type { InsuredDirectory } from './directory/directory.ts'
import { beneficiaryOf, identityOf } from './identity.ts'
import { type InHand, newPatientIds, putRows } from './in-hand.ts'
import { parseNir } from './nir.ts'
import { refuse } from './problems.ts'

/**
 * Identifies a patient by a typed number. Every look-up is traced, whatever it finds; an adviser finds the insured of
 * their own organismes only, and cannot tell another's from nobody's.
 * @throws Refusal `nir-length`, `nir-shape`, `nir-key`, `nir-fictitious` (with the fault at /number),
 * `patient-unknown`, `patient-organism-not-served`, `directory-unavailable`
 */
export async function identifyPatient(
  context: InHand & { organisms: Organisms; directory: InsuredDirectory },
  principal: Principal,
  typed: string,
): Promise<{ keyComputed: boolean; beneficiaries: Beneficiary[] }> {
  const { clock, organisms, directory } = context
  const reading = parseNir(typed)
  if (!reading.ok) {
    const { code, detail } = reading
    throw refuse(code, { faults: [{ pointer: '/number', code, detail }] })
  }

  const people = await directory.find(reading.nir13)
  const served: PatientIdentity[] = []
  for (const person of people) {
    const organism = organisms.resolve(person.organismId)
    if (organism) served.push(identityOf(person, organism, organisms.regime(organism.regimeCode)))
  }
  const identities =
    principal.side === 'desk'
      ? served.filter((identity) => principal.organismIds.includes(identity.organism.organismId))
      : served

  const ids = newPatientIds(identities.length)
  // The chain of the organisme whose patient it is; when nobody was found, that of the one who asked.
  const chain = identities[0]?.organism.organismId ?? principal.organismIds[0] ?? PORTAL_CHAIN
  const event = entry(clock, chain, traceActor(principal), {
    type: 'patient.identified',
    means: 'typed',
    found: identities.length,
    patients: ids,
  })
  if (identities.length === 0) {
    await writeTrace(context.database.medical, event)
    throw refuse(people.length > 0 && principal.side !== 'desk' ? 'patient-organism-not-served' : 'patient-unknown')
  }
  const patients = identities.map((identity, at) => ({ identity, patientId: ids[at]! }))
  await putRows(context, principal.personId, patients, 'typed', event)
  return {
    keyComputed: reading.keyComputed,
    beneficiaries: patients.map(({ identity, patientId }) => beneficiaryOf(patientId, identity)),
  }
}
