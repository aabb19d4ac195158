// What the gates must answer, said a second time and apart from the product's own check: from a route's declared level
// and right, and from what each kind of person holds.
import type { Level, Right } from '../../../src/platform/http/contract.ts'
import { KINDS, type Kind, type KindOfPerson } from './kinds.ts'

const RANKS: Level[] = ['none', 'low', 'low2', 'substantial']

export type Gate = { method: string; level: Level; right: Right }

/** The code a kind is refused with before any object is looked at; null when it passes. */
export function refusedAtTheGates(kind: Kind, { method, level, right }: Gate): string | null {
  const person: KindOfPerson = KINDS[kind]
  const { origin, 'sec-fetch-site': site } = person.headers ?? {}
  // Reading is an act as well as writing; what is open to strangers may be navigated to from anywhere.
  if ((method !== 'GET' || level !== 'none') && (origin || site)) return 'origin-refused'
  // Where a session is carried, a writing request must say that it is the portal's own.
  if (method !== 'GET' && person.headers && !origin && !site) return 'origin-refused'
  if (level === 'none') return null
  if (person.level === 'none') return 'session-required'
  if (RANKS.indexOf(person.level) < RANKS.indexOf(level)) return 'level-insufficient'
  if (right === 'anyone' || right === 'signedIn' || person.rights.includes(right)) return null
  return person.placeWanted?.includes(right) ? 'place-required' : 'right-missing'
}
