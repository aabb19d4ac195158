import { statement } from '../../platform/database/database.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'

const SET = statement(
  'accounts.set-default-place',
  `with set_ as (
     update portal.person p set default_activity_id = $2 where p.person_id = $1
       and ($2::uuid is null or exists (select 1 from portal.activity a
         where a.activity_id = $2 and a.person_id = p.person_id and a.active))
     returning 1),
   ${traceCte(3, 'set_')}
   select 1 from lane_`,
)

/**
 * Sets the place of practice that the next sign-ins start from; null: the question is asked again each time.
 * @throws Refusal `place-not-yours`: a place of somebody else, delegated or not, is chosen each time
 */
export async function setDefaultPlace(
  { database, clock }: Pick<Parts, 'database' | 'clock'>,
  principal: Principal,
  activityId: string | null,
): Promise<void> {
  const trace = entry(clock, PORTAL_CHAIN, traceActor(principal), { type: 'place.default-set', activity: activityId })
  const rows = await database.administrative.run(SET, [principal.personId, activityId, ...traceValues(trace)])
  if (rows.length === 0) throw refuse('place-not-yours')
}
