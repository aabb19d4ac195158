import { randomBytes } from 'node:crypto'
import * as client from 'openid-client'
import type { Clock } from '../../platform/clock.ts'
import { type Database, statement } from '../../platform/database/database.ts'
import { hashOf } from '../../platform/sessions/sessions.ts'
import type { IdentityProviders } from './identity-providers.ts'
import { refuse } from './problems.ts'

/** A sign-in must come back within this time. */
const PATIENCE_MS = 10 * 60_000

const BEGIN = statement(
  'accounts.begin-sign-in',
  `insert into portal.sign_in_request (state_hash, browser_hash, issuer_id, nonce, code_verifier, return_to, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7)`,
)

/**
 * Begins a sign-in: notes what its return must match, and tells where to send the browser.
 * @param input.browser value of the cookie that binds the sign-in to this browser, when it has one already (another
 *   sign-in may be under way in another tab)
 * @param input.idpHint the establishment's own provider to be sent to straight away, where the settings know it
 * @throws Refusal `identity-provider-unknown`, `identity-provider-unavailable`
 */
export async function startSignIn(
  { database, clock, providers }: { database: Database; clock: Clock; providers: IdentityProviders },
  input: { issuerId: string; returnTo: string; browser: string | null; idpHint?: string },
): Promise<{ address: URL; browser: string }> {
  const provider = providers.get(input.issuerId)
  if (!provider) throw refuse('identity-provider-unknown')
  const browser = input.browser ?? randomBytes(32).toString('base64url')
  const request = {
    state: client.randomState(),
    nonce: client.randomNonce(),
    codeVerifier: client.randomPKCECodeVerifier(),
  }
  const address = await providers.begin(provider, { ...request, idpHint: input.idpHint })
  await database.administrative.run(BEGIN, [
    hashOf(request.state),
    hashOf(browser),
    provider.issuerId,
    request.nonce,
    request.codeVerifier,
    input.returnTo,
    new Date(clock.now().getTime() + PATIENCE_MS),
  ])
  return { address, browser }
}
