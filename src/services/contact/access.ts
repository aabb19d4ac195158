// Whose a general message is, asked of the database itself.
import { type Database, statement } from '../../platform/database/database.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import { refuse } from './problems.ts'

/** SQL: whether person $1 is, now, an administrative agent of the organisme of inquiry `x`. */
export const AGENT = `exists (select from portal.staff_role r where r.person_id = $1 and r.side = 'none'
  and r.role = 'agent_administratif' and x.organism_id = any (r.organism_ids))`

const LOCATE = statement(
  'contact.locate',
  `select x.organism_id as "organismId" from contact.inquiry x where x.inquiry_id = $2 and (x.person_id = $1 or ${AGENT})`,
)

/**
 * The organisme that a message is now with, for its author or an agent there: in whose chain an act is traced.
 * @throws Refusal `inquiry-not-found`: somebody else's, or none
 */
export async function organismOf(
  { database }: { database: Database },
  { personId }: Principal,
  inquiryId: string,
): Promise<string> {
  const [row] = await database.administrative.run<{ organismId: string }>(LOCATE, [personId, inquiryId])
  if (!row) throw refuse('inquiry-not-found')
  return row.organismId
}
