import type { Clock } from '../../platform/clock.ts'
import { type Database, statement } from '../../platform/database/database.ts'
import { fold } from '../../platform/fold.ts'
import { newId } from '../../platform/identifiers.ts'
import type { AssertedPractitioner } from './claims.ts'

/** National identities are one realm, whichever way they were proven. */
export const NATIONAL_REALM = 'ans'

export type Enrolled = { personId: string; activityIds: string[]; defaultActivityId: string | null }

// The person by national id, a box for each place, held by the person. An address for notices that the person has set
// is theirs: asserted ones do not replace it. A place that is no longer asserted cannot be chosen any more, but its box
// stays in the person's hands: what was written there must stay readable. Their right has no beginning, or a clock that is
// put back would take it away.
const ENROL = statement(
  'accounts.enrol-practitioner',
  `with person_ as (
     insert into portal.person as p (person_id, kind, realm, subject, family_name, given_name, civility, search_name,
       rpps, profession_code, profession, speciality, email, created_at)
     values ($1, $15, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     on conflict (realm, subject) do update set kind = excluded.kind, family_name = excluded.family_name, given_name = excluded.given_name,
       civility = excluded.civility, search_name = excluded.search_name, rpps = excluded.rpps,
       profession_code = excluded.profession_code, profession = excluded.profession, speciality = excluded.speciality,
       email = coalesce(p.email, excluded.email)
     returning p.person_id, p.default_activity_id),
   asserted_ as (
     select * from jsonb_to_recordset($14::jsonb) as t(activity_id uuid, box_id uuid, key text, name text,
       address_line text, city text, profession_code text, profession text, speciality text, sector_code text, position smallint)),
   activity_ as (
     insert into portal.activity as a (activity_id, person_id, activity_key, name, address_line, city, profession_code,
       profession, speciality, sector_code, position)
     select t.activity_id, person_.person_id, t.key, t.name, t.address_line, t.city, t.profession_code,
       t.profession, t.speciality, t.sector_code, t.position from asserted_ t, person_
     on conflict (person_id, activity_key) do update set name = excluded.name, address_line = excluded.address_line,
       city = excluded.city, profession_code = excluded.profession_code, profession = excluded.profession, speciality = excluded.speciality,
       sector_code = excluded.sector_code, position = excluded.position, active = true
     returning a.activity_id, a.activity_key, a.position),
   gone_ as (
     update portal.activity a set active = false from person_
     where a.person_id = person_.person_id and a.active and a.activity_key not in (select key from asserted_)),
   box_ as (
     insert into portal.box (box_id, kind, activity_id)
     select t.box_id, 'practice', a.activity_id from activity_ a join asserted_ t on t.key = a.activity_key
     on conflict (activity_id) do nothing
     returning box_id),
   held_ as (
     insert into portal.box_holder (box_id, person_id, capacity, valid_from)
     select box_.box_id, person_.person_id, 'holder', '-infinity' from box_, person_)
   select person_.person_id as "personId", array(select activity_id from activity_ order by position) as "activityIds",
     person_.default_activity_id as "defaultActivityId"
   from person_`,
)

/** Makes or updates the person of a national identity (practitioner or employee), their places, and the box of each place. */
export async function enrolPractitioner(
  { database, clock }: { database: Database; clock: Clock },
  identity: AssertedPractitioner,
): Promise<Enrolled> {
  const places = identity.places.map((place, position) => ({
    activity_id: newId(),
    box_id: newId(),
    key: place.key,
    name: place.name,
    address_line: place.addressLine,
    city: place.city,
    profession_code: place.professionCode,
    profession: place.profession,
    speciality: place.speciality,
    sector_code: place.sectorCode,
    position,
  }))
  const [row] = await database.administrative.run<Enrolled>(ENROL, [
    newId(),
    NATIONAL_REALM,
    identity.nationalId,
    identity.familyName,
    identity.givenName,
    identity.civility,
    fold(`${identity.familyName} ${identity.givenName}`),
    identity.rpps,
    identity.professionCode,
    identity.profession,
    identity.speciality,
    identity.email,
    clock.now(),
    JSON.stringify(places),
    identity.kind,
  ])
  return row!
}
