// One look-up of a typed number, whoever asks and for however much: read, counted, asked of the directory, noted.
import { Refusal } from '../../platform/http/problem.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import type { TraceEvent } from '../../platform/trace/events.ts'
import { entry, PORTAL_CHAIN, writeTrace } from '../../platform/trace/trace.ts'
import type { OrganismRow, Organisms } from '../organisms/contract.ts'
import type { InsuredDirectory, InsuredPerson } from './directory/directory.ts'
import { evenTime } from './even-time.ts'
import { admitLookup, concludeLookup, type GuardParts, type Outcome } from './guard/guard.ts'
import { parseNir } from './nir.ts'
import { refuse } from './problems.ts'

export type LookUpParts = GuardParts & { organisms: Organisms; directory: InsuredDirectory }

/** A typed number, and the network address it comes from. */
export type Typed = { number: string; address: string }

export type Found = {
  /** True when 13 characters were typed and the key was computed. */
  keyComputed: boolean
  people: { person: InsuredPerson; organism: OrganismRow }[]
  limitedLeft: number
  /** The chain of the organisme whose insured it is. */
  chain: string
}

/**
 * The people of a typed number whom this person may see: a practitioner the insured of any organisme, an insurer's
 * person those of their own. What is unknown and what is not theirs give the same answer, by the same statements, after
 * the same time.
 * @param event the event that says that nobody was found; what was found is the caller's to trace
 * @throws Refusal `nir-length`, `nir-shape`, `nir-key`, `nir-fictitious` (with the fault at /number),
 * `too-many-requests`, `identification-blocked`, `patient-unknown`, `patient-organism-not-served`, `directory-unavailable`
 */
export async function lookUp(
  parts: LookUpParts,
  principal: Principal,
  { number, address }: Typed,
  { limited, event }: { limited: boolean; event: TraceEvent },
): Promise<Found> {
  const reading = parseNir(number)
  if (!reading.ok) {
    const { code, detail } = reading
    throw refuse(code, { faults: [{ pointer: '/number', code, detail }] })
  }
  const { nir13, keyComputed } = reading
  const { lookupId, limitedLeft } = await admitLookup(parts, principal, { nir13, address, limited })
  const started = performance.now()
  const known = await ask(parts, principal, lookupId, nir13)
  const served = known.flatMap((person) => {
    const organism = parts.organisms.resolve(person.organismId)
    return organism ? [{ person, organism }] : []
  })
  const people =
    principal.side === 'desk'
      ? served.filter(({ organism }) => principal.organismIds.includes(organism.organismId))
      : served
  const seen = people[0]?.organism.organismId ?? null
  const outcome: Outcome = known.length > 0 && (principal.side !== 'desk' || people.length > 0) ? 'found' : 'unknown'
  await concludeLookup(parts, principal, lookupId, outcome, seen)
  // When nobody was found, the chain of the one who asked.
  const chain = seen ?? principal.organismIds[0] ?? PORTAL_CHAIN
  if (people.length > 0) return { keyComputed, people, limitedLeft, chain }

  await writeTrace(parts.database.medical, entry(parts.clock, chain, traceActor(principal), event))
  await evenTime(started)
  throw refuse(outcome === 'found' ? 'patient-organism-not-served' : 'patient-unknown')
}

/** A directory that is away says nothing about the number: such a look-up is not held against anybody. */
async function ask(
  parts: LookUpParts,
  principal: Principal,
  lookupId: string,
  nir13: string,
): Promise<InsuredPerson[]> {
  try {
    return await parts.directory.find(nir13)
  } catch (fault) {
    if (fault instanceof Refusal) {
      const { clock, database } = parts
      await concludeLookup(parts, principal, lookupId, 'failed', null)
      const event = { type: 'identification.unanswered', means: 'typed' } as const
      const chain = principal.organismIds[0] ?? PORTAL_CHAIN
      await writeTrace(database.medical, entry(clock, chain, traceActor(principal), event))
    }
    throw fault
  }
}
