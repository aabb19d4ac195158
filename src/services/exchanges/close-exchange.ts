import { statement } from '../../platform/database/database.ts'
import { digestOf, once } from '../../platform/once.ts'
import { holds } from '../../platform/sessions/holds.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, traceCte, traceValues } from '../../platform/trace/trace.ts'
import { accessTo, refuseAccess, tellAgain } from './access.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { ALLOWED } from './rules.ts'

const CLOSE = statement(
  'exchanges.close',
  `with exchange_ as (
     update medical.exchange x set state = 'closed', awaits = 'nobody', closed_at = $4, last_activity_at = $4
     where x.organism_id = $1 and x.exchange_id = $2 and x.state = any ($5::text[])
       and exists (select from portal.box_holder h where h.box_id = x.desk_box
         and ${holds({ person: '$3', at: '$4', boxes: '$16', scope: 'send', motif: 'x.motif' })})
     returning x.practice_box, x.desk_box, x.motif),
   once_ as (
     insert into portal.idempotency (person_id, key, digest, result, created_at)
     select $3, $6, $7, jsonb_build_object('closedAt', $8::text), $4 from exchange_),
   entries_ as (
     update medical.box_entry e set folder = 'closed', unread = e.unread or e.side = 'practice', last_activity_at = $4
     from exchange_ x where e.exchange_id = $2 and e.box_id in (x.practice_box, x.desk_box)),
   ${traceCte(9, 'exchange_')}
   select x.practice_box, x.desk_box, x.motif from exchange_ x, lane_`,
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
  const access = await accessTo(database.medical, clock, principal, exchangeId, 'send')
  if (!access) throw await refuseAccess(parts, principal, exchangeId, 'close')
  const organismId = access.organism_id
  const digest = await digestOf(vault, 'closeExchange', exchangeId)
  const now = clock.now()
  const closedAt = now.toISOString()
  const result = await once<{ practice_box: string; desk_box: string; motif: string }, { closedAt: string }>(
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
        principal.boxes,
      ]),
  )
  if ('done' in result) {
    const { practice_box, desk_box, motif } = result.done
    live.tell({ boxes: [practice_box, desk_box], exchangeId, motif })
    return { closedAt }
  }
  if ('earlier' in result) {
    await tellAgain(parts, principal, exchangeId)
    return result.earlier
  }
  const still = await accessTo(database.medical, clock, principal, exchangeId, 'send')
  throw still?.side === 'desk' ? refuse('exchange-closed') : await refuseAccess(parts, principal, exchangeId, 'close')
}
