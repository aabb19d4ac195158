import type { Service } from '../http/contract.ts'
import type { TraceActor } from '../trace/events.ts'
import type { Scope } from './holds.ts'

/** Who is behind a request: a session, the person, and the boxes they hold right now. */
export type Principal = {
  sessionId: string
  idHash: Buffer
  personId: string
  /** Who knows the person: « ans » for national identities, else the id of the insurer's provider. */
  realm: string
  side: 'practice' | 'desk' | 'none'
  /** practitioner, medecin_conseil, agent_administratif…; of an insurer's person, the one they have now. */
  role: string
  level: 'low' | 'low2' | 'substantial'
  via: string
  authMode: string
  acr: string
  issuer: string
  /** Place of practice acted from; null until chosen, and for the insurer's staff. */
  activityId: string | null
  /** Box of that place. */
  practiceBox: string | null
  /** Whose place it is, when it is not one's own: acted from by delegation, or as their locum. */
  onBehalfOf: { personId: string; capacity: 'delegate' | 'locum' } | null
  /** The most that may be done at that place, for some motif at least; `send` at one's own. */
  scope: Scope
  /** The motifs seen there; null for all. */
  motifs: string[] | null
  organismIds: string[]
  /** Every box acted from at this moment: own places, desks of own organisms, or that one place of somebody else. */
  boxes: string[]
  /** What the profession practised at this place is admitted to (all, for the service médical). */
  services: Service[]
  emailPostponed: boolean
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
  /** When the identity provider was last asked who this is; null where it is not asked again. */
  checkedAt: Date | null
}

/** How the trace names this person. */
export function traceActor(
  principal: Pick<Principal, 'personId' | 'sessionId' | 'role' | 'via' | 'authMode' | 'level' | 'activityId'> &
    Partial<Pick<Principal, 'onBehalfOf'>>,
): TraceActor {
  return {
    person: principal.personId,
    session: principal.sessionId,
    role: principal.role,
    via: principal.via,
    authMode: principal.authMode,
    level: principal.level,
    activity: principal.activityId,
    onBehalfOf: principal.onBehalfOf?.personId ?? null,
  }
}
