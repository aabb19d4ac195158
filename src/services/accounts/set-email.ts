import { statement } from '../../platform/database/database.ts'
import { mailCte, mailValues } from '../../platform/outbox/outbox.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import type { Parts } from './parts.ts'

const FORMER = statement('accounts.former-email', 'select email from portal.person where person_id = $1')
// The former address is told, where there was one: whoever takes an account over changes it first.
const SET = statement(
  'accounts.set-email',
  `with former_ as (select 1 from portal.person where person_id = $1 and email = $3 and email <> $2),
   set_ as (update portal.person set email = $2 where person_id = $1 returning 1),
   ${mailCte(4, 'former_')}, ${traceCte(10, 'set_')}
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
  const [row] = await database.administrative.run<{ email: string | null }>(FORMER, [principal.personId])
  const former = row?.email ?? null
  const mail = mailValues(clock, { kind: 'email-changed', personId: null, recipient: former })
  await database.administrative.run(SET, [principal.personId, email, former, ...mail, ...traceValues(trace)])
  outbox.wake()
  return principal
}
