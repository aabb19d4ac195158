import { statement } from '../../platform/database/database.ts'
import type { Parts } from './parts.ts'

const LIST = statement(
  'exchanges.motifs',
  `select code, label from portal.motif where offered and (valid_from is null or valid_from <= $1::date)
     and (valid_to is null or valid_to >= $1::date) order by position`,
)

/** The motifs an exchange can be opened with today; those with a legal clock are not offered before clocks exist. */
export async function listMotifs({ database, clock }: Parts): Promise<{ code: string; label: string }[]> {
  return database.medical.run(LIST, [clock.now()])
}
