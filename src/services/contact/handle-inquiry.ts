// What an agent does with a general message without writing: take it in hand, send it back as medical, close it.
import { statement } from '../../platform/database/database.ts'
import { mailCte, mailValues } from '../../platform/outbox/outbox.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, traceCte, traceValues } from '../../platform/trace/trace.ts'
import { AGENT, organismOf } from './access.ts'
import type { InquiryState } from './contract.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { ALLOWED } from './rules.ts'

/** What each act changes, and what the trace calls it. */
const ACTS = {
  take: {
    sets: "state = case when x.state = 'answered' then x.state else 'taken' end, taken_by = $1",
    traced: 'inquiry.taken',
  },
  return: { sets: "state = 'returned', news = true, taken_by = $1", traced: 'inquiry.returned' },
  close: { sets: "state = 'closed', news = true, closed_at = $4", traced: 'inquiry.closed' },
} as const
export type Handling = keyof typeof ACTS

// Its author is told by mail when there is something to see; a taking in hand shows in « Mes messages » only.
const handle = (act: Handling) =>
  statement(
    `contact.${act}`,
    `with inquiry_ as (
       update contact.inquiry x set ${ACTS[act].sets}, last_activity_at = $4
       where x.inquiry_id = $2 and x.state = any ($3::text[]) and ${AGENT}
       returning x.inquiry_id, x.state, x.person_id),
     ${traceCte(5, 'inquiry_')}${act === 'take' ? '' : `, ${mailCte(12, 'inquiry_', 'person_id')}`}
     select x.state from inquiry_ x, lane_`,
  )

const STATEMENTS = { take: handle('take'), return: handle('return'), close: handle('close') }

/** @throws Refusal `inquiry-not-found` (another organisme's, or none), `inquiry-state` */
export async function handleInquiry(
  parts: Parts,
  principal: Principal,
  act: Handling,
  inquiryId: string,
): Promise<{ state: InquiryState; at: string }> {
  const { database, clock, outbox } = parts
  const organismId = await organismOf(parts, principal, inquiryId)
  const now = clock.now()
  const mail = mailValues(clock, { kind: act === 'return' ? 'inquiry-returned' : 'inquiry-news', personId: null })
  const [row] = await database.administrative.run<{ state: InquiryState }>(STATEMENTS[act], [
    principal.personId,
    inquiryId,
    ALLOWED[act],
    now,
    ...traceValues(entry(clock, organismId, traceActor(principal), { type: ACTS[act].traced, inquiry: inquiryId })),
    ...(act === 'take' ? [] : mail),
  ])
  if (!row) throw refuse('inquiry-state')
  if (act !== 'take') outbox.wake()
  return { state: row.state, at: now.toISOString() }
}
