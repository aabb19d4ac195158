import { statement } from '../../platform/database/database.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, traceCte, traceValues } from '../../platform/trace/trace.ts'
import { accessTo, refuseAccess, tellAgain } from './access.ts'
import { digestOf, once } from './once.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { ALLOWED } from './rules.ts'

const CLOSE = statement(
  'exchanges.close',
  `with exchange_ as (
     update medical.exchange x set state = 'closed', awaits = 'nobody', closed_at = $4, last_activity_at = $4
     where x.organism_id = $1 and x.exchange_id = $2 and x.state = any ($5::text[])
       and exists (select from portal.box_holder h where h.person_id = $3 and h.box_id = x.desk_box
         and h.valid_from <= $4 and (h.valid_to is null or h.valid_to > $4))
     returning x.practice_box, x.desk_box),
   once_ as (
     insert into portal.idempotency (person_id, key, digest, result, created_at)
     select $3, $6, $7, jsonb_build_object('closedAt', $8::text), $4 from exchange_),
   entries_ as (
     update medical.box_entry e set folder = 'closed', unread = e.unread or e.side = 'practice', last_activity_at = $4
     from exchange_ x where e.exchange_id = $2 and e.box_id in (x.practice_box, x.desk_box)),
   ${traceCte(9, 'exchange_')}
   select x.practice_box, x.desk_box from exchange_ x, lane_`,
)

/**
 * Closes an exchange; only the service médical does.
 * @throws Refusal `exchange-not-found`, `exchange-closed` (it was already)
 */
export async function closeExchange(
  parts: Parts,
  principal: Principal,
  key: string,
  exchangeId: string,
): Promise<{ closedAt: string }> {
  const { database, vault, clock, live } = parts
  const access = await accessTo(database.medical, clock, principal, exchangeId)
  if (!access) throw await refuseAccess(parts, principal, exchangeId, 'close')
  const organismId = access.organism_id
  const digest = await digestOf(vault, 'closeExchange', exchangeId)
  const now = clock.now()
  const closedAt = now.toISOString()
  const result = await once<{ practice_box: string; desk_box: string }, { closedAt: string }>(
    database.medical,
    { personId: principal.personId, key, digest },
    () =>
      database.medical.run(CLOSE, [
        organismId,
        exchangeId,
        principal.personId,
        now,
        ALLOWED.close.desk,
        key,
        digest,
        closedAt,
        ...traceValues(
          entry(clock, organismId, traceActor(principal), { type: 'exchange.closed', exchange: exchangeId }),
        ),
      ]),
  )
  if ('done' in result) {
    live.tell({ boxes: [result.done.practice_box, result.done.desk_box], exchangeId })
    return { closedAt }
  }
  if ('earlier' in result) {
    await tellAgain(parts, principal, exchangeId)
    return result.earlier
  }
  const still = await accessTo(database.medical, clock, principal, exchangeId)
  throw still?.side === 'desk' ? refuse('exchange-closed') : await refuseAccess(parts, principal, exchangeId, 'close')
}
