import { refuse as refuseAtTheEdge } from '../../platform/http/problem.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { Judgement } from './contract.ts'
import { holderById } from './holder.ts'
import { judgePassword } from './judge-password.ts'
import { openLink } from './open-link.ts'
import type { Parts } from './parts.ts'

/**
 * Judges a password that is being typed, for the holder of a link or of the session; the estimator and its lists stay on
 * the server, out of the first page's weight. Strangers are given no estimator to use.
 * @throws Refusal `session-required`, `link-ended`
 */
export async function judge(
  parts: Parts,
  principal: Principal | null,
  input: { token: string | null; password: string },
): Promise<Judgement> {
  if (input.token !== null)
    return judgePassword(parts.estimator, (await openLink(parts, input.token)).holder, input.password)
  if (!principal) throw refuseAtTheEdge('session-required')
  return judgePassword(parts.estimator, await holderById(parts.database, principal.personId), input.password)
}
