import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import type { NewSession } from '../../platform/sessions/sessions.ts'
import { entry, PORTAL_CHAIN } from '../../platform/trace/trace.ts'
import type { Parts } from './parts.ts'

/**
 * Opens a session, under a new id, for somebody who has just proved who they are, by whatever means; the one that this
 * browser had is closed. Every way in ends here.
 * @param previous who was signed in on this browser until now (a step-up, or somebody else)
 */
export async function openSession(
  { sessions, clock, opened: tell, linkDelegations }: Pick<Parts, 'sessions' | 'clock' | 'opened' | 'linkDelegations'>,
  session: NewSession,
  previous: Principal | null,
): Promise<{ cookie: string; sessionId: string }> {
  if (session.side === 'practice') await linkDelegations(session.personId)
  const opened = await sessions.open(session, ({ sessionId }) =>
    entry(clock, PORTAL_CHAIN, traceActor({ ...session, sessionId }), {
      type: 'session.opened',
      via: session.via,
      authMode: session.authMode,
      acr: session.acr,
    }),
  )
  await tell?.(session)
  if (previous) {
    const closed = entry(clock, PORTAL_CHAIN, traceActor(previous), { type: 'session.closed', reason: 'signOut' })
    await sessions.close(previous, closed)
  }
  return opened
}
