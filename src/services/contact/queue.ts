// The queue of an organisme's administrative agents.
import { statement } from '../../platform/database/database.ts'
import { reference as referenceOf } from '../../platform/identifiers.ts'
import { cursorOf, readCursor } from '../../platform/keyset.ts'
import { personName } from '../../platform/person-name.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, traceCte, traceValues } from '../../platform/trace/trace.ts'
import { AGENT, organismOf } from './access.ts'
import type { InquiryState, QueueInquiry, QueueRow } from './contract.ts'
import { INQUIRY_PAGE } from './limits.ts'
import { objetName, organismName } from './names.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { ANSWERS, type AnswersRow } from './read-inquiry.ts'
import { may } from './rules.ts'
import { inquiryKey, openAnswer, openContent, type SealedInquiry } from './sealing.ts'

type Folder = 'todo' | 'mine' | 'done'
type Row = {
  inquiry_id: string
  organism_id: string
  objet: string
  state: InquiryState
  found: string[]
  taken_by: string | null
  taken_by_name: string | null
  author_name: string
  profession: string
  place: string | null
  redirected_from: string | null
  sent_at: Date
  last_activity_at: Date
}

const COLUMNS = `x.inquiry_id, x.organism_id, x.objet, x.state, x.found, x.taken_by,
  (select ${personName('t')} from portal.person t where t.person_id = x.taken_by) as taken_by_name,
  ${personName('w')} as author_name,
  coalesce(a.profession, w.profession) as profession, a.name as place, x.redirected_from, x.sent_at, x.last_activity_at`
const PEOPLE = `join portal.person w on w.person_id = x.person_id
  left join portal.activity a on a.activity_id = x.activity_id`

const IN_FOLDER: Record<Folder, string> = {
  todo: `x.state = 'sent'`,
  mine: `x.state in ('taken', 'answered') and x.taken_by = $1`,
  done: `x.state in ('answered', 'returned', 'closed')`,
}
// What waits is read oldest first, what is done newest first.
const list = (folder: Folder) =>
  statement(
    `contact.queue-${folder}`,
    `select ${COLUMNS} from contact.inquiry x ${PEOPLE}
     where x.organism_id = any ($2::text[]) and ${IN_FOLDER[folder]} and ${AGENT}
       and ${
         folder === 'done'
           ? '(x.last_activity_at, x.inquiry_id) < ($3::timestamptz, $4::uuid)'
           : '(x.sent_at, x.inquiry_id) > ($3::timestamptz, $4::uuid)'
       }
     order by ${folder === 'done' ? 'x.last_activity_at desc, x.inquiry_id desc' : 'x.sent_at, x.inquiry_id'}
     limit ${INQUIRY_PAGE + 1}`,
  )
const LISTS: Record<Folder, ReturnType<typeof list>> = { todo: list('todo'), mine: list('mine'), done: list('done') }

const COUNT = statement(
  'contact.queue-count',
  `select
     (select count(*)::int from (select from contact.inquiry x where x.organism_id = any ($2::text[]) and ${IN_FOLDER.todo}
       and ${AGENT} limit 100) as n) as todo,
     (select count(*)::int from (select from contact.inquiry x where x.organism_id = any ($2::text[]) and ${IN_FOLDER.mine}
       and ${AGENT} limit 100) as n) as mine`,
)

/** One page of the queue, with how many wait and how many are in this agent's hands (counted up to 100). */
export async function listQueue(
  parts: Pick<Parts, 'database' | 'organisms' | 'reference'>,
  principal: Principal,
  folder: Folder,
  cursor?: string,
): Promise<{ rows: QueueRow[]; next: string | null; counters: { todo: number; mine: number } }> {
  const { administrative } = parts.database
  const from = readCursor(cursor, folder === 'done' ? 'last' : 'first')
  const who = [principal.personId, principal.organismIds]
  const found = await administrative.run<Row>(LISTS[folder], [...who, from.at, from.id])
  const [counters] = await administrative.run<{ todo: number; mine: number }>(COUNT, who)
  const page = found.slice(0, INQUIRY_PAGE)
  const last = found.length > INQUIRY_PAGE ? page.at(-1) : undefined
  return {
    rows: page.map((row) => presentQueueRow(parts, principal, row)),
    next: last ? cursorOf(folder === 'done' ? last.last_activity_at : last.sent_at, last.inquiry_id) : null,
    counters: counters!,
  }
}

function presentQueueRow(
  { organisms, reference }: Pick<Parts, 'organisms' | 'reference'>,
  principal: Principal,
  row: Row,
): QueueRow {
  return {
    inquiryId: row.inquiry_id,
    reference: referenceOf(row.inquiry_id),
    organism: organismName(organisms, row.organism_id),
    objet: objetName(reference, row.objet),
    state: row.state,
    author: { displayName: row.author_name, profession: row.profession, place: row.place ?? '' },
    takenBy: row.taken_by_name,
    takenByMe: row.taken_by === principal.personId,
    flagged: row.found.length > 0,
    redirectedFrom: row.redirected_from ? organismName(organisms, row.redirected_from).name : null,
    sentAt: row.sent_at.toISOString(),
    since: row.last_activity_at.toISOString(),
  }
}

const READ = statement(
  'contact.read-queue',
  `with inquiry_ as (select x.* from contact.inquiry x where x.inquiry_id = $2 and ${AGENT}),
   ${traceCte(3, 'inquiry_')}
   select ${COLUMNS}, x.key_id, x.data_key, x.sealed, x.closed_at, t.*
   from inquiry_ x ${PEOPLE} cross join lateral (${ANSWERS}) as t cross join lane_`,
)

/**
 * A general message as an agent sees it: without its text once it was found medical.
 * @throws Refusal `inquiry-not-found`: another organisme's, or none
 */
export async function readQueueInquiry(parts: Parts, principal: Principal, inquiryId: string): Promise<QueueInquiry> {
  const { database, vault, clock } = parts
  const organismId = await organismOf(parts, principal, inquiryId)
  const [row] = await database.administrative.run<Row & SealedInquiry & AnswersRow & { closed_at: Date | null }>(READ, [
    principal.personId,
    inquiryId,
    ...traceValues(entry(clock, organismId, traceActor(principal), { type: 'inquiry.read', inquiry: inquiryId })),
  ])
  if (!row) throw refuse('inquiry-not-found')
  const returned = row.state === 'returned'
  const key = await inquiryKey(vault, row)
  const content = returned ? null : openContent(vault, key, row)
  return {
    ...presentQueueRow(parts, principal, row),
    text: content?.text ?? null,
    reason: content?.reason ?? null,
    answers: (row.seqs ?? []).map((seq, at) => ({
      author: row.names[at]!,
      mine: row.authors[at] === principal.personId,
      text: openAnswer(vault, key, row.organism_id, row.inquiry_id, seq, row.bodies[at]!),
      sentAt: row.times[at]!.toISOString(),
    })),
    closedAt: row.closed_at?.toISOString() ?? null,
    may: {
      take: may(row.state, 'take') && row.taken_by !== principal.personId,
      answer: may(row.state, 'answer'),
      redirect: may(row.state, 'redirect'),
      return: may(row.state, 'return'),
      close: may(row.state, 'close'),
    },
  }
}
