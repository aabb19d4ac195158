import type { Clock } from '../../platform/clock.ts'
import { type Database, statement } from '../../platform/database/database.ts'
import { hashOf } from '../../platform/sessions/sessions.ts'
import { refuse } from './problems.ts'

export type SignInRequest = { state: string; nonce: string; codeVerifier: string; returnTo: string }

// Read and removed at once: a state serves a single time, however many returns come together.
const TAKE = statement(
  'accounts.take-sign-in',
  `delete from portal.sign_in_request where state_hash = $1
   returning browser_hash as "browserHash", issuer_id as "issuerId", nonce, code_verifier as "codeVerifier",
     return_to as "returnTo", expires_at as "expiresAt"`,
)

type Row = {
  browserHash: Buffer
  issuerId: string
  nonce: string
  codeVerifier: string
  returnTo: string
  expiresAt: Date
}

/**
 * The sign-in that a return belongs to, which serves no second time.
 * @throws Refusal `sign-in-expired` when there is none, or it was begun by another browser (a return that somebody else
 *   put in this person's way), with another provider (mix-up), or too long ago
 */
export async function takeSignInRequest(
  { database, clock }: { database: Database; clock: Clock },
  input: { state: string; browser: string | null; issuerId: string },
): Promise<SignInRequest> {
  const [row] = input.state ? await database.administrative.run<Row>(TAKE, [hashOf(input.state)]) : []
  if (!row || !input.browser || !row.browserHash.equals(hashOf(input.browser))) throw refuse('sign-in-expired')
  if (row.issuerId !== input.issuerId || row.expiresAt <= clock.now()) throw refuse('sign-in-expired')
  return { state: input.state, nonce: row.nonce, codeVerifier: row.codeVerifier, returnTo: row.returnTo }
}
