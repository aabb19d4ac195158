import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, writeTrace } from '../../platform/trace/trace.ts'
import { parisDay } from './age.ts'
import type { LimitedIdentity } from './contract.ts'
import { ageBand, initialsOf, rightsOpenOn } from './identity.ts'
import { type LookUpParts, lookUp, type Typed } from './look-up.ts'

/**
 * What a password opens of an insured person: enough to bill, not enough to know who it is. Nothing is put in hand, and
 * nobody else of the number is told of.
 * @throws Refusal those of `lookUp`; after thirty of one day, `too-many-requests`
 */
export async function identifyLimited(
  parts: LookUpParts,
  principal: Principal,
  typed: Typed,
): Promise<LimitedIdentity> {
  const { clock, database, organisms } = parts
  const event = (found: number) => ({ type: 'patient.identified-limited', means: 'typed', found }) as const
  const { people, keyComputed, limitedLeft, chain } = await lookUp(parts, principal, typed, {
    limited: true,
    event: event(0),
  })
  const { person, organism } = people.find(({ person }) => person.quality === 'assuré') ?? people[0]!
  await writeTrace(database.medical, entry(clock, chain, traceActor(principal), event(1)))
  const now = clock.now()
  const regime = organisms.regime(organism.regimeCode)
  return {
    keyComputed,
    initials: initialsOf(person),
    ageBand: ageBand(person.birthDate, now),
    regime: { code: organism.regimeCode, label: regime?.label ?? organism.regimeCode },
    organism: { code: organism.caisseCode, name: organism.name },
    rights: { on: parisDay(now), open: rightsOpenOn(person.rights, parisDay(now)) },
    left: limitedLeft,
  }
}
