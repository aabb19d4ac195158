import { statement } from '../../platform/database/database.ts'
import { newId } from '../../platform/identifiers.ts'
import { digestOf, once } from '../../platform/once.ts'
import { holds } from '../../platform/sessions/holds.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, traceCte, traceValues, withFact } from '../../platform/trace/trace.ts'
import { accessTo, refuseAccess, tellAgain } from './access.ts'
import { authorRole, roleWritten } from './names.ts'
import { NOTICE_QUIET_MS } from './notice.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { ALLOWED, other } from './rules.ts'
import { exchangeKey, sealBody } from './sealing.ts'

// One notice while the practitioner has not read, and never a second one while the first has not left (no address yet,
// mail server away): it will tell of everything at once. One that is being handed over at this very moment has left. Of
// two messages at once the second may bear the earlier time; a notice further ahead than that was made by a clock since
// put back.
const NOTICE_DUE = `($4::text = 'desk' and (x.noticed_at is null
    or x.noticed_at not between $12 and $5::timestamptz + interval '1 minute')
  and not exists (select from portal.outbox n where n.outbox_id = x.notice_id and n.done_at is null
    and (n.locked_until is null or n.locked_until <= $5)))`

// The hot statement. Right and state are asked in its own UPDATE … WHERE (the row is locked there, so two messages at
// once are put one after the other); the key makes a retry fail as a whole; everything else follows from the row.
export const SEND = statement(
  'exchanges.send',
  `with exchange_ as (
     update medical.exchange x set
       messages = x.messages + 1,
       last_activity_at = $5,
       state = case when x.awaits = $4 then $10 else x.state end,
       awaits = $11,
       noticed_at = case when ${NOTICE_DUE} then $5 else x.noticed_at end,
       notice_id = case when ${NOTICE_DUE} then $13 else x.notice_id end
     where x.organism_id = $1 and x.exchange_id = $2 and x.state = any ($9::text[])
       and exists (select from portal.box_holder h
         where h.box_id = case $4::text when 'practice' then x.practice_box else x.desk_box end
           and ${holds({ person: '$3', at: '$5', boxes: '$17', scope: 'send', motif: 'x.motif' })})
     returning x.messages as seq, x.practice_box, x.desk_box, x.practitioner, x.notice_id, x.motif),
   draft_ as (
     delete from medical.draft d using exchange_ x where d.draft_id = $16 and d.exchange_id = $2
       and d.kept_in = case $4::text when 'practice' then x.practice_box else $3 end
     returning nullif(d.prepared_by, $3) as prepared_by),
   once_ as (
     insert into portal.idempotency (person_id, key, digest, result, created_at)
     select $3, $14, $15, jsonb_build_object('messageId', $6::uuid::text, 'seq', seq), $5 from exchange_),
   message_ as (
     insert into medical.message (organism_id, exchange_id, seq, message_id, side, author, author_role, body, sent_at,
       prepared_by, on_behalf_of)
     select $1, $2, x.seq, $6, $4, $3, ${authorRole('$3', '$4', '$7', 'x.practice_box')}, $8, $5, draft_.prepared_by, $18
     from exchange_ x left join draft_ on true),
   entries_ as (
     update medical.box_entry e set
       folder = case when e.side = $4 then 'waiting' else 'todo' end,
       unread = e.unread or e.side <> $4,
       last_activity_at = $5
     from exchange_ x where e.exchange_id = $2 and e.box_id in (x.practice_box, x.desk_box)),
   notice_ as (
     insert into portal.outbox (outbox_id, kind, person_id, exchange_id, created_at, due_at)
     select $13, 'exchange', x.practitioner, $2, $5, $5 from exchange_ x where x.notice_id = $13),
   event_ as (select ${withFact(19, 'preparedBy', '(select prepared_by from draft_)')} as text),
   ${traceCte(19, 'exchange_', '(select text from event_)')}
   select x.seq, x.practice_box, x.desk_box, x.motif, x.notice_id = $13 as notified from exchange_ x, lane_`,
)

type Sent = { seq: number; practice_box: string; desk_box: string; motif: string; notified: boolean | null }

/**
 * Writes a message into an open exchange.
 * @throws Refusal `exchange-not-found` (someone else's, or none), `exchange-closed`
 */
export async function sendMessage(
  parts: Parts,
  principal: Principal,
  key: string,
  exchangeId: string,
  input: { text: string; draftId?: string | null },
): Promise<{ messageId: string; seq: number }> {
  const { database, vault, clock, live, outbox } = parts
  const { exchange, key: dataKey } = await findKey(parts, principal, exchangeId)
  const { organism_id: organismId } = exchange
  const side = principal.side === 'desk' ? 'desk' : 'practice'
  const digest = await digestOf(vault, 'sendMessage', [exchangeId, input])
  const messageId = newId()
  const result = await once<Sent, { messageId: string; seq: number }>(
    database.medical,
    { personId: principal.personId, key, digest },
    async () => {
      const now = clock.now()
      return database.medical.run<Sent>(SEND, [
        organismId,
        exchangeId,
        principal.personId,
        side,
        now,
        messageId,
        roleWritten(principal),
        sealBody(vault, dataKey, organismId, exchangeId, messageId, input.text),
        ALLOWED.write[side],
        side === 'desk' ? 'answered' : 'inProgress',
        other(side),
        new Date(now.getTime() - NOTICE_QUIET_MS),
        newId(),
        key,
        digest,
        input.draftId ?? null,
        principal.boxes,
        principal.onBehalfOf?.personId ?? null,
        ...traceValues(
          entry(clock, organismId, traceActor(principal), {
            type: 'exchange.written',
            exchange: exchangeId,
            message: messageId,
          }),
        ),
      ])
    },
  )
  if ('done' in result) {
    const { seq, practice_box, desk_box, motif, notified } = result.done
    live.tell({ boxes: [practice_box, desk_box], exchangeId, motif })
    if (notified) outbox.wake()
    return { messageId, seq }
  }
  if ('earlier' in result) {
    await tellAgain(parts, principal, exchangeId)
    return result.earlier
  }
  // The right was there a moment ago: what is missing is the state, unless it was taken away in between.
  const now = await accessTo(database.medical, clock, principal, exchangeId, 'send')
  throw now ? refuse('exchange-closed') : await refuseAccess(parts, principal, exchangeId, 'write')
}

/** The exchange's key, from what is remembered or from the database; the statement itself asks for the right. */
async function findKey(parts: Parts, principal: Principal, exchangeId: string) {
  const known = parts.known.get(exchangeId)
  if (known) {
    try {
      return { exchange: known, key: await exchangeKey(parts.vault, known) }
    } catch {
      // The key was wrapped anew since, and the old one retired.
      parts.known.forget(exchangeId)
    }
  }
  const access = await accessTo(parts.database.medical, parts.clock, principal, exchangeId, 'send')
  if (!access) throw await refuseAccess(parts, principal, exchangeId, 'write')
  parts.known.remember(access)
  return { exchange: access, key: await exchangeKey(parts.vault, access) }
}
