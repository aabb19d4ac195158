import { statement } from '../../platform/database/database.ts'
import type { Parts } from './parts.ts'

/** SQL: whether motif `m` may be chosen at this moment; its days are those of the calendar in France. */
export function offeredAt(parameter: string): string {
  const day = `(${parameter}::timestamptz at time zone 'Europe/Paris')::date`
  return `m.offered and (m.valid_from is null or m.valid_from <= ${day}) and (m.valid_to is null or m.valid_to >= ${day})`
}

const LIST = statement(
  'exchanges.motifs',
  `select m.code, m.label from portal.motif m where ${offeredAt('$1')} order by m.position`,
)

/** The motifs an exchange can be opened with today; those with a legal clock are not offered before clocks exist. */
export async function listMotifs({ database, clock }: Parts): Promise<{ code: string; label: string }[]> {
  return database.medical.run(LIST, [clock.now()])
}
