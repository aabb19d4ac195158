import type { Clock } from '../../platform/clock.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import type { Sessions } from '../../platform/sessions/sessions.ts'
import { entry, PORTAL_CHAIN } from '../../platform/trace/trace.ts'
import { refuse } from './problems.ts'

/**
 * Chooses the place of practice acted from: one's own or, by card, that of a holder who delegated. Gives the principal
 * as it is from now on.
 * @throws Refusal `place-not-yours`
 */
export async function choosePlace(
  { sessions, clock }: { sessions: Sessions; clock: Clock },
  principal: Principal,
  activityId: string,
): Promise<Principal> {
  const chosen = entry(clock, PORTAL_CHAIN, traceActor(principal), { type: 'place.chosen', activity: activityId })
  const placed = await sessions.choosePlace(principal, activityId, chosen)
  if (!placed) throw refuse('place-not-yours')
  return placed
}
