import type { Principal } from '../../platform/sessions/principal.ts'
import type { Connection } from './contract.ts'
import type { Parts } from './parts.ts'

/** This person's open sessions, the last used first. */
export async function listConnections(
  { sessions }: Pick<Parts, 'sessions'>,
  principal: Principal,
): Promise<{ connections: Connection[] }> {
  const open = await sessions.list(principal.personId)
  return {
    connections: open.map((session) => ({
      sessionId: session.sessionId,
      via: session.via as Connection['via'],
      authMode: session.authMode,
      place: session.place,
      openedAt: session.createdAt.toISOString(),
      lastSeenAt: session.lastSeenAt.toISOString(),
      address: session.address,
      current: session.sessionId === principal.sessionId,
    })),
  }
}
