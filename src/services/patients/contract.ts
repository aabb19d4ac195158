// Identification of a patient: what crosses the wire.
import { z } from 'zod'
import { contract, Id, writtenText } from '../../platform/http/contract.ts'
import type { TraceEntry } from '../../platform/trace/trace.ts'
import { REASON_MAX } from './limits.ts'

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

/** What the limited identification answers: no name, no number, no opaque id, nobody else of the same number. */
export const LimitedIdentity = z
  .strictObject({
    /** True when 13 characters were given and the key was computed; the screen says so. */
    keyComputed: z.boolean(),
    /** « C. E. » */
    initials: z.string(),
    /** « 30–39 ans » */
    ageBand: z.string(),
    regime: z.strictObject({ code: z.string(), label: z.string() }),
    /** The caisse by its number within the régime and its name. */
    organism: z.strictObject({ code: z.string(), name: z.string() }),
    /** Whether rights are open on this day; null when the directory does not say. */
    rights: z.strictObject({ on: z.iso.date(), open: z.boolean().nullable() }),
    /** Limited identifications left today. */
    left: z.int().min(0),
  })
  .meta({ id: 'LimitedIdentity' })
export type LimitedIdentity = z.infer<typeof LimitedIdentity>

/** Somebody whose identification is blocked, or was: the person who asked, never a patient. */
export const IdentificationBlock = z
  .strictObject({
    blockId: z.uuid(),
    /** Of the person blocked, as Pro Santé Connect or the insurer names them. */
    displayName: z.string(),
    profession: z.string(),
    nationalId: z.string(),
    /** « run » numbers side by side, « unknown » numbers of nobody, « volume », « night ». */
    cause: z.enum(['run', 'unknown', 'volume', 'night']),
    counts: z.strictObject({ numbers: z.int(), unknown: z.int(), night: z.int(), alike: z.int() }),
    via: z.string(),
    authMode: z.string(),
    blockedAt: z.iso.datetime(),
    lifted: z.strictObject({ at: z.iso.datetime(), by: z.string(), reason: z.string() }).nullable(),
  })
  .meta({ id: 'IdentificationBlock' })
export type IdentificationBlock = z.infer<typeof IdentificationBlock>

export const patientsContract = contract({
  'POST /api/patients/identifications': {
    operationId: 'identifyPatient',
    summary: 'Identify a patient by NIR (13 characters, or 15 with the key); traced',
    level: 'substantial',
    right: 'party',
    service: 'identification',
    scope: 'prepare',
    refusals: ['identification-blocked', 'too-many-requests'],
    body: z.strictObject({ number: z.string().max(40) }),
    response: z.strictObject({
      /** True when 13 characters were given and the key was computed; the screen says so. */
      keyComputed: z.boolean(),
      beneficiaries: z.array(Beneficiary).min(1),
    }),
  },
  'POST /api/patients/limited-identifications': {
    operationId: 'identifyLimited',
    summary: 'Initials, age band, caisse and rights of an insured person, by NIR: what a password opens; traced',
    level: 'low',
    right: 'practitioner',
    service: 'identification',
    refusals: ['identification-blocked', 'too-many-requests'],
    body: z.strictObject({ number: z.string().max(40) }),
    response: LimitedIdentity,
  },
  'GET /api/administration/identification-blocks': {
    operationId: 'listIdentificationBlocks',
    summary: 'Whose identification is blocked, and the hundred last blocks that were lifted',
    level: 'substantial',
    right: 'administrator',
    response: z.strictObject({ blocks: z.array(IdentificationBlock) }),
  },
  'POST /api/administration/identification-blocks/:blockId/lifting': {
    operationId: 'liftIdentificationBlock',
    summary: 'Open identification again for a person, with a reason; traced',
    level: 'substantial',
    right: 'administrator',
    params: z.strictObject({ blockId: Id }),
    body: z.strictObject({ reason: writtenText(REASON_MAX) }),
    response: IdentificationBlock,
  },
  'GET /api/patients/:patientId': {
    operationId: 'getPatient',
    summary: 'The banner of a patient in hand',
    level: 'substantial',
    right: 'party',
    service: 'any',
    scope: 'prepare',
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
