import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN } from '../../platform/trace/trace.ts'
import type { Parts } from './parts.ts'

/** Pushes the idle limit back on demand; the end in all (four hours from the proof) is never moved. */
export async function extendSession(
  { sessions, clock }: Pick<Parts, 'sessions' | 'clock'>,
  principal: Principal,
): Promise<Principal> {
  const trace = entry(clock, PORTAL_CHAIN, traceActor(principal), { type: 'session.extended' })
  return { ...principal, lastSeenAt: await sessions.extend(principal, trace) }
}
