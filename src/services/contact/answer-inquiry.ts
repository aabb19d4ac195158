import { statement } from '../../platform/database/database.ts'
import { digestOf, once } from '../../platform/once.ts'
import { mailCte, mailValues } from '../../platform/outbox/outbox.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, traceCte, traceValues } from '../../platform/trace/trace.ts'
import { AGENT } from './access.ts'
import type { InquiryState } from './contract.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { ALLOWED } from './rules.ts'
import { inquiryKey, type SealedInquiry, sealAnswer } from './sealing.ts'

const KEY = statement(
  'contact.answer-key',
  `select x.inquiry_id, x.organism_id, x.key_id, x.data_key, x.answers from contact.inquiry x
   where x.inquiry_id = $2 and ${AGENT}`,
)

// The answer is sealed under its number, so the number it was sealed for is part of what must still be so.
const ANSWER = statement(
  'contact.answer',
  `with inquiry_ as (
     update contact.inquiry x set state = 'answered', answers = x.answers + 1, news = true, taken_by = $1,
       last_activity_at = $6
     where x.inquiry_id = $2 and x.state = any ($3::text[]) and x.organism_id = $4 and x.answers + 1 = $5 and ${AGENT}
     returning x.inquiry_id, x.person_id),
   once_ as (
     insert into portal.idempotency (person_id, key, digest, result, created_at)
     select $1, $8, $9, jsonb_build_object('at', $10::text), $6 from inquiry_),
   answer_ as (
     insert into contact.answer (inquiry_id, seq, author, sealed, sent_at) select $2, $5, $1, $7, $6 from inquiry_),
   ${traceCte(11, 'inquiry_')}, ${mailCte(18, 'inquiry_', 'person_id')}
   select 1 as done from inquiry_, lane_`,
)

/**
 * Answers a general message; its author is told by mail that something is there.
 * @throws Refusal `inquiry-not-found`, `inquiry-state` (closed, returned, or answered by a colleague at this very moment)
 */
export async function answerInquiry(
  parts: Parts,
  principal: Principal,
  key: string,
  inquiryId: string,
  text: string,
): Promise<{ state: InquiryState; at: string }> {
  const { database, vault, clock, outbox } = parts
  const [row] = await database.administrative.run<Omit<SealedInquiry, 'sealed'> & { answers: number }>(KEY, [
    principal.personId,
    inquiryId,
  ])
  if (!row) throw refuse('inquiry-not-found')
  const dataKey = await inquiryKey(vault, row)
  const seq = row.answers + 1
  const digest = await digestOf(vault, 'answerInquiry', [inquiryId, text])
  const now = clock.now()
  const result = await once<{ done: number }, { at: string }>(
    database.administrative,
    { personId: principal.personId, key, digest },
    () =>
      database.administrative.run(ANSWER, [
        principal.personId,
        inquiryId,
        ALLOWED.answer,
        row.organism_id,
        seq,
        now,
        sealAnswer(vault, dataKey, row.organism_id, inquiryId, seq, text),
        key,
        digest,
        now.toISOString(),
        ...traceValues(
          entry(clock, row.organism_id, traceActor(principal), { type: 'inquiry.answered', inquiry: inquiryId }),
        ),
        ...mailValues(clock, { kind: 'inquiry-news', personId: null }),
      ]),
  )
  if ('refused' in result) throw refuse('inquiry-state')
  if ('earlier' in result) return { state: 'answered', at: result.earlier.at }
  outbox.wake()
  return { state: 'answered', at: now.toISOString() }
}
