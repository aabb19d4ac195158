import { randomBytes } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import { type Database, statement } from '../../platform/database/database.ts'
import { hashOf } from '../../platform/sessions/sessions.ts'

/** Time to find the card, its reader and its code. */
const PATIENCE_MS = 10 * 60_000
const SWEEP_MS = 24 * 3_600_000

// What others began and left goes by the way: the table stays small without a sweeper of its own.
const BEGIN = statement(
  'cards.begin-sign-in',
  `with swept_ as (delete from portal.card_sign_in where expires_at < $5)
   insert into portal.card_sign_in (state_hash, browser_hash, return_to, expires_at) values ($1, $2, $3, $4)`,
)

/**
 * Begins a sign-in by the card, bound to this browser: its return is worth nothing in another one.
 * @param input.browser value of the cookie that binds it, when the browser has one already
 */
export async function startCardSignIn(
  { database, clock }: { database: Database; clock: Clock },
  input: { returnTo: string; browser: string | null },
): Promise<{ state: string; browser: string }> {
  const state = randomBytes(32).toString('base64url')
  const browser = input.browser ?? randomBytes(32).toString('base64url')
  const now = clock.now().getTime()
  await database.administrative.run(BEGIN, [
    hashOf(state),
    hashOf(browser),
    input.returnTo,
    new Date(now + PATIENCE_MS),
    new Date(now - SWEEP_MS),
  ])
  return { state, browser }
}
