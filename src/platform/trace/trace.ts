// An append-only trace, hash-chained in 16 lanes per organism, written in the same statement as the act it tells of.
import type { Clock } from '../clock.ts'
import { type Runner, statement } from '../database/database.ts'
import type { TraceActor, TraceEvent } from './events.ts'

export const LANES = 16
/** Chain of what concerns no organism (sign-ins). */
export const PORTAL_CHAIN = 'portal'

/** What a statement writes in the trace. */
export type TraceEntry = {
  organismId: string
  lane: number
  at: Date
  type: TraceEvent['type']
  actor: string | null
  exchangeId: string | null
  /** Canonical JSON: what is hashed, byte for byte. */
  event: string
}

/** An exchange is always in the same lane, so that its story is one chain. */
export const laneOf = (id: string): number => Number.parseInt(id.slice(-2), 16) % LANES

/** Makes the entry of an event; keys in a fixed order, so that the text is canonical. */
export function entry(clock: Clock, organismId: string, actor: TraceActor, event: TraceEvent): TraceEntry {
  const at = clock.now()
  const { type, ...what } = event
  const exchangeId = 'exchange' in event ? event.exchange : null
  return {
    organismId,
    lane: laneOf(exchangeId ?? actor.session ?? actor.person ?? '00'),
    at,
    type,
    actor: actor.person,
    exchangeId,
    event: JSON.stringify({
      v: 1,
      at: at.toISOString(),
      organism: organismId,
      type,
      actor: {
        person: actor.person,
        session: actor.session,
        role: actor.role,
        via: actor.via,
        authMode: actor.authMode,
        level: actor.level,
        activity: actor.activity,
        ...(actor.onBehalfOf && { onBehalfOf: actor.onBehalfOf }),
      },
      ...what,
    }),
  }
}

/** The seven values that `traceCte` reads, in order. */
export const traceValues = (e: TraceEntry): unknown[] => [
  e.organismId,
  e.lane,
  e.at,
  e.type,
  e.actor,
  e.exchangeId,
  e.event,
]

/**
 * The part of a statement that adds one event to its chain: two common table expressions, `lane_` and `traced_`.
 * @param first number of the first of seven parameters, as `traceValues` gives them
 * @param source a common table expression; the event is written once when it has a row, and not at all when it has none
 * @param text SQL of the event's text, where the statement itself adds to it (see `withFact`)
 */
export function traceCte(first: number, source: string, text?: string): string {
  const [organism, lane, at, type, actor, exchange, given] = Array.from({ length: 7 }, (_, i) => `$${first + i}`)
  const event = text ?? given
  const leaf = `sha256(convert_to(${event}::text, 'UTF8'))`
  return `
lane_ as (
  insert into trace.lane as l (organism_id, lane, seq, head)
  select ${organism}::text, ${lane}::smallint, 1, sha256(decode(repeat('00', 32), 'hex') || int8send(1) || ${leaf})
  from (select 1 from ${source} limit 1) as one
  on conflict (organism_id, lane) do update
    set seq = l.seq + 1, head = sha256(l.head || int8send(l.seq + 1) || ${leaf})
  returning l.seq, l.head
),
traced_ as (
  insert into trace.event (organism_id, lane, seq, head, at, type, actor, exchange_id, event)
  select ${organism}::text, ${lane}::smallint, lane_.seq, lane_.head, ${at}::timestamptz, ${type}::text,
         ${actor}::uuid, ${exchange}::uuid, ${event}::text
  from lane_
)`
}

/** SQL: the text of the event of `traceCte(first, …)` with one more fact at its end, an identifier only the statement knows. */
export const withFact = (first: number, name: string, identifier: string): string =>
  `case when ${identifier} is null then $${first + 6}::text
     else left($${first + 6}::text, -1) || ',"${name}":"' || ${identifier} || '"}' end`

const WRITE = statement('trace.write', `with one_ as (select 1), ${traceCte(1, 'one_')} select 1 from lane_`)

/** Writes one event by itself, for what has no statement of its own (a refusal). */
export async function writeTrace(runner: Runner, e: TraceEntry): Promise<void> {
  await runner.run(WRITE, traceValues(e))
}
