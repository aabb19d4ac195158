import type { Clock } from '../../../platform/clock.ts'
import { type Database, statement } from '../../../platform/database/database.ts'
import { newId } from '../../../platform/identifiers.ts'
import { mailCte, mailValues } from '../../../platform/outbox/outbox.ts'
import { type Principal, traceActor } from '../../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../../platform/trace/trace.ts'
import { BLOCKED_MAIL } from './blocked-mail.ts'
import type { Cause } from './suspicion.ts'

export type Block = {
  /** Different numbers of the last day, those of nobody, those by night, those alike with the last one. */
  counts: { numbers: number; unknown: number; night: number; alike: number }
}

// Blocked once, whoever comes second at the same moment: no row, no trace, no mail.
const BLOCK = statement(
  'patients.blockIdentification',
  `with blocked_ as (
    insert into portal.identification_block
      (block_id, person_id, organism_ids, cause, counts, role, via, auth_mode, blocked_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (person_id) where lifted_at is null do nothing
    returning 1
  ), ${mailCte(10, 'blocked_')}, ${traceCte(16, 'blocked_')}
  select 1 from lane_`,
)

/** Blocks identification for a person, traces it and tells the security contact, all at once. */
export async function blockIdentification(
  parts: { database: Database; clock: Clock; outbox: { wake(): void }; securityContact: string },
  principal: Principal,
  cause: Cause,
  counts: Block['counts'],
): Promise<void> {
  const { database, clock, outbox, securityContact } = parts
  const { personId, organismIds, side, role, via, authMode } = principal
  const blockId = newId()
  const at = clock.now()
  const event = { type: 'identification.blocked', subject: personId, cause, block: blockId, means: 'typed' } as const
  const trace = entry(clock, organismIds[0] ?? PORTAL_CHAIN, traceActor(principal), event)
  const rows = await database.medical.run(BLOCK, [
    blockId,
    personId,
    side === 'practice' ? [] : organismIds,
    cause,
    JSON.stringify(counts),
    role,
    via,
    authMode,
    at,
    ...mailValues(clock, {
      kind: BLOCKED_MAIL,
      personId: null,
      recipient: securityContact,
      details: { account: personId, cause, via, authMode, at: at.toISOString() },
    }),
    ...traceValues(trace),
  ])
  if (rows.length > 0) outbox.wake()
}
