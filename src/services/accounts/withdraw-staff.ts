import type { Clock } from '../../platform/clock.ts'
import { type Database, statement } from '../../platform/database/database.ts'
import { nobody, type TraceActor } from '../../platform/trace/events.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'

const KNOWN = statement(
  'accounts.staff-with-role',
  `select p.person_id as "personId" from portal.person p join portal.staff_role using (person_id)
   where p.realm = $1 and p.subject = $2`,
)
const WITHDRAW = statement(
  'accounts.withdraw-staff',
  `with role_ as (delete from portal.staff_role where person_id = $1 returning 1),
   left_ as (delete from portal.box_holder where person_id = $1 and capacity = 'adviser'),
   over_ as (delete from portal.session where person_id = $1 returning session_id),
   ${traceCte(2, 'role_')}
   select session_id as "sessionId" from over_`,
)

/**
 * Takes every right of somebody whose provider asserts none any more: role, desks, and all their sessions.
 * @returns the sessions that are over
 */
export async function withdrawStaff(
  { database, clock }: { database: Database; clock: Clock },
  input: { issuerId: string; subject: string; actor?: TraceActor },
): Promise<string[]> {
  const { administrative } = database
  const [known] = await administrative.run<{ personId: string }>(KNOWN, [input.issuerId, input.subject])
  if (!known) return []
  const trace = entry(clock, PORTAL_CHAIN, input.actor ?? nobody, {
    type: 'role.changed',
    subject: known.personId,
    role: 'none',
    organisms: [],
  })
  const rows = await administrative.run<{ sessionId: string }>(WITHDRAW, [known.personId, ...traceValues(trace)])
  return rows.map(({ sessionId }) => sessionId)
}
