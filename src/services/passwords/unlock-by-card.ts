import { statement } from '../../platform/database/database.ts'
import type { NewSession } from '../../platform/sessions/sessions.ts'
import { nobody } from '../../platform/trace/events.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import type { Parts } from './parts.ts'
import { DORMANT_MS } from './sign-in.ts'

// Nothing is written, and nothing traced, for an account that was open.
const UNLOCK = statement(
  'passwords.unlock',
  `with shut_ as (
     select c.person_id, c.attempt_key from portal.password_account c
     left join portal.password_attempt a using (attempt_key)
     where c.person_id = $1 and (a.locked_at is not null or c.last_used_at < $3)),
   open_ as (
     update portal.password_account c set last_used_at = $2 from shut_ where c.person_id = shut_.person_id returning 1),
   tries_ as (delete from portal.password_attempt a using shut_ where a.attempt_key = shut_.attempt_key),
   ${traceCte(4, 'open_')}
   select 1 from lane_`,
)

/** Who comes by card has shown more than the password: what was locked or slept is open again. */
export async function unlockByCard(
  { database, clock }: Pick<Parts, 'database' | 'clock'>,
  { personId, level, side, via }: Pick<NewSession, 'personId' | 'level' | 'side' | 'via'>,
): Promise<void> {
  if (level !== 'substantial' || side !== 'practice') return
  const now = clock.now()
  const trace = entry(clock, PORTAL_CHAIN, nobody, { type: 'password.unlocked', subject: personId, by: via })
  const asleep = new Date(now.getTime() - DORMANT_MS)
  await database.administrative.run(UNLOCK, [personId, now, asleep, ...traceValues(trace)])
}
