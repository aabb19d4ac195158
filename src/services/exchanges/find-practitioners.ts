import type { z } from 'zod'
import { statement } from '../../platform/database/database.ts'
import { fold } from '../../platform/fold.ts'
import { personName } from '../../platform/person-name.ts'
import type { PractitionerFound } from './contract.ts'
import type { Parts } from './parts.ts'

const FIND = statement(
  'exchanges.find-practitioners',
  `select b.box_id as "practiceBoxId", ${personName('p')} as "displayName", p.rpps,
     case when a.speciality <> '' then a.profession || ', ' || a.speciality else a.profession end as profession,
     a.name as place, concat_ws(', ', nullif(a.address_line, ''), nullif(a.city, '')) as address,
     p.email is not null as reachable
   from portal.person p join portal.activity a using (person_id) join portal.box b using (activity_id)
   where p.kind = 'practitioner' and a.active and a.profession_code = any ($3::text[])
     and case when $1::text <> '' then p.rpps = $1 else p.search_name like $2 or p.search_name like '% ' || $2 end
   order by p.search_name, a.position limit 30`,
)

/**
 * Practitioners by RPPS (11 digits), or by the beginning of a surname or first name; a line per place. Only those whose
 * profession may read an exchange.
 */
export async function findPractitioners(
  { database, organisms }: Parts,
  query: string,
): Promise<z.infer<typeof PractitionerFound>[]> {
  const digits = query.replaceAll(/[\s.]/g, '')
  const rpps = /^\d{11}$/.test(digits) ? digits : ''
  const name = fold(query)
  if (!rpps && name.length < 2) return []
  const admitted = organisms.admissions.flatMap(({ service, professions }) =>
    service === 'exchanges' ? [...professions.keys()] : [],
  )
  return database.medical.run(FIND, [rpps, `${name}%`, admitted])
}
