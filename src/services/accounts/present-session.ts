import { statement } from '../../platform/database/database.ts'
import type { Service } from '../../platform/http/contract.ts'
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
}

// The place chosen is shown even if it has ceased to be asserted in another session since.
const READ = statement(
  'accounts.present-session',
  `select p.given_name as "givenName", p.family_name as "familyName", p.civility, p.profession, p.speciality, p.subject,
     p.email, p.previous_connection_at as "previousConnectionAt",
     coalesce((select jsonb_agg(jsonb_build_object('activityId', a.activity_id, 'boxId', b.box_id, 'name', a.name,
         'addressLine', a.address_line, 'city', a.city, 'profession', a.profession, 'speciality', a.speciality,
        'isDefault', a.activity_id is not distinct from p.default_activity_id, 'onBehalfOf', null)
         order by a.position)
       from portal.activity a join portal.box b using (activity_id)
       where a.person_id = p.person_id and (a.active or a.activity_id = $2)), '[]') as places
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
  const [row] = await database.administrative.run<Row>(READ, [principal.personId, principal.activityId])
  if (!row) return signedOut
  const place = row.places.find(({ activityId }) => activityId === principal.activityId) ?? null
  const practice = principal.side === 'practice'
  const state = practice && !place ? 'placeRequired' : 'signedIn'
  const card = principal.level === 'substantial'
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
      profession: place?.profession ?? row.profession,
      speciality: place?.speciality ?? row.speciality,
      nationalId: row.subject,
      organism: organism ? { organismId: organism.organismId, name: organism.name } : null,
      email: row.email,
      lastConnectionAt: row.previousConnectionAt?.toISOString() ?? null,
    },
    place,
    places: row.places,
    level: principal.level,
    via: principal.via as Session['via'],
    may: {
      identifyPatients: admittedTo('identification') && card,
      identifyLimited: admittedTo('identification') && practice && !card,
      useExchanges: admittedTo('exchanges') && card,
      delegate: admittedTo('exchanges') && practice && card,
      administer: principal.side === 'none' && principal.role === 'administrateur',
      audit: principal.side === 'none' && principal.role === 'auditeur',
    },
    notAdmitted: practice && signedIn ? notAdmitted(organisms.admissions, principal) : [],
    emailWanted: practice && signedIn && row.email === null && !principal.emailPostponed,
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
