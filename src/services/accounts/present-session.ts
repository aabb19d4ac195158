import { statement } from '../../platform/database/database.ts'
import type { Service } from '../../platform/http/contract.ts'
import { personName } from '../../platform/person-name.ts'
import { covers, inForce } from '../../platform/sessions/holds.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import { IDLE_MS } from '../../platform/sessions/sessions.ts'
import type { Admission } from '../organisms/contract.ts'
import type { Place, Session } from './contract.ts'
import type { Parts } from './parts.ts'

type Row = {
  givenName: string
  familyName: string
  civility: string
  profession: string
  speciality: string
  subject: string
  email: string | null
  previousConnectionAt: Date | null
  places: Place[]
  delegated: Place[]
}

const PLACE = `'activityId', a.activity_id, 'boxId', b.box_id, 'name', a.name, 'addressLine', a.address_line,
  'city', a.city, 'profession', a.profession, 'speciality', a.speciality`

// The place chosen is shown even if it has ceased to be asserted in another session since. Those of others are shown to a
// card alone; of several grants at one place, the widest scope and the latest end.
const READ = statement(
  'accounts.present-session',
  `select p.given_name as "givenName", p.family_name as "familyName", p.civility, p.profession, p.speciality, p.subject,
     p.email, p.previous_connection_at as "previousConnectionAt",
     coalesce((select jsonb_agg(jsonb_build_object(${PLACE},
         'isDefault', a.activity_id is not distinct from p.default_activity_id, 'onBehalfOf', null) order by a.position)
       from portal.activity a join portal.box b using (activity_id)
       where a.person_id = p.person_id and (a.active or a.activity_id = $2)), '[]') as places,
     coalesce((select jsonb_agg(jsonb_build_object(${PLACE}, 'isDefault', false, 'onBehalfOf', jsonb_build_object(
         'displayName', ${personName('w')}, 'capacity', held_.capacity,
         'scope', held_.scope, 'until', to_char(held_.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
         order by w.search_name, a.position)
       from (select h.box_id, max(h.capacity) as capacity, max(h.scope) as scope, max(h.valid_to) as until
         from portal.box_holder h
         where h.person_id = p.person_id and h.delegation_id is not null and $4 and ${inForce('$3')}
         group by h.box_id) as held_
       join portal.box b using (box_id) join portal.activity a using (activity_id)
       join portal.person w on w.person_id = a.person_id), '[]') as delegated
   from portal.person p where p.person_id = $1`,
)

export const signedOut: Session = {
  state: 'signedOut',
  person: null,
  place: null,
  places: [],
  level: 'none',
  via: null,
  may: {
    identifyPatients: false,
    identifyLimited: false,
    useExchanges: false,
    delegate: false,
    contact: false,
    answerContact: false,
    administer: false,
    audit: false,
  },
  notAdmitted: [],
  emailWanted: false,
  expiresAt: null,
  idleExpiresAt: null,
}

/**
 * What the portal draws from; `signedOut` for a stranger.
 * @param passive whether the request that asks is no gesture of the person, so that the idle limit did not move
 */
export async function presentSession(
  { database, clock, organisms }: Pick<Parts, 'database' | 'clock' | 'organisms'>,
  principal: Principal | null,
  passive: boolean,
): Promise<Session> {
  if (!principal) return signedOut
  const card = principal.level === 'substantial'
  const [row] = await database.administrative.run<Row>(READ, [
    principal.personId,
    principal.activityId,
    clock.now(),
    card,
  ])
  if (!row) return signedOut
  const places = [...row.places, ...row.delegated]
  const place = places.find(({ activityId }) => activityId === principal.activityId) ?? null
  // At somebody else's place one stays what one is.
  const own = place?.onBehalfOf ? null : place
  const practice = principal.side === 'practice'
  const state = practice && !place ? 'placeRequired' : 'signedIn'
  const signedIn = state === 'signedIn'
  const admittedTo = (service: Service) => signedIn && principal.services.includes(service)
  const organism = principal.organismIds[0] ? organisms.organism(principal.organismIds[0]) : undefined
  const lastGesture = passive ? principal.lastSeenAt : clock.now()
  return {
    state,
    person: {
      displayName: [row.civility, row.givenName, row.familyName].filter(Boolean).join(' '),
      // An agent without rights stands on the insurer's side of the portal, where a page says so.
      side: practice ? 'practice' : 'desk',
      profession: own?.profession ?? row.profession,
      speciality: own?.speciality ?? row.speciality,
      nationalId: row.subject,
      organism: organism ? { organismId: organism.organismId, name: organism.name } : null,
      email: row.email,
      lastConnectionAt: row.previousConnectionAt?.toISOString() ?? null,
    },
    place,
    places,
    level: principal.level,
    via: principal.via as Session['via'],
    may: {
      identifyPatients: admittedTo('identification') && card && covers(principal.scope, 'prepare'),
      identifyLimited: admittedTo('identification') && practice && !card,
      useExchanges: admittedTo('exchanges') && card,
      delegate: admittedTo('exchanges') && card && principal.role === 'practitioner' && !principal.onBehalfOf,
      contact: practice && state === 'signedIn',
      answerContact: principal.side === 'none' && principal.role === 'agent_administratif',
      administer: principal.side === 'none' && principal.role === 'administrateur',
      audit: principal.side === 'none' && principal.role === 'auditeur',
    },
    notAdmitted: practice && signedIn ? notAdmitted(organisms.admissions, principal) : [],
    emailWanted: principal.role === 'practitioner' && signedIn && row.email === null && !principal.emailPostponed,
    expiresAt: principal.expiresAt.toISOString(),
    idleExpiresAt: new Date(Math.min(lastGesture.getTime() + IDLE_MS, principal.expiresAt.getTime())).toISOString(),
  }
}

function notAdmitted(admissions: readonly Admission[], { services, role }: Principal): Session['notAdmitted'] {
  return admissions
    .filter(({ service }) => !services.includes(service))
    .map(({ service, employee, ...told }) => {
      const { refusal, way } = role === 'employee' ? employee : told
      return { service, reason: refusal, way }
    })
}
