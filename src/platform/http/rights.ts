// The one place where a request's right is checked, before the statement checks it again.
import { covers } from '../sessions/holds.ts'
import type { Principal } from '../sessions/principal.ts'
import type { Level, Operation, Right } from './contract.ts'
import { refuse } from './problem.ts'

const RANK: Record<Level, number> = { none: 0, low: 1, low2: 2, substantial: 3 }

/** Rights of somebody who has chosen no place of practice yet. */
const PLACELESS = new Set<Right>(['anyone', 'signedIn', 'practice'])

/** @throws Refusal `session-required`, `level-insufficient`, `right-missing`, `place-required` or `delegation-scope`. */
export function checkRight(
  principal: Principal | null,
  { level, right, service = 'exchanges', scope = 'send' }: Pick<Operation, 'level' | 'right' | 'service' | 'scope'>,
): void {
  if (right === 'anyone' && level === 'none') return
  if (!principal) throw refuse('session-required')
  if (RANK[principal.level] < RANK[level]) throw refuse('level-insufficient', { extra: { stepUp: '/api/sign-in/psc' } })
  if (!holds(principal, right, service)) throw refuse('right-missing')
  if (!PLACELESS.has(right) && principal.side === 'practice' && !principal.activityId) throw refuse('place-required')
  if (!PLACELESS.has(right) && principal.onBehalfOf && !covers(principal.scope, scope)) throw refuse('delegation-scope')
}

function holds(principal: Principal, right: Right, service: Operation['service']): boolean {
  const admitted = service === 'any' ? principal.services.length > 0 : principal.services.includes(service!)
  switch (right) {
    case 'anyone':
    case 'signedIn':
      return true
    case 'practitioner':
      return principal.side === 'practice' && admitted
    case 'adviser':
      return principal.side === 'desk' && admitted
    case 'party':
      return principal.side !== 'none' && admitted
    case 'practice':
      return principal.side === 'practice'
    case 'agent':
      return principal.side === 'none' && principal.role === 'agent_administratif'
    case 'administrator':
      return principal.side === 'none' && principal.role === 'administrateur'
    case 'auditor':
      return principal.side === 'none' && principal.role === 'auditeur'
  }
}
