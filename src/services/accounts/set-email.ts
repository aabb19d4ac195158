import { statement } from '../../platform/database/database.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import type { Parts } from './parts.ts'

const SET = statement(
  'accounts.set-email',
  `with set_ as (update portal.person set email = $2 where person_id = $1 returning 1), ${traceCte(3, 'set_')}
   select 1 from lane_`,
)

/**
 * Sets the address that notices go to, or puts the question off until the next sign-in (null). Notices that were
 * waiting for an address leave at once. The staff has none: no notice is sent to them.
 */
export async function setEmail(
  { database, clock, sessions, outbox }: Pick<Parts, 'database' | 'clock' | 'sessions' | 'outbox'>,
  principal: Principal,
  email: string | null,
): Promise<Principal> {
  if (email === null) {
    await sessions.postponeEmail(principal)
    return { ...principal, emailPostponed: true }
  }
  const trace = entry(clock, PORTAL_CHAIN, traceActor(principal), { type: 'email.set' })
  await database.administrative.run(SET, [principal.personId, email, ...traceValues(trace)])
  outbox.wake()
  return principal
}
