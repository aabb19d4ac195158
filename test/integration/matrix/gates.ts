// What the gates must answer, said a second time and apart from the product's own check: from a route's declared level
// and right, and from what each kind of person holds.
import type { Level, Right } from '../../../src/platform/http/contract.ts'
import type { Scope } from '../../../src/platform/sessions/holds.ts'
import { KINDS, type Kind, type KindOfPerson } from './kinds.ts'

const RANKS: Level[] = ['none', 'low', 'low2', 'substantial']

const REACH: Scope[] = ['headers', 'read', 'prepare', 'send']

/** `scope`: the least of a delegation, `null` where the place acted from does not count. */
export type Gate = { method: string; level: Level; right: Right; scope: Scope | null }

/** The code a kind is refused with before any object is looked at; null when it passes. */
export function refusedAtTheGates(kind: Kind, { method, level, right, scope }: Gate): string | null {
  const person: KindOfPerson = KINDS[kind]
  const { origin, 'sec-fetch-site': site } = person.headers ?? {}
  // Reading is an act as well as writing; what is open to strangers may be navigated to from anywhere.
  if ((method !== 'GET' || level !== 'none') && (origin || site)) return 'origin-refused'
  // Where a session is carried, a writing request must say that it is the portal's own.
  if (method !== 'GET' && person.headers && !origin && !site) return 'origin-refused'
  if (level === 'none') return null
  if (person.level === 'none') return 'session-required'
  if (RANKS.indexOf(person.level) < RANKS.indexOf(level)) return 'level-insufficient'
  if (right === 'anyone' || right === 'signedIn') return null
  if (person.rights.includes(right)) {
    const short = person.scope && scope && REACH.indexOf(person.scope) < REACH.indexOf(scope)
    return short ? 'delegation-scope' : null
  }
  return person.placeWanted?.includes(right) ? 'place-required' : 'right-missing'
}
