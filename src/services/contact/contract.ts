// « Contacter l'Assurance Maladie » and « Mes messages », and the queue of the organisme's administrative agents: what
// crosses the wire.
import { z } from 'zod'
import { contract, Id, writtenText } from '../../platform/http/contract.ts'
import { ANSWER_MAX, INQUIRY_MAX, REASON_MAX } from './limits.ts'

const when = z.iso.datetime()
const InquiryParams = z.strictObject({ inquiryId: Id })
const OrganismId = z.string().regex(/^[0-9]{2}(-[0-9A-Z]{3})?$/)

export const FINDING_KINDS = [
  'nir',
  'name',
  'birth-date',
  'diagnosis',
  'treatment',
  'prescription',
  'sick-leave',
  'ald',
] as const

/** Something in a text that must not be there; offsets count UTF-16 units, as a browser does. */
export const Finding = z
  .strictObject({
    kind: z.enum(FINDING_KINDS),
    start: z.int(),
    end: z.int(),
  })
  .meta({ id: 'Finding' })
export type Finding = z.infer<typeof Finding>

export const InquiryState = z.enum(['sent', 'taken', 'answered', 'returned', 'closed']).meta({ id: 'InquiryState' })
export type InquiryState = z.infer<typeof InquiryState>

const Objet = z.strictObject({ code: z.string(), label: z.string() })
const OrganismName = z.strictObject({ organismId: z.string(), number: z.string(), name: z.string() })

export const InquiryRow = z
  .strictObject({
    inquiryId: z.uuid(),
    reference: z.string(),
    organism: OrganismName,
    objet: Objet,
    state: InquiryState,
    /** Something has happened that its author has not seen. */
    news: z.boolean(),
    sentAt: when,
    since: when,
  })
  .meta({ id: 'InquiryRow' })
export type InquiryRow = z.infer<typeof InquiryRow>

const Answer = z.strictObject({ author: z.string(), mine: z.boolean(), text: z.string(), sentAt: when })

export const Inquiry = InquiryRow.extend({
  text: z.string(),
  answers: z.array(Answer),
  closedAt: when.nullable(),
  /** Found medical by an agent: the author can carry the text into an exchange. */
  mayCarry: z.boolean(),
}).meta({ id: 'Inquiry' })
export type Inquiry = z.infer<typeof Inquiry>

export const QueueRow = z
  .strictObject({
    inquiryId: z.uuid(),
    reference: z.string(),
    organism: OrganismName,
    objet: Objet,
    state: InquiryState,
    author: z.strictObject({ displayName: z.string(), profession: z.string(), place: z.string() }),
    takenBy: z.string().nullable(),
    takenByMe: z.boolean(),
    /** Its author sent it although the form had found something medical in it. */
    flagged: z.boolean(),
    redirectedFrom: z.string().nullable(),
    sentAt: when,
    since: when,
  })
  .meta({ id: 'QueueRow' })
export type QueueRow = z.infer<typeof QueueRow>

export const QueueInquiry = QueueRow.extend({
  /** Null once returned: what was found medical is no longer shown to the administration. */
  text: z.string().nullable(),
  reason: z.string().nullable(),
  answers: z.array(Answer),
  closedAt: when.nullable(),
  may: z.strictObject({
    take: z.boolean(),
    answer: z.boolean(),
    redirect: z.boolean(),
    return: z.boolean(),
    close: z.boolean(),
  }),
}).meta({ id: 'QueueInquiry' })
export type QueueInquiry = z.infer<typeof QueueInquiry>

const Acted = z.strictObject({ state: InquiryState, at: when })

export const contactContract = contract({
  'GET /api/contact/organisms': {
    operationId: 'listContactOrganisms',
    summary: 'Régimes, organismes and objets of the general form, one’s own organismes named apart',
    level: 'low',
    right: 'practice',
    response: z.strictObject({
      regimes: z.array(z.strictObject({ code: z.string(), label: z.string() })),
      organisms: z.array(OrganismName.extend({ regimeCode: z.string() })),
      own: z.array(z.string()),
      objets: z.array(Objet),
    }),
  },
  'GET /api/contact/organisms/:organismId': {
    operationId: 'readOrganismCoordinates',
    summary: 'Address, telephone and hours of an organisme, as far as they are known',
    level: 'low',
    right: 'practice',
    params: z.strictObject({ organismId: OrganismId }),
    response: z.strictObject({
      organism: OrganismName,
      address: z.array(z.string()),
      telephone: z.string().nullable(),
      note: z.string().nullable(),
      hours: z.string().nullable(),
      web: z.string().nullable(),
    }),
  },
  'POST /api/contact/inspections': {
    operationId: 'inspectText',
    summary: 'What a text holds that must not be in a general message; nothing of it is kept or logged',
    level: 'low',
    right: 'practice',
    body: z.strictObject({ text: z.string().max(INQUIRY_MAX) }),
    response: z.strictObject({ findings: z.array(Finding) }),
  },
  'POST /api/contact/inquiries': {
    operationId: 'sendInquiry',
    summary:
      'Send a general message; refused with inquiry-nir or inquiry-medical (findings) when it holds what it must not',
    level: 'low',
    right: 'practice',
    idempotent: true,
    body: z.strictObject({
      organismId: OrganismId,
      objet: z.string().min(1).max(32),
      text: writtenText(INQUIRY_MAX),
      /** Why it is sent although something medical was found; never lifts the refusal of a NIR. */
      reason: writtenText(REASON_MAX).nullable().optional(),
    }),
    status: 201,
    response: z.strictObject({ inquiryId: z.uuid(), reference: z.string() }),
  },
  'GET /api/contact/inquiries': {
    operationId: 'listInquiries',
    summary: 'One’s own general messages, newest first',
    level: 'low',
    right: 'practice',
    query: z.strictObject({ cursor: z.string().max(200).optional() }),
    response: z.strictObject({ rows: z.array(InquiryRow), next: z.string().nullable() }),
  },
  'GET /api/contact/inquiries/:inquiryId': {
    operationId: 'readInquiry',
    summary: 'A general message of one’s own, with its answers',
    level: 'low',
    right: 'practice',
    params: InquiryParams,
    response: Inquiry,
  },
  'GET /api/contact/queue': {
    operationId: 'listQueue',
    summary: 'General messages to the agent’s organismes, the oldest first among those that wait',
    level: 'substantial',
    right: 'agent',
    query: z.strictObject({ folder: z.enum(['todo', 'mine', 'done']), cursor: z.string().max(200).optional() }),
    response: z.strictObject({
      rows: z.array(QueueRow),
      next: z.string().nullable(),
      counters: z.strictObject({ todo: z.int(), mine: z.int() }),
    }),
  },
  'GET /api/contact/queue/:inquiryId': {
    operationId: 'readQueueInquiry',
    summary: 'A general message to one of the agent’s organismes',
    level: 'substantial',
    right: 'agent',
    params: InquiryParams,
    response: QueueInquiry,
  },
  'POST /api/contact/queue/:inquiryId/taking': {
    operationId: 'takeInquiry',
    summary: 'Take a general message in hand',
    level: 'substantial',
    right: 'agent',
    params: InquiryParams,
    response: Acted,
  },
  'POST /api/contact/queue/:inquiryId/answers': {
    operationId: 'answerInquiry',
    summary: 'Answer a general message; its author is told by e-mail that there is an answer, and nothing of it',
    level: 'substantial',
    right: 'agent',
    idempotent: true,
    params: InquiryParams,
    body: z.strictObject({ text: writtenText(ANSWER_MAX) }),
    status: 201,
    response: Acted,
  },
  'POST /api/contact/queue/:inquiryId/redirection': {
    operationId: 'redirectInquiry',
    summary: 'Pass a general message on to another organisme',
    level: 'substantial',
    right: 'agent',
    params: InquiryParams,
    body: z.strictObject({ organismId: OrganismId }),
    response: Acted,
  },
  'POST /api/contact/queue/:inquiryId/return': {
    operationId: 'returnInquiry',
    summary: 'Send a message found medical back to its author; the administration reads it no more',
    level: 'substantial',
    right: 'agent',
    params: InquiryParams,
    response: Acted,
  },
  'POST /api/contact/queue/:inquiryId/closure': {
    operationId: 'closeInquiry',
    summary: 'Close a general message',
    level: 'substantial',
    right: 'agent',
    params: InquiryParams,
    response: Acted,
  },
  'GET /api/contact/destinations': {
    operationId: 'listDestinations',
    summary: 'Organismes that a general message can be passed on to',
    level: 'substantial',
    right: 'agent',
    response: z.strictObject({ organisms: z.array(OrganismName) }),
  },
  'GET /api/contact/models': {
    operationId: 'listAnswerModels',
    summary: 'Model answers for the agents, as data',
    level: 'substantial',
    right: 'agent',
    response: z.strictObject({
      models: z.array(z.strictObject({ code: z.string(), title: z.string(), text: z.string() })),
    }),
  },
  'GET /api/contact/statistics': {
    operationId: 'readContactStatistics',
    summary: 'How many messages came, by objet and state, over the last 30 days, and how long an answer took',
    level: 'substantial',
    right: 'agent',
    response: z.strictObject({
      since: when,
      byObjet: z.array(z.strictObject({ objet: Objet, received: z.int(), answered: z.int(), returned: z.int() })),
      waiting: z.int(),
      medianHours: z.number().nullable(),
    }),
  },
})
