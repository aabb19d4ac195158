// Échanges médicaux sécurisés, both sides: what crosses the wire.
import { z } from 'zod'
import {
  anyText,
  contract,
  Id,
  queryInteger,
  WITHOUT_NUL,
  wellFormed,
  writtenText,
} from '../../platform/http/contract.ts'
import { PatientBanner } from '../patients/contract.ts'
import { FOLDERS, MESSAGE_MAX, SUBJECT_MAX } from './limits.ts'

const ExchangeParams = z.strictObject({ exchangeId: Id })
const DraftParams = z.strictObject({ draftId: Id })
const when = z.iso.datetime()
/** What an integer of PostgreSQL holds. */
const INT_MAX = 2_147_483_647

const TWO_CHARACTERS = { pattern: '^\\s*[^\\s\\u0000][^\\u0000]*[^\\s\\u0000]\\s*$' }

/** The patient of an exchange or a draft: the banner, without an opaque id (see takePatientInHand). */
export const ExchangePatient = PatientBanner.omit({ patientId: true }).meta({ id: 'ExchangePatient' })
export type ExchangePatient = z.infer<typeof ExchangePatient>

export const Counters = z
  .strictObject({
    /** Unread exchanges by folder, counted up to 100: 100 is shown as « 99+ ». Drafts: how many there are. */
    todo: z.int(),
    waiting: z.int(),
    drafts: z.int(),
    closed: z.int(),
  })
  .meta({ id: 'Counters' })

export const State = z.enum(['sent', 'answered', 'inProgress', 'closed']).meta({ id: 'ExchangeState' })
export const Awaits = z.enum(['practice', 'desk', 'nobody']).meta({ id: 'Awaits' })

/** Who was told by e-mail that the exchange exists: `noAddress` is shown as « praticien non prévenu ». */
export const Notice = z.enum(['none', 'pending', 'sent', 'noAddress']).meta({ id: 'Notice' })

export const ExchangeRow = z
  .strictObject({
    exchangeId: z.uuid(),
    /** Short number people can say on the telephone, « 7KQ4-M2XD ». */
    reference: z.string(),
    motif: z.strictObject({ code: z.string(), label: z.string() }),
    subject: z.string(),
    patient: z.strictObject({
      displayName: z.string(),
      birthDate: z.iso.date(),
      provisional: z.boolean(),
    }),
    practitioner: z.strictObject({ displayName: z.string(), profession: z.string(), place: z.string() }),
    organism: z.string(),
    state: State,
    awaits: Awaits,
    unread: z.boolean(),
    /** Since when the exchange waits in this folder: time of the last message or closing. */
    since: when,
    notice: Notice,
  })
  .meta({ id: 'ExchangeRow' })
export type ExchangeRow = z.infer<typeof ExchangeRow>

export const Message = z
  .strictObject({
    messageId: z.uuid(),
    seq: z.int(),
    side: z.enum(['practice', 'desk']),
    mine: z.boolean(),
    author: z.strictObject({ displayName: z.string(), role: z.string() }),
    /** The delegate who wrote it, when somebody else sent it. */
    preparedBy: z.string().nullable(),
    /** The practitioner for whom a delegate or locum sent it. */
    onBehalfOf: z.string().nullable(),
    text: z.string(),
    sentAt: when,
    /** First reading by the other side, and by whom. */
    readAt: when.nullable(),
    readBy: z.string().nullable(),
    /** Read for the practitioner, by a delegate or locum. */
    readForHolder: z.boolean(),
  })
  .meta({ id: 'Message' })
export type Message = z.infer<typeof Message>

export const DraftContent = z
  .strictObject({
    motif: anyText(32).nullable(),
    subject: anyText(SUBJECT_MAX),
    text: anyText(MESSAGE_MAX),
    /** Adviser only: the practitioner’s box the exchange will be opened with. */
    practiceBoxId: Id.nullable(),
  })
  .meta({ id: 'DraftContent' })

export const Draft = z
  .strictObject({
    draftId: z.uuid(),
    /** Grows by one at each saving; a saving must name the version it started from. */
    version: z.int(),
    /** Set for the draft of an answer; null for a new exchange. */
    exchangeId: z.uuid().nullable(),
    patient: ExchangePatient,
    content: DraftContent,
    /** Adviser only, with practiceBoxId: « Dr Camille EXEMPLE, Cabinet… ». */
    practitionerLabel: z.string().nullable(),
    /** The delegate who wrote it last, when that is not the reader. */
    preparedBy: z.string().nullable(),
    updatedAt: when,
  })
  .meta({ id: 'Draft' })
export type Draft = z.infer<typeof Draft>

export const Exchange = z
  .strictObject({
    exchangeId: z.uuid(),
    reference: z.string(),
    motif: z.strictObject({ code: z.string(), label: z.string() }),
    subject: z.string(),
    /** The patient as identified when the exchange was opened. */
    patient: ExchangePatient,
    practitioner: z.strictObject({
      displayName: z.string(),
      profession: z.string(),
      place: z.string(),
      address: z.string(),
    }),
    organism: z.string(),
    side: z.enum(['practice', 'desk']),
    state: State,
    awaits: Awaits,
    openedAt: when,
    since: when,
    closedAt: when.nullable(),
    notice: Notice,
    /** Oldest first; at most the last 200. */
    messages: z.array(Message),
    earlier: z.boolean(),
    /** The text of an answer that was begun: by this person, or in the box they act from. */
    draft: z
      .strictObject({
        draftId: z.uuid(),
        version: z.int(),
        text: z.string(),
        updatedAt: when,
        preparedBy: z.string().nullable(),
      })
      .nullable(),
    /** What the reader may do next; the screen never guesses. */
    may: z.strictObject({
      /** Write an answer; who may not `send` it leaves it as a draft to whom they act for. */
      answer: z.boolean(),
      send: z.boolean(),
      close: z.boolean(),
    }),
  })
  .meta({ id: 'Exchange' })
export type Exchange = z.infer<typeof Exchange>

export const Motif = z.strictObject({ code: z.string(), label: z.string() }).meta({ id: 'Motif' })

export const PractitionerFound = z
  .strictObject({
    practiceBoxId: z.uuid(),
    displayName: z.string(),
    rpps: z.string(),
    profession: z.string(),
    place: z.string(),
    address: z.string(),
    /** False: no address known yet, « praticien non prévenu ». */
    reachable: z.boolean(),
  })
  .meta({ id: 'PractitionerFound' })

export const exchangesContract = contract({
  'GET /api/exchanges': {
    operationId: 'listExchanges',
    summary: 'One page of a folder, newest first, with the counters of all folders',
    level: 'substantial',
    right: 'party',
    scope: 'headers',
    query: z.strictObject({ folder: z.enum(FOLDERS), cursor: z.string().max(200).optional() }),
    response: z.strictObject({ rows: z.array(ExchangeRow), next: z.string().nullable(), counters: Counters }),
  },
  'GET /api/exchanges/counters': {
    operationId: 'countExchanges',
    summary: 'The counters of the folders',
    level: 'substantial',
    right: 'party',
    scope: 'headers',
    response: Counters,
  },
  'GET /api/motifs': {
    operationId: 'listMotifs',
    summary: 'The motifs an exchange can be opened with today',
    level: 'substantial',
    right: 'party',
    scope: 'prepare',
    response: z.strictObject({ motifs: z.array(Motif) }),
  },
  'POST /api/practitioners/search': {
    operationId: 'findPractitioners',
    summary: 'Practitioners by RPPS or by the beginning of a name, a line per place of practice',
    level: 'substantial',
    right: 'adviser',
    body: z.strictObject({
      query: z.string().max(80).trim().min(2).refine(wellFormed, { error: 'malformed-text' }).meta(TWO_CHARACTERS),
    }),
    response: z.strictObject({ practitioners: z.array(PractitionerFound) }),
  },
  'POST /api/exchanges': {
    operationId: 'openExchange',
    summary: 'Open an exchange with its first message; it goes to the patient’s own organism',
    level: 'substantial',
    right: 'party',
    idempotent: true,
    refusals: ['delegation-motif'],
    body: z.strictObject({
      /** The patient in hand; may be left out when the draft says whom it concerns. */
      patientId: Id.nullable().optional(),
      motif: z.string().min(1).max(32).refine(wellFormed, { error: 'malformed-text' }).meta(WITHOUT_NUL),
      subject: writtenText(SUBJECT_MAX),
      text: writtenText(MESSAGE_MAX),
      /** Adviser only, required then: whom it is opened with. */
      practiceBoxId: Id.nullable().optional(),
      /** The draft this text comes from, removed in the same statement. */
      draftId: Id.nullable().optional(),
    }),
    status: 201,
    response: z.strictObject({ exchangeId: z.uuid() }),
  },
  'GET /api/exchanges/:exchangeId': {
    operationId: 'readExchange',
    summary: 'Read an exchange; reading is an act: traced, and shown to the other side',
    level: 'substantial',
    right: 'party',
    scope: 'read',
    params: ExchangeParams,
    query: z.strictObject({
      /** Messages before this number, for what is older than the last 200. */
      before: queryInteger(1, INT_MAX).optional(),
    }),
    response: Exchange,
  },
  'POST /api/exchanges/:exchangeId/messages': {
    operationId: 'sendMessage',
    summary: 'Write into an open exchange',
    level: 'substantial',
    right: 'party',
    idempotent: true,
    params: ExchangeParams,
    body: z.strictObject({ text: writtenText(MESSAGE_MAX), draftId: Id.nullable().optional() }),
    status: 201,
    response: z.strictObject({ messageId: z.uuid(), seq: z.int() }),
  },
  'POST /api/exchanges/:exchangeId/closure': {
    operationId: 'closeExchange',
    summary: 'Close an exchange (service médical only)',
    level: 'substantial',
    right: 'adviser',
    idempotent: true,
    params: ExchangeParams,
    response: z.strictObject({ closedAt: when }),
  },
  'POST /api/exchanges/:exchangeId/patient': {
    operationId: 'takePatientInHand',
    summary: 'Take the patient of an exchange in hand, to open another exchange about the same person',
    level: 'substantial',
    right: 'party',
    scope: 'prepare',
    params: ExchangeParams,
    response: z.strictObject({ patientId: z.uuid() }),
  },
  'POST /api/exchanges/carried-texts': {
    operationId: 'carryText',
    summary: 'Keep a text written where nothing medical may be, sealed, until it stands in a draft (twelve hours)',
    level: 'low',
    right: 'practice',
    idempotent: true,
    body: z.strictObject({ text: writtenText(MESSAGE_MAX) }),
    status: 201,
    response: z.strictObject({ carriedId: z.uuid() }),
  },
  'GET /api/exchanges/carried-texts/:carriedId': {
    operationId: 'readCarriedText',
    summary: 'A text carried over by this person, to begin a draft with',
    level: 'substantial',
    right: 'practitioner',
    params: z.strictObject({ carriedId: Id }),
    response: z.strictObject({ text: z.string() }),
  },
  'GET /api/drafts': {
    operationId: 'listDrafts',
    summary: 'The drafts of the person signed in, or of the box acted from, newest first (at most 200)',
    level: 'substantial',
    right: 'party',
    scope: 'prepare',
    response: z.strictObject({ drafts: z.array(Draft), counters: Counters }),
  },
  'POST /api/drafts': {
    operationId: 'createDraft',
    summary: 'Begin a draft: of a new exchange about a patient in hand, or of an answer',
    level: 'substantial',
    right: 'party',
    scope: 'prepare',
    idempotent: true,
    refusals: ['delegation-motif'],
    body: z.strictObject({
      patientId: Id.nullable().optional(),
      exchangeId: Id.nullable().optional(),
      content: DraftContent,
    }),
    status: 201,
    response: z.strictObject({ draftId: z.uuid(), version: z.int(), updatedAt: when }),
  },
  'GET /api/drafts/:draftId': {
    operationId: 'readDraft',
    summary: 'A draft of the person signed in, or of the box acted from',
    level: 'substantial',
    right: 'party',
    scope: 'prepare',
    params: DraftParams,
    response: Draft,
  },
  'PUT /api/drafts/:draftId': {
    operationId: 'saveDraft',
    summary: 'Save a draft; refused with draft-conflict and the stored text when another window saved in between',
    level: 'substantial',
    right: 'party',
    scope: 'prepare',
    params: DraftParams,
    refusals: ['delegation-motif'],
    body: z.strictObject({ version: z.int().min(1).max(INT_MAX), content: DraftContent }),
    response: z.strictObject({ draftId: z.uuid(), version: z.int(), updatedAt: when }),
  },
  'DELETE /api/drafts/:draftId': {
    operationId: 'deleteDraft',
    summary: 'Throw a draft away',
    level: 'substantial',
    right: 'party',
    scope: 'prepare',
    params: DraftParams,
    status: 204,
  },
  'GET /api/live': {
    operationId: 'followLive',
    summary:
      'Server-sent events: `change` with {"exchangeId"} when a folder of the person changed, `session` when it ends',
    level: 'substantial',
    right: 'party',
    scope: 'headers',
    kind: 'events',
  },
})
