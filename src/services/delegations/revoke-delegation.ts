import { statement } from '../../platform/database/database.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'

const FIND = statement(
  'delegations.find',
  `select capacity, scope, delegate_id, revoked_at from portal.delegation where delegation_id = $1 and holder_id = $2`,
)
// Every statement asks box_holder, so that the right ends here and now, in open sessions too; their event streams are
// looked at.
const REVOKE = statement(
  'delegations.revoke',
  `with revoked_ as (
     update portal.delegation set revoked_at = $3
     where delegation_id = $1 and holder_id = $2 and revoked_at is null and valid_to > $3 returning delegation_id, delegate_id),
   ended_ as (
     update portal.box_holder h set valid_to = $3 from revoked_ r
     where h.delegation_id = r.delegation_id and (h.valid_to is null or h.valid_to > $3)),
   ${traceCte(4, 'revoked_')}
   select array(select s.session_id from portal.session s where s.person_id = r.delegate_id) as sessions
   from revoked_ r, lane_`,
)

/**
 * Ends a delegation of one's own at once; one that has ended already is no fault.
 * @throws Refusal `delegation-not-found`
 */
export async function revokeDelegation(
  { database, clock, live }: Pick<Parts, 'database' | 'clock' | 'live'>,
  principal: Principal,
  delegationId: string,
): Promise<void> {
  type Row = { capacity: string; scope: string; delegate_id: string | null }
  const [found] = await database.administrative.run<Row>(FIND, [delegationId, principal.personId])
  if (!found) throw refuse('delegation-not-found')
  const event = entry(clock, PORTAL_CHAIN, traceActor(principal), {
    type: 'delegation.revoked',
    delegation: delegationId,
    capacity: found.capacity,
    scope: found.scope,
    ...(found.delegate_id && { delegate: found.delegate_id }),
  })
  const [revoked] = await database.administrative.run<{ sessions: string[] }>(REVOKE, [
    delegationId,
    principal.personId,
    clock.now(),
    ...traceValues(event),
  ])
  if (revoked) live.lookAt(revoked.sessions)
}
