import { statement } from '../../platform/database/database.ts'
import { holds } from '../../platform/sessions/holds.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { Parts } from './parts.ts'

/** SQL: whether motif `m` may be chosen at this moment; its days are those of the calendar in France. */
export function offeredAt(parameter: string): string {
  const day = `(${parameter}::timestamptz at time zone 'Europe/Paris')::date`
  return `m.offered and (m.valid_from is null or m.valid_from <= ${day}) and (m.valid_to is null or m.valid_to >= ${day})`
}

const LIST = statement(
  'exchanges.motifs',
  `select m.code, m.label from portal.motif m where ${offeredAt('$2')} and exists (select from portal.box_holder h
     where ${holds({ person: '$1', at: '$2', boxes: '$3', scope: 'prepare', motif: 'm.code' })}) order by m.position`,
)

/**
 * The motifs an exchange can be opened or prepared with today, from where this person acts; those with a legal clock are
 * not offered before clocks exist.
 */
export async function listMotifs(
  { database, clock }: Parts,
  { personId, boxes }: Principal,
): Promise<{ code: string; label: string }[]> {
  return database.medical.run(LIST, [personId, clock.now(), boxes])
}
