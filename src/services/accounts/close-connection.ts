import { refuse } from '../../platform/http/problem.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN } from '../../platform/trace/trace.ts'
import type { Parts } from './parts.ts'

type Needed = Pick<Parts, 'sessions' | 'clock'>

/**
 * Closes one of this person's sessions, from any of them.
 * @throws Refusal `not-found` for one that is over, or of somebody else
 */
export async function closeConnection(parts: Needed, principal: Principal, sessionId: string): Promise<void> {
  if (!(await close(parts, principal, sessionId))) throw refuse('not-found')
}

/** Closes all of this person's sessions but the one they ask from. */
export async function closeOtherConnections(parts: Needed, principal: Principal): Promise<{ closed: number }> {
  const others = (await parts.sessions.list(principal.personId)).filter(
    ({ sessionId }) => sessionId !== principal.sessionId,
  )
  let closed = 0
  for (const { sessionId } of others) if (await close(parts, principal, sessionId)) closed++
  return { closed }
}

function close({ sessions, clock }: Needed, principal: Principal, sessionId: string): Promise<boolean> {
  const reason = sessionId === principal.sessionId ? 'signOut' : 'fromElsewhere'
  const trace = entry(clock, PORTAL_CHAIN, traceActor(principal), {
    type: 'session.closed',
    reason,
    closed: sessionId,
  })
  return sessions.closeOne(principal.personId, sessionId, trace)
}
