import { statement } from '../../platform/database/database.ts'
import { personName } from '../../platform/person-name.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, traceCte, traceValues } from '../../platform/trace/trace.ts'
import { organismOf } from './access.ts'
import type { Inquiry } from './contract.ts'
import { presentRow, type Row } from './list-inquiries.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { inquiryKey, openAnswer, openContent, type SealedInquiry } from './sealing.ts'

/** SQL: the answers of inquiry `x`, oldest first. */
export const ANSWERS = `select array_agg(a.seq order by a.seq) as seqs, array_agg(a.sealed order by a.seq) as bodies,
    array_agg(a.author::text order by a.seq) as authors, array_agg(a.sent_at order by a.seq) as times,
    array_agg(${personName('p')} order by a.seq) as names
  from contact.answer a join portal.person p on p.person_id = a.author where a.inquiry_id = x.inquiry_id`

export type AnswersRow = {
  seqs: number[] | null
  bodies: Buffer[]
  authors: string[]
  times: Date[]
  names: string[]
}

// Reading is an act: what was news is news no more, and the trace says so.
const READ = statement(
  'contact.read-own',
  `with inquiry_ as (
     update contact.inquiry x set news = false where x.inquiry_id = $1 and x.person_id = $2 returning x.*),
   ${traceCte(3, 'inquiry_')}
   select x.inquiry_id, x.organism_id, x.objet, x.state, x.news, x.sent_at, x.last_activity_at, x.closed_at, x.key_id,
     x.data_key, x.sealed, t.*
   from inquiry_ x cross join lateral (${ANSWERS}) as t cross join lane_`,
)

/**
 * A general message of one's own, with its answers.
 * @throws Refusal `inquiry-not-found`: somebody else's, or none
 */
export async function readInquiry(parts: Parts, principal: Principal, inquiryId: string): Promise<Inquiry> {
  const { database, vault, clock } = parts
  const organismId = await organismOf(parts, principal, inquiryId)
  const [row] = await database.administrative.run<Row & SealedInquiry & AnswersRow & { closed_at: Date | null }>(READ, [
    inquiryId,
    principal.personId,
    ...traceValues(entry(clock, organismId, traceActor(principal), { type: 'inquiry.read', inquiry: inquiryId })),
  ])
  if (!row) throw refuse('inquiry-not-found')
  const key = await inquiryKey(vault, row)
  return {
    ...presentRow(parts, row),
    text: openContent(vault, key, row).text,
    answers: (row.seqs ?? []).map((seq, at) => ({
      author: row.names[at]!,
      mine: false,
      text: openAnswer(vault, key, row.organism_id, row.inquiry_id, seq, row.bodies[at]!),
      sentAt: row.times[at]!.toISOString(),
    })),
    closedAt: row.closed_at?.toISOString() ?? null,
    mayCarry: row.state === 'returned',
  }
}
