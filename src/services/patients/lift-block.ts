import type { Clock } from '../../platform/clock.ts'
import { type Database, statement } from '../../platform/database/database.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import type { IdentificationBlock } from './contract.ts'
import { OF_THEIRS, readBlock } from './list-blocks.ts'
import { normaliseNir } from './nir.ts'
import { refuse } from './problems.ts'

/** The shape of a number, with its key or not, wherever it stands in a text without separators. */
const LIKE_A_NUMBER = /(?<!\d)\d{5}[\dAB]{2}\d{6}(\d\d)?(?!\d)/

const LIFT = statement(
  'patients.liftBlock',
  `with lifted_ as (
    update portal.identification_block b set lifted_at = $3, lifted_by = $4, reason = $5
    where b.block_id = $1 and b.lifted_at is null and ${OF_THEIRS('$2')} returning 1
  ), ${traceCte(6, 'lifted_')} select 1 from lane_`,
)

/**
 * Opens identification again for a person; what they looked up until now counts no more against them.
 * @throws Refusal `reason-names-a-patient`, `identification-block-not-found`, `identification-block-lifted`
 */
export async function liftBlock(
  parts: { database: Database; clock: Clock },
  principal: Principal,
  { blockId, reason }: { blockId: string; reason: string },
): Promise<IdentificationBlock> {
  const { database, clock } = parts
  // The reason is kept outside the wall.
  if (LIKE_A_NUMBER.test(normaliseNir(reason))) {
    const { code, message: detail } = refuse('reason-names-a-patient')
    throw refuse('reason-names-a-patient', { faults: [{ pointer: '/reason', code, detail }] })
  }
  const known = await readBlock(parts, principal, blockId)
  if (!known) throw refuse('identification-block-not-found')
  if (known.block.lifted) throw refuse('identification-block-lifted')
  const trace = entry(clock, PORTAL_CHAIN, traceActor(principal), {
    type: 'identification.unblocked',
    subject: known.personId,
    block: blockId,
  })
  const rows = await database.administrative.run(LIFT, [
    blockId,
    principal.organismIds,
    clock.now(),
    principal.personId,
    reason.trim(),
    ...traceValues(trace),
  ])
  // Somebody else was quicker.
  if (rows.length === 0) throw refuse('identification-block-lifted')
  return (await readBlock(parts, principal, blockId))!.block
}
