import { statement } from '../../platform/database/database.ts'
import type { Parts } from './parts.ts'

// What a grant could not write yet: a delegate who was not known, a place that was not there. Asked at each sign-in, of
// the delegate and of the holder; what is there already stays as it is.
const LINK = statement(
  'delegations.link',
  `with me_ as (
     select person_id, array[upper(subject), '8' || nullif(rpps, '')] as subjects from portal.person
     where person_id = $1 and realm = 'ans'),
   mine_ as (
     update portal.delegation d set delegate_id = me_.person_id, seen_at = coalesce(d.seen_at, $2) from me_
     where d.delegate_subject = any (me_.subjects) and d.holder_id <> me_.person_id and d.revoked_at is null
       and d.valid_to > $2 and (d.delegate_id is null or d.delegate_id = me_.person_id)
     returning d.*),
   all_ as (
     select * from mine_ union all
     select d.* from portal.delegation d where d.holder_id = $1 and d.delegate_id is not null and d.revoked_at is null
       and d.valid_to > $2)
   insert into portal.box_holder (box_id, person_id, capacity, scope, motifs, delegation_id, valid_from, valid_to)
   select b.box_id, d.delegate_id, d.capacity, d.scope, d.motifs, d.delegation_id, d.valid_from, d.valid_to
   from all_ d join portal.activity a on a.person_id = d.holder_id
     and (d.activity_ids is null or a.activity_id = any (d.activity_ids))
   join portal.box b using (activity_id)
   on conflict (person_id, box_id, delegation_id) do nothing`,
)

/** Makes the delegations of somebody who signs in hold: those they received, and those they granted for new places. */
export async function linkDelegations(
  { database, clock }: Pick<Parts, 'database' | 'clock'>,
  personId: string,
): Promise<void> {
  await database.administrative.run(LINK, [personId, clock.now()])
}
