// Whether an exchange is one of this person's, asked of the database itself.
import type { Clock } from '../../platform/clock.ts'
import { type Database, type Runner, type Statement, statement } from '../../platform/database/database.ts'
import { refuse as refuseAtTheEdge } from '../../platform/http/problem.ts'
import { holds, SCOPES, type Scope } from '../../platform/sessions/holds.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN, writeTrace } from '../../platform/trace/trace.ts'
import type { Side } from './limits.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import type { State } from './rules.ts'
import type { SealedExchange } from './sealing.ts'

/**
 * SQL, after `from`: exchange $2 as `x`, with its entry `e` in a box among $4 that person $1 holds at $3 to the extent that
 * the act needs; `held_` says how far. `ONE_EXCHANGE` stands after `where`.
 */
export const held = (scope: Scope): string => `
  medical.box_entry e join medical.exchange x using (organism_id, exchange_id)
  cross join lateral (select max(h.scope) as scope from portal.box_holder h where h.box_id = e.box_id
    and ${holds({ person: '$1', at: '$3', boxes: '$4', scope, motif: 'x.motif' })} having count(*) > 0) as held_`
export const ONE_EXCHANGE = 'e.exchange_id = $2 and e.box_id = any ($4::uuid[])'

export type Access = SealedExchange & {
  side: Side
  motif: string
  state: State
  practice_box: string
  desk_box: string
}

const access = (scope: Scope) =>
  statement(
    `exchanges.access-${scope}`,
    `select x.organism_id, x.exchange_id, x.key_id, x.data_key, x.header, x.motif, x.state, e.side, x.practice_box,
       x.desk_box from ${held(scope)} where ${ONE_EXCHANGE}`,
  )
const ACCESS = Object.fromEntries(SCOPES.map((scope) => [scope, access(scope)])) as Record<Scope, Statement>

/** Where an exchange stands for this person; null when it is not theirs to that extent, or does not exist. */
export async function accessTo(
  runner: Runner,
  clock: Clock,
  principal: Principal,
  exchangeId: string,
  scope: Scope,
): Promise<Access | null> {
  const { personId, boxes } = principal
  const [row] = await runner.run<Access>(ACCESS[scope], [personId, exchangeId, clock.now(), boxes])
  return row ?? null
}

/** A retry of what is done already: the server that did it may have died before it told the screens. */
export async function tellAgain(
  { database, clock, live }: Parts,
  principal: Principal,
  exchangeId: string,
): Promise<void> {
  const access = await accessTo(database.medical, clock, principal, exchangeId, 'headers')
  if (access) live.tell({ boxes: [access.practice_box, access.desk_box], exchangeId, motif: access.motif })
}

/**
 * The refusal of an exchange that is someone else's: traced, and the same as for one that does not exist. To a delegate
 * who sees it in the lists, that their delegation stops there is no secret.
 */
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
  const listed = principal.onBehalfOf && (await accessTo(database.medical, clock, principal, exchangeId, 'headers'))
  return listed ? refuseAtTheEdge('delegation-scope') : refuse('exchange-not-found')
}
