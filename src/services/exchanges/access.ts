// Whether an exchange is one of this person's, asked of the database itself.
import type { Clock } from '../../platform/clock.ts'
import { type Database, type Runner, statement } from '../../platform/database/database.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN, writeTrace } from '../../platform/trace/trace.ts'
import type { Side } from './limits.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import type { State } from './rules.ts'
import type { SealedExchange } from './sealing.ts'

/** SQL: the entry of exchange $2 in a box that person $1 holds at $3. */
export const HELD = `portal.box_holder h join medical.box_entry e on e.box_id = h.box_id
  where h.person_id = $1 and e.exchange_id = $2 and h.valid_from <= $3 and (h.valid_to is null or h.valid_to > $3)`

export type Access = SealedExchange & { side: Side; state: State; practice_box: string; desk_box: string }

const ACCESS = statement(
  'exchanges.access',
  `select x.organism_id, x.exchange_id, x.key_id, x.data_key, x.header, x.state, held_.side, x.practice_box, x.desk_box
   from (select e.organism_id, e.exchange_id, e.side from ${HELD} limit 1) as held_
   join medical.exchange x using (organism_id, exchange_id)`,
)

/** Where an exchange stands for this person; null when it is not theirs, or does not exist. */
export async function accessTo(
  runner: Runner,
  clock: Clock,
  principal: Principal,
  exchangeId: string,
): Promise<Access | null> {
  const [row] = await runner.run<Access>(ACCESS, [principal.personId, exchangeId, clock.now()])
  return row ?? null
}

/** A retry of what is done already: the server that did it may have died before it told the screens. */
export async function tellAgain(
  { database, clock, live }: Parts,
  principal: Principal,
  exchangeId: string,
): Promise<void> {
  const access = await accessTo(database.medical, clock, principal, exchangeId)
  if (access) live.tell({ boxes: [access.practice_box, access.desk_box], exchangeId })
}

/** The refusal of an exchange that is someone else's: traced, and the same as for one that does not exist. */
export async function refuseAccess(
  { database, clock }: { database: Database; clock: Clock },
  principal: Principal,
  exchangeId: string,
  act: string,
) {
  await writeTrace(
    database.medical,
    entry(clock, PORTAL_CHAIN, traceActor(principal), { type: 'exchange.refused', exchange: exchangeId, act }),
  )
  return refuse('exchange-not-found')
}
