import type { Clock } from '../../platform/clock.ts'
import { type Database, statement } from '../../platform/database/database.ts'
import { fold } from '../../platform/fold.ts'
import { newId } from '../../platform/identifiers.ts'
import { nobody, type TraceActor } from '../../platform/trace/events.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import type { AssertedStaff } from './claims.ts'
import type { StaffRole } from './roles.ts'

const KNOWN = statement(
  'accounts.known-staff',
  'select person_id as "personId" from portal.person where realm = $1 and subject = $2',
)

// What the provider asserts is the whole truth on roles and desks, for every session of the person: the role they act in
// is read at each request, and so are the boxes they hold. A session of the other side of the wall ends. The right on a
// box has no beginning, or a clock that is put back would take it away.
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
     on conflict (person_id, box_id, delegation_id) do nothing),
   before_ as (select r.role, r.organism_ids from portal.staff_role r join person_ using (person_id)),
   now_ as (
     insert into portal.staff_role as r (person_id, side, role, organism_ids, told_at)
     select person_id, $12, $13, $14::text[], $10 from person_
     on conflict (person_id) do update set side = excluded.side, role = excluded.role,
       organism_ids = excluded.organism_ids, told_at = excluded.told_at
     where (r.side, r.role, r.organism_ids) is distinct from (excluded.side, excluded.role, excluded.organism_ids)
     returning r.role, r.organism_ids),
   changed_ as (select 1 from now_, before_),
   over_ as (
     delete from portal.session s using person_ where s.person_id = person_.person_id and s.side <> $12
     returning s.session_id),
   ${traceCte(15, 'changed_')}
   select person_id as "personId", exists (select 1 from changed_) as changed,
     array(select session_id from over_) as closed,
     array(select s.session_id from portal.session s where s.person_id = person_.person_id) as open
   from person_`,
)

export type EnrolledStaff = {
  personId: string
  /** Open sessions that this changes: their event streams must be looked at. */
  touched: string[]
}

/**
 * Makes or updates a member of an insurer's staff; role, organisms and desks follow what is asserted.
 * @param input.organismIds organisms that the person acts for; the desk of each is theirs when the role is one of the desk
 * @param input.actor in whose session the provider was asked again; nobody's at a sign-in
 */
export async function enrolStaff(
  { database, clock }: { database: Database; clock: Clock },
  input: {
    issuerId: string
    identity: AssertedStaff
    role: StaffRole
    organismIds: string[]
    actor?: TraceActor
  },
): Promise<EnrolledStaff> {
  const { identity, role, organismIds, issuerId, actor = nobody } = input
  const { administrative } = database
  const [known] = await administrative.run<{ personId: string }>(KNOWN, [issuerId, identity.subject])
  const personId = known?.personId ?? newId()
  const sorted = [...organismIds].sort()
  const trace = entry(clock, PORTAL_CHAIN, actor, {
    type: 'role.changed',
    subject: personId,
    role: role.role,
    organisms: sorted,
  })
  const [row] = await administrative.run<{ personId: string; changed: boolean; closed: string[]; open: string[] }>(
    ENROL,
    [
      personId,
      issuerId,
      identity.subject,
      identity.familyName,
      identity.givenName,
      identity.civility,
      fold(`${identity.familyName} ${identity.givenName}`),
      role.label,
      identity.email,
      clock.now(),
      role.desk ? sorted : [],
      role.desk ? 'desk' : 'none',
      role.role,
      sorted,
      ...traceValues(trace),
    ],
  )
  return { personId: row!.personId, touched: row!.changed ? row!.open : [] }
}
