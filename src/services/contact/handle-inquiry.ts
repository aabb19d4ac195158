// What an agent does with a general message without writing: take it in hand, send it back as medical, close it.
import { statement } from '../../platform/database/database.ts'
import { mailCte, mailValues } from '../../platform/outbox/outbox.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, traceCte, traceValues } from '../../platform/trace/trace.ts'
import type { InquiryState } from './contract.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { AGENT } from './queue.ts'
import { ALLOWED } from './rules.ts'

/** State each act leads to, and what else it changes. */
const ACTS = {
  take: { state: 'taken', sets: "state = case when x.state = 'answered' then x.state else 'taken' end, taken_by = $1" },
  return: { state: 'returned', sets: "state = 'returned', news = true, taken_by = $1" },
  close: { state: 'closed', sets: "state = 'closed', news = true, closed_at = $4" },
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
  const now = clock.now()
  const mail = mailValues(clock, { kind: act === 'return' ? 'inquiry-returned' : 'inquiry-news', personId: null })
  const [row] = await database.administrative.run<{ state: InquiryState }>(STATEMENTS[act], [
    principal.personId,
    inquiryId,
    ALLOWED[act],
    now,
    ...traceValues(
      entry(clock, principal.organismIds[0] ?? 'portal', traceActor(principal), {
        type: `inquiry.${act === 'take' ? 'taken' : act === 'return' ? 'returned' : 'closed'}`,
        inquiry: inquiryId,
      }),
    ),
    ...(act === 'take' ? [] : mail),
  ])
  if (!row) throw await whyNot(parts, principal, inquiryId)
  if (act !== 'take') outbox.wake()
  return { state: row.state, at: now.toISOString() }
}

const SEEN = statement('contact.seen', `select x.state from contact.inquiry x where x.inquiry_id = $2 and ${AGENT}`)

/** Why an act found no row: the message is not this agent's, or no longer in a state for it. */
export async function whyNot({ database }: Pick<Parts, 'database'>, principal: Principal, inquiryId: string) {
  const [row] = await database.administrative.run(SEEN, [principal.personId, inquiryId])
  return refuse(row ? 'inquiry-state' : 'inquiry-not-found')
}
