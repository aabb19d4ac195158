import { statement } from '../../platform/database/database.ts'
import { traceActor } from '../../platform/sessions/principal.ts'
import { hashOf } from '../../platform/sessions/sessions.ts'
import { entry, PORTAL_CHAIN } from '../../platform/trace/trace.ts'
import { readLogoutToken } from './logout-token.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'

const SEEN = statement('accounts.logout-token-seen', 'select 1 from portal.logout_token where token_hash = $1')
// What is too old to be taken again is forgotten on the way.
const REMEMBER = statement(
  'accounts.remember-logout-token',
  `with old_ as (delete from portal.logout_token where expires_at < $3)
   insert into portal.logout_token (token_hash, expires_at) values ($1, $2) on conflict do nothing returning 1`,
)

/**
 * Closes every session that stands on the provider's own session (or on any session of the person, when it names none).
 * @throws Refusal `logout-token-refused` when the token is not this provider's, not for us, not of now, or came before
 */
export async function signOutByProvider(
  parts: Pick<Parts, 'database' | 'clock' | 'sessions' | 'providers'>,
  input: { issuerId: string; logoutToken: string },
): Promise<void> {
  const { database, clock, sessions, providers } = parts
  const provider = providers.get(input.issuerId)
  if (!provider) throw refuse('logout-token-refused')
  const token = await providers
    .keysOf(provider)
    .then((keys) =>
      readLogoutToken(input.logoutToken, {
        issuer: provider.issuer,
        clientId: provider.clientId,
        keys,
        now: clock.now(),
      }),
    )
    .catch((cause) => {
      throw refuse('logout-token-refused', { cause })
    })
  const tokenHash = hashOf(`${provider.issuer}\n${token.jti}`)
  if ((await database.administrative.run(SEEN, [tokenHash])).length > 0) throw refuse('logout-token-refused')
  // Closed first, remembered last: a token that was not wholly heeded may come again.
  const closed = await sessions.byProvider(provider.issuer, token)
  for (const principal of closed) {
    const trace = entry(clock, PORTAL_CHAIN, traceActor(principal), { type: 'session.closed', reason: 'backChannel' })
    await sessions.close(principal, trace)
  }
  const first = await database.administrative.run(REMEMBER, [tokenHash, token.expiresAt, clock.now()])
  if (first.length === 0) throw refuse('logout-token-refused')
}
