import type { Clock } from '../../platform/clock.ts'
import { type Database, statement } from '../../platform/database/database.ts'
import { fold } from '../../platform/fold.ts'
import { newId } from '../../platform/identifiers.ts'
import type { AssertedStaff } from './claims.ts'
import type { StaffRole } from './roles.ts'

// What the provider asserts at a sign-in is the whole truth on desks: a box that is no longer asserted is let go, here
// and for every session of the person, since each statement asks for the holder again. The right has no beginning, or a
// clock that is put back would take it away.
const ENROL = statement(
  'accounts.enrol-staff',
  `with person_ as (
     insert into portal.person as p (person_id, kind, realm, subject, family_name, given_name, civility, search_name,
       profession, email, created_at)
     values ($1, 'staff', $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (realm, subject) do update set family_name = excluded.family_name, given_name = excluded.given_name,
       civility = excluded.civility, search_name = excluded.search_name, profession = excluded.profession,
       email = coalesce(excluded.email, p.email)
     returning p.person_id),
   desk_ as (select box_id from portal.box where kind = 'desk' and organism_id = any($11::text[])),
   left_ as (
     delete from portal.box_holder h using person_
     where h.person_id = person_.person_id and h.capacity = 'adviser' and h.box_id not in (select box_id from desk_)),
   held_ as (
     insert into portal.box_holder (box_id, person_id, capacity, valid_from)
     select desk_.box_id, person_.person_id, 'adviser', '-infinity' from desk_, person_
     on conflict (box_id, person_id) do nothing)
   select person_id as "personId" from person_`,
)

/**
 * Makes or updates a member of an insurer's staff; holders of the desks' boxes follow the asserted role.
 * @param organismIds organisms whose desk the person works at; empty for whoever is not of the service médical
 */
export async function enrolStaff(
  { database, clock }: { database: Database; clock: Clock },
  input: { issuerId: string; identity: AssertedStaff; role: StaffRole; organismIds: string[] },
): Promise<{ personId: string }> {
  const { identity } = input
  const [row] = await database.administrative.run<{ personId: string }>(ENROL, [
    newId(),
    input.issuerId,
    identity.subject,
    identity.familyName,
    identity.givenName,
    identity.civility,
    fold(`${identity.familyName} ${identity.givenName}`),
    input.role.label,
    identity.email,
    clock.now(),
    input.organismIds,
  ])
  return row!
}
