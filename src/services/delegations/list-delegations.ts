import { statement } from '../../platform/database/database.ts'
import { personName } from '../../platform/person-name.ts'
import type { Scope } from '../../platform/sessions/holds.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { GrantedDelegation, ReceivedDelegation } from './contract.ts'
import { mayGrant } from './grant-delegation.ts'
import type { Parts } from './parts.ts'
import { dayInFrance, shownDelegate, stateOf } from './rules.ts'

type Row = {
  delegation_id: string
  capacity: 'delegate' | 'locum'
  delegate_subject: string
  scope: Scope
  motifs: { code: string; label: string }[] | null
  places: string[] | null
  valid_from: Date
  valid_to: Date
  revoked_at: Date | null
  name: string | null
}

const COLUMNS = `d.delegation_id, d.capacity, d.delegate_subject, d.scope, d.valid_from, d.valid_to, d.revoked_at,
  case when d.motifs is not null then (select jsonb_agg(jsonb_build_object('code', m.code, 'label', m.label)
    order by m.position) from portal.motif m where m.code = any (d.motifs)) end as motifs,
  case when d.activity_ids is not null then array(select a.name from portal.activity a
    where a.activity_id = any (d.activity_ids) order by a.position) end as places`
const GRANTED = statement(
  'delegations.granted',
  `select ${COLUMNS}, case when d.seen_at is not null then ${personName('p')} end as name
   from portal.delegation d left join portal.person p on p.person_id = d.delegate_id
   where d.holder_id = $1 order by d.created_at desc limit 200`,
)
const RECEIVED = statement(
  'delegations.received',
  `select ${COLUMNS}, ${personName('p')} as name
   from portal.person me join portal.delegation d on d.delegate_subject in (upper(me.subject), '8' || me.rpps)
     and d.delegate_id = me.person_id
   join portal.person p on p.person_id = d.holder_id
   where me.person_id = $1 order by d.created_at desc limit 200`,
)

/** The delegations a person granted, and those they received. */
export async function listDelegations(
  { database, clock }: Pick<Parts, 'database' | 'clock'>,
  principal: Principal,
): Promise<{ granted: GrantedDelegation[]; received: ReceivedDelegation[]; mayGrant: boolean }> {
  const [granted, received] = await Promise.all([
    database.administrative.run<Row>(GRANTED, [principal.personId]),
    database.administrative.run<Row>(RECEIVED, [principal.personId]),
  ])
  const now = clock.now()
  return {
    granted: granted.map((row) => ({
      ...present(row, now),
      delegate: { nationalId: shownDelegate(row.delegate_subject), displayName: row.name },
    })),
    received: received.map((row) => ({ ...present(row, now), holder: row.name ?? '' })),
    mayGrant: mayGrant(principal),
  }
}

function present(row: Row, now: Date) {
  return {
    delegationId: row.delegation_id,
    capacity: row.capacity,
    scope: row.scope,
    motifs: row.motifs,
    places: row.places,
    validFrom: dayInFrance(row.valid_from),
    // The end is the first moment after the last day.
    validTo: dayInFrance(new Date(row.valid_to.getTime() - 1)),
    state: stateOf(row, now),
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }
}
