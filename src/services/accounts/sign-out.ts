import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN } from '../../platform/trace/trace.ts'
import type { Parts } from './parts.ts'
import { openIdToken } from './sealed-tokens.ts'

/** Closes the session; gives where to send the browser: the identity provider's own sign-out, or the home page. */
export async function signOut(
  { sessions, clock, vault, providers }: Pick<Parts, 'sessions' | 'clock' | 'vault' | 'providers'>,
  principal: Principal,
): Promise<{ redirect: string }> {
  const sealed = await sessions.sealedIdToken(principal)
  await sessions.close(
    principal,
    entry(clock, PORTAL_CHAIN, traceActor(principal), { type: 'session.closed', reason: 'signOut' }),
  )
  // A token that cannot be opened (keys changed) must not keep anybody signed in at the provider.
  const idToken = sealed ? await openIdToken(vault, principal.personId, sealed).catch(() => null) : null
  const address = await providers.signOutAddress(principal.issuer, idToken)
  return { redirect: address?.href ?? '/' }
}
