// Identification of a patient: what crosses the wire.
import { z } from 'zod'
import { contract, Id } from '../../platform/http/contract.ts'
import type { TraceEntry } from '../../platform/trace/trace.ts'

/** One person reachable by a NIR: the insured or a dependant (DOMAIN.md part 3.5). */
export const Beneficiary = z
  .strictObject({
    /** Opaque id of this patient in the hands of this person; the only thing that stands in an address. */
    patientId: z.uuid(),
    firstName: z.string(),
    lastName: z.string(),
    birthDate: z.iso.date(),
    rank: z.int().min(1).max(9),
    /** « Assurée », « Enfant », « Conjoint »… */
    quality: z.string(),
  })
  .meta({ id: 'Beneficiary' })
export type Beneficiary = z.infer<typeof Beneficiary>

/** What the patient's banner shows. */
export const PatientBanner = z
  .strictObject({
    patientId: z.uuid(),
    firstName: z.string(),
    lastName: z.string(),
    birthName: z.string(),
    birthDate: z.iso.date(),
    age: z.string(),
    sex: z.enum(['F', 'M']),
    /** « 2 84 05 88 321 025 », the 13 characters grouped. */
    nir: z.string(),
    /** « 32 »; null for a provisional number that has none. */
    nirKey: z.string().nullable(),
    /** « Identité provisoire » is shown when true (NNP, MIG, NIA…). */
    provisional: z.boolean(),
    /** True when the NIR is that of the insured and the patient is a dependant: « NIR de l’ouvrant droit ». */
    nirOfInsured: z.boolean(),
    rank: z.int(),
    quality: z.string(),
    regime: z.strictObject({ code: z.string(), label: z.string() }),
    organism: z.strictObject({ organismId: z.string(), name: z.string() }),
  })
  .meta({ id: 'PatientBanner' })
export type PatientBanner = z.infer<typeof PatientBanner>

export const patientsContract = contract({
  'POST /api/patients/identifications': {
    operationId: 'identifyPatient',
    summary: 'Identify a patient by NIR (13 characters, or 15 with the key); traced',
    level: 'substantial',
    right: 'party',
    body: z.strictObject({ number: z.string().max(40) }),
    response: z.strictObject({
      /** True when 13 characters were given and the key was computed; the screen says so. */
      keyComputed: z.boolean(),
      beneficiaries: z.array(Beneficiary).min(1),
    }),
  },
  'GET /api/patients/:patientId': {
    operationId: 'getPatient',
    summary: 'The banner of a patient in hand',
    level: 'substantial',
    right: 'party',
    params: z.strictObject({ patientId: Id }),
    response: PatientBanner,
  },
})

/**
 * The patient as it is sealed (in a patient in hand, a draft, an exchange's header): the banner without what depends on
 * the reader or the day, and what tells beneficiaries of one NIR apart (DOMAIN.md part 3.5).
 */
export type PatientIdentity = Omit<PatientBanner, 'patientId' | 'age'> & { nir13: string; twinRank: number }

/** What the patients service does for the other services. */
export type Patients = {
  /** The identity of a patient in hand; null when it is not in this person's hands, or no longer. */
  readInHand(personId: string, patientId: string): Promise<PatientIdentity | null>
  /** Puts a known patient (of an exchange, of a draft) in the hands of a person; gives the opaque id. */
  putInHand(personId: string, identity: PatientIdentity, trace: (patientId: string) => TraceEntry): Promise<string>
  /** The banner of an identity on this day. */
  banner(patientId: string, identity: PatientIdentity): PatientBanner
}
