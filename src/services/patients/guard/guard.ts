// Every look-up passes here: counted before the directory is asked, compared with the person's others, refused when it
// is one too many or looks like a walk. Counting and comparing are two statements: a look-up sees all those that were
// written before it was counted, on whichever server, so that of parallel ones no more pass than of a queue.
import { statement } from '../../../platform/database/database.ts'
import { type Refusal, refuse as refuseByHttp } from '../../../platform/http/problem.ts'
import { newId } from '../../../platform/identifiers.ts'
import { networkOf } from '../../../platform/network.ts'
import { type Principal, traceActor } from '../../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN, writeTrace } from '../../../platform/trace/trace.ts'
import type { InHand } from '../in-hand.ts'
import { refuse } from '../problems.ts'
import { type Block, blockIdentification } from './block-identification.ts'
import { type Counter, countersOf, organismCounter } from './counters.ts'
import { decadeOf, facetOf } from './facets.ts'
import type { IdentificationLimits } from './identification-limits.ts'
import { isNight, whenSaid } from './periods.ts'
import { causeOf, type Watched } from './suspicion.ts'

export type GuardParts = InHand & {
  limits: IdentificationLimits
  outbox: { wake(): void }
  /** Where the alert goes, and whom a blocked person writes to. */
  securityContact: string
}

/** A look-up about to be made. */
export type Asked = {
  nir13: string
  /** Network address it comes from. */
  address: string
  /** By the limited identification, which has a limit of its own. */
  limited: boolean
}

/** A look-up that may be made. */
export type Admitted = {
  lookupId: string
  /** How many limited identifications are left today. */
  limitedLeft: number
}

/** What a look-up found: `failed` when the directory did not answer. */
export type Outcome = 'found' | 'unknown' | 'failed'

// Sorted, so that two look-ups that share counters take them in the same order.
const countedCte = (first: number) => `
  counted_ as (
    insert into medical.lookup_count as c (counter, n, ends_at)
    select u.counter, 1, u.ends_at from unnest($${first}::text[], $${first + 1}::timestamptz[]) as u (counter, ends_at)
    order by u.counter
    on conflict (counter) do update set n = c.n + 1
    returning counter, n
  )`

// What a machine sends far beyond the limit is counted, and no longer kept.
const COUNT = statement(
  'patients.countLookup',
  `with ${countedCte(1)}, noted_ as (
    insert into medical.lookup (lookup_id, person_id, at, number_index, decade_index, facets, night, outcome)
    select $5::uuid, $6::uuid, $7::timestamptz, $8::bytea, $9::bytea, $10::bytea[], $11::boolean, 'asked'
    from counted_ where counter = $3 and n <= $4
    returning 1
  )
  select counter, n from counted_`,
)
// Only what came since the last time a block was lifted: an administrator's word wipes the slate.
const WATCH = statement(
  'patients.watchLookups',
  `with mine_ as (
    select number_index, decade_index, facets, at, night, outcome from medical.lookup
    where person_id = $1 and at > greatest($2::timestamptz,
      (select max(lifted_at) from portal.identification_block where person_id = $1))
  )
  select
    (select block_id from portal.identification_block where person_id = $1 and lifted_at is null) as "blockId",
    (select count(distinct number_index) from mine_ where at > $3) as volume,
    (select count(distinct number_index) from mine_ where night and at > $4) as night,
    (select count(distinct number_index) from mine_ where outcome = 'unknown' and at > $5) as unknown,
    (select count(distinct number_index) from mine_ where at > $5) as "unknownAmong",
    (select count(distinct number_index) - count(distinct decade_index) from mine_ where at > $6) as crowding,
    array(select (select count(distinct m.number_index) from mine_ m
        where m.at > r.since and m.facets[r.place] = r.facet)
      from unnest($7::bytea[], $8::timestamptz[]) with ordinality as r (facet, since, place) order by r.place) as runs`,
)
const CONCLUDE = statement(
  'patients.concludeLookup',
  `with ${countedCte(1)}, noted_ as (
    update medical.lookup set outcome = $4::text where lookup_id = $3::uuid
  )
  select counter, n from counted_`,
)

/**
 * Counts a look-up and lets it through, or not.
 * @throws Refusal `too-many-requests` (with `retryAfter` in seconds), `identification-blocked`
 */
export async function admitLookup(parts: GuardParts, principal: Principal, asked: Asked): Promise<Admitted> {
  const { database, clock, limits, vault } = parts
  const { personId } = principal
  const { nir13, address, limited } = asked
  const now = clock.now()
  const byNight = isNight(now, limits.night)
  const network = (await vault.index('medical', PORTAL_CHAIN, `address/${networkOf(address)}`)).toString('hex')
  const counters = countersOf(principal, { network, limited, now, limits })
  const counterOf = (limit: Counter['limit']) => counters.find((counter) => counter.limit === limit)
  const day = counterOf('personDay')!
  const { number, decade, facets } = await indexesOf(parts, personId, nir13)
  const lookupId = newId()
  const counted = await database.medical.run<{ counter: string; n: number }>(COUNT, [
    counters.map(({ counter }) => counter),
    counters.map(({ period }) => period.endsAt),
    day.counter,
    day.most + limits.blocking.beyondLimit,
    lookupId,
    personId,
    now,
    number,
    decade,
    facets,
    byNight,
  ])
  const beyond = ({ counter, most }: Counter) => counted.find((row) => row.counter === counter)!.n - most

  const { blockId, ...seen } = await watch(parts, personId, facets, now)
  if (blockId) {
    await traceLimited(parts, principal, 'blocked')
    throw blockedRefusal(parts)
  }
  const watched: Watched = { ...seen, byNight, beyond: [counterOf('personHour')!, day].map(beyond) }
  const cause = causeOf(watched, limits)
  if (cause) {
    await blockIdentification(parts, principal, cause, blockCounts(watched))
    throw blockedRefusal(parts)
  }
  const full = counters.filter((counter) => beyond(counter) > 0)
  if (full.length > 0) throw await refuseFull(parts, principal, full, now)

  const own = counterOf('limitedDay')
  return { lookupId, limitedLeft: own ? -beyond(own) : 0 }
}

/**
 * Notes what a look-up found, and counts it for the organisme of the insured; the same work whatever was found.
 * @param organismId of the insured; null when there is none
 * @throws Refusal `too-many-requests` when too many insured of this organisme have been asked for, by whomever
 */
export async function concludeLookup(
  parts: GuardParts,
  principal: Principal,
  lookupId: string,
  outcome: Outcome,
  organismId: string | null,
): Promise<void> {
  const { database, clock, limits } = parts
  const now = clock.now()
  const counter = organismCounter(organismId, now, limits)
  const [row] = await database.medical.run<{ n: number }>(CONCLUDE, [
    [counter.counter],
    [counter.period.endsAt],
    lookupId,
    outcome,
  ])
  if (row && row.n > counter.most) throw await refuseFull(parts, principal, [counter], now)
}

/** Keyed, and bound to the person: two people's look-ups of one number have nothing in common. */
async function indexesOf({ vault, limits }: GuardParts, personId: string, nir13: string) {
  const hash = async (text: string) =>
    (await vault.index('medical', PORTAL_CHAIN, `lookup/${personId}/${text}`)).subarray(0, 16)
  const facets = limits.blocking.runs.map(async ({ varies }) => {
    const facet = facetOf(nir13, varies)
    return facet === null ? null : hash(`facet/${facet}`)
  })
  return {
    number: await hash(`number/${nir13}`),
    decade: await hash(`decade/${decadeOf(nir13)}`),
    facets: await Promise.all(facets),
  }
}

async function watch({ database, limits }: GuardParts, personId: string, facets: (Buffer | null)[], now: Date) {
  const { blocking } = limits
  const since = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
  const all = [blocking.volume, blocking.night, blocking.unknown, blocking.crowding, ...blocking.runs]
  type Row = Omit<Watched, 'beyond' | 'byNight'> & { blockId: string | null }
  const [row] = await database.medical.run<Row>(WATCH, [
    personId,
    since(Math.max(...all.map(({ hours }) => hours))),
    since(blocking.volume.hours),
    since(blocking.night.hours),
    since(blocking.unknown.hours),
    since(blocking.crowding.hours),
    facets,
    blocking.runs.map(({ hours }) => since(hours)),
  ])
  return { ...row!, runs: row!.runs.map(Number) }
}

const blockCounts = ({ volume, unknown, night, runs, crowding }: Watched): Block['counts'] => ({
  numbers: volume,
  unknown,
  night,
  alike: Math.max(crowding, ...runs),
})

/** Several limits at once are told by the one that opens last. */
async function refuseFull(parts: GuardParts, principal: Principal, full: Counter[], now: Date): Promise<Refusal> {
  const { limit, sentence, period } = full.toSorted((a, b) => +b.period.endsAt - +a.period.endsAt)[0]!
  await traceLimited(parts, principal, limit)
  const retryAfter = Math.max(1, Math.ceil((period.endsAt.getTime() - now.getTime()) / 1000))
  const detail = `${sentence} ; vous pourrez recommencer ${whenSaid(period.endsAt, now)}.`
  return refuseByHttp('too-many-requests', { extra: { detail, retryAfter } })
}

const blockedRefusal = ({ securityContact }: GuardParts) =>
  refuse('identification-blocked', { extra: { detail: `Vous pouvez aussi écrire à ${securityContact}.` } })

/** A look-up that is refused is traced too. */
async function traceLimited({ database, clock }: GuardParts, principal: Principal, limit: string): Promise<void> {
  const chain = principal.organismIds[0] ?? PORTAL_CHAIN
  const event = { type: 'identification.limited', limit, means: 'typed' } as const
  await writeTrace(database.medical, entry(clock, chain, traceActor(principal), event))
}
