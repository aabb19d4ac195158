import { type Database, statement } from '../../platform/database/database.ts'
import type { FindPractitioner } from './contract.ts'
import { NATIONAL_REALM } from './enrol-practitioner.ts'
import { placeToStartFrom } from './place-to-start-from.ts'

type Row = { personId: string; role: string; activityIds: string[]; defaultActivityId: string | null }

const FIND = statement(
  'accounts.find-practitioner',
  `select p.person_id as "personId", p.kind as role, p.default_activity_id as "defaultActivityId",
     array(select a.activity_id from portal.activity a where a.person_id = p.person_id and a.active
       order by a.position) as "activityIds"
   from portal.person p where p.realm = $1 and p.subject = $2`,
)

/** Whoever is known under a national identity, by whichever means they were made known, with their places of today. */
export async function findPractitioner(
  { database }: { database: Database },
  nationalId: string,
): ReturnType<FindPractitioner> {
  const [row] = await database.administrative.run<Row>(FIND, [NATIONAL_REALM, nationalId])
  if (!row) return null
  const { personId, role, activityIds, defaultActivityId } = row
  return { personId, role, activityId: placeToStartFrom(activityIds, defaultActivityId) }
}
