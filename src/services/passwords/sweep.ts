import { statement } from '../../platform/database/database.ts'
import type { Parts } from './parts.ts'

const DAY_MS = 24 * 3_600_000
/** Longer than an account may sleep: a locked identifier that nobody has is locked as long as one that somebody has. */
const ATTEMPTS_KEPT_MS = 365 * DAY_MS
const PLACES_KEPT_MS = 365 * DAY_MS

const SWEEP = [
  statement('passwords.sweep-links', 'delete from portal.account_link where expires_at < $1'),
  statement('passwords.sweep-pending', 'delete from portal.pending_sign_in where expires_at < $1'),
  statement('passwords.sweep-attempts', 'delete from portal.password_attempt where updated_at < $1'),
  statement('passwords.sweep-places', 'delete from portal.known_place where seen_at < $1'),
]
const KEPT_MS = [2 * DAY_MS, DAY_MS, ATTEMPTS_KEPT_MS, PLACES_KEPT_MS]

/** Removes what is over. */
export async function sweep({ database, clock }: Pick<Parts, 'database' | 'clock'>): Promise<void> {
  const now = clock.now().getTime()
  for (const [at, each] of SWEEP.entries()) await database.administrative.run(each, [new Date(now - KEPT_MS[at]!)])
}
