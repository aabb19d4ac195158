// Sessions are server side: the cookie holds a random value, the table its SHA-256. Idle 30 min, 4 h in all
// (IDENTITY.md part 0, EXI 13), never longer than the identity provider allows.
import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { type Database, statement } from '../database/database.ts'
import type { Service } from '../http/contract.ts'
import { newId } from '../identifiers.ts'
import { type TraceEntry, traceCte, traceValues } from '../trace/trace.ts'
import { inForce, MOTIFS } from './holds.ts'
import type { Principal } from './principal.ts'

export const IDLE_MS = 30 * 60_000
export const ABSOLUTE_MS = 4 * 3_600_000
/** A session's last use is written at most this often. */
const TOUCH_MS = 30_000

export type NewSession = Pick<
  Principal,
  'personId' | 'side' | 'role' | 'level' | 'via' | 'authMode' | 'acr' | 'issuer' | 'activityId' | 'organismIds'
> & {
  authTime: Date
  idpSid: string | null
  /** The provider's own name for the person, as its logout tokens give it. */
  idpSub?: string | null
  /** ID token sealed by the caller, for the sign-out at the identity provider. */
  sealedIdToken: Buffer | null
  /** Refresh token sealed by the caller, where the provider is asked again while the session lasts. */
  sealedRefreshToken?: Buffer | null
  /** When the identity provider's own session ends, where it says so: this one ends no later. */
  endsAt?: Date | null
  /** Network address the person came from. */
  address?: string | null
}

/** An open session, as its holder sees it in a list. */
export type OpenSession = Pick<Principal, 'sessionId' | 'via' | 'authMode' | 'createdAt' | 'lastSeenAt'> & {
  /** Name of the place acted from. */
  place: string | null
  /** Network address of the last gesture. */
  address: string | null
}

export type Sessions = {
  /**
   * Opens a session; gives the value of the cookie, which is stored nowhere. `trace` is written in the same statement
   * (it is made from the ids given here).
   */
  open(
    session: NewSession,
    trace: (ids: { sessionId: string }) => TraceEntry,
  ): Promise<{ cookie: string; sessionId: string }>
  /** The principal of a cookie's value, or null when there is none, it is over, or idle for too long. */
  find(cookie: string): Promise<Principal | null>
  /** The same session as it is now; null when it is over. */
  findAgain(principal: Pick<Principal, 'idHash'>): Promise<Principal | null>
  /** Notes a gesture of the person, and from where: pushes the idle limit back. */
  touch(principal: Principal, address: string): Promise<void>
  close(principal: Principal, trace: TraceEntry): Promise<void>
  /** A person's open sessions, the last used first. */
  list(personId: string): Promise<OpenSession[]>
  /** Closes one of a person's sessions; false when they have none of this id. */
  closeOne(personId: string, sessionId: string, trace: TraceEntry): Promise<boolean>
  /** Pushes the idle limit back; gives from when it counts. */
  extend(principal: Principal, trace: TraceEntry): Promise<Date>
  /** The principal as it is at that place; null when it is neither their own nor, now, that of somebody they act for. */
  choosePlace(principal: Principal, activityId: string, trace: TraceEntry): Promise<Principal | null>
  postponeEmail(principal: Principal): Promise<void>
  /** The sealed ID token of a session, for the sign-out at the identity provider. */
  sealedIdToken(principal: Principal): Promise<Buffer | null>
  /** The sessions that stand on an identity provider's own session, or on any of a subject's (sign-out by the back channel). */
  byProvider(issuer: string, of: { sid: string | null; sub: string | null }): Promise<Principal[]>
  /** Removes what is over since a day. */
  sweep(): Promise<void>
}

export const hashOf = (value: string): Buffer => createHash('sha256').update(value).digest()

// The person before the lane of the trace, as everywhere: two statements that lock in two orders end one another.
const OPEN = statement(
  'sessions.open',
  `with opened_ as (
     insert into portal.session (id_hash, session_id, person_id, side, role, level, via, auth_mode, acr, auth_time, issuer,
       idp_sid, sealed_id_token, activity_id, organism_ids, created_at, last_seen_at, expires_at, address,
       sealed_refresh_token, checked_at, idp_sub)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17, $18, $19, $16, $20)
     returning person_id),
   seen_ as (update portal.person p set previous_connection_at = last_connection_at, last_connection_at = $16
     from opened_ o where p.person_id = o.person_id returning 1),
   ${traceCte(21, 'seen_')}
   select 1 from lane_`,
)
// An insurer's person is what their provider says now; a session never goes through the wall with them: opened on one
// side, it is over once they stand on the other. At somebody else's place, what a card may do there is asked of the grants
// at this very moment; without one, there is no place.
const FIND = statement(
  'sessions.find',
  `select s.session_id as "sessionId", s.id_hash as "idHash", s.person_id as "personId", p.realm, s.side,
     coalesce(r.role, s.role) as role, coalesce(r.organism_ids, s.organism_ids) as "organismIds", s.level, s.via,
     s.auth_mode as "authMode", s.acr, s.issuer, s.activity_id as "activityId",
     case when s.sealed_refresh_token is not null then s.checked_at end as "checkedAt",
     s.email_postponed as "emailPostponed", s.created_at as "createdAt", s.last_seen_at as "lastSeenAt",
     s.expires_at as "expiresAt",
     place_.profession_code as profession,
     case when place_.person_id is distinct from s.person_id
       then array(select a.profession_code from portal.activity a where a.person_id = s.person_id and a.active)
     end as professions,
     place_.box_id as "practiceBox", place_.person_id <> s.person_id as elsewhere,
     case when place_.person_id <> s.person_id and s.level = 'substantial' then (
       select jsonb_build_object('personId', place_.person_id, 'capacity', max(h.capacity), 'scope', max(h.scope),
         'motifs', ${MOTIFS})
       from portal.box_holder h where h.person_id = s.person_id and h.box_id = place_.box_id
         and h.delegation_id is not null and ${inForce('$2')} having count(*) > 0) end as acting,
     array(select h.box_id from portal.box_holder h
       where h.person_id = s.person_id and h.delegation_id is null and ${inForce('$2')}) as boxes
   from portal.session s join portal.person p using (person_id)
     left join portal.staff_role r on r.person_id = s.person_id
     left join lateral (select a.person_id, a.profession_code, b.box_id from portal.activity a
       join portal.box b using (activity_id) where a.activity_id = s.activity_id) as place_ on true
   where s.id_hash = $1 and (p.kind <> 'staff' or r.side = s.side)`,
)
const TOUCH = statement(
  'sessions.touch',
  'update portal.session set last_seen_at = $2, address = $3 where id_hash = $1',
)
const CLOSE = statement(
  'sessions.close',
  `with closed_ as (delete from portal.session where id_hash = $1 returning 1), ${traceCte(2, 'closed_')} select 1 from lane_`,
)
const LIST = statement(
  'sessions.list',
  `select s.session_id as "sessionId", s.via, s.auth_mode as "authMode", s.created_at as "createdAt",
     s.last_seen_at as "lastSeenAt", s.address, (select a.name from portal.activity a where a.activity_id = s.activity_id) as place
   from portal.session s where s.person_id = $1 and s.expires_at > $2 and s.last_seen_at >= $3
   order by s.last_seen_at desc`,
)
const CLOSE_ONE = statement(
  'sessions.close-one',
  `with closed_ as (delete from portal.session where session_id = $1 and person_id = $2 returning 1),
   ${traceCte(3, 'closed_')} select 1 from lane_`,
)
const EXTEND = statement(
  'sessions.extend',
  `with extended_ as (update portal.session set last_seen_at = $2 where id_hash = $1 returning 1),
   ${traceCte(3, 'extended_')} select 1 from lane_`,
)
const CHOOSE = statement(
  'sessions.choose-place',
  `with chosen_ as (update portal.session s set activity_id = a.activity_id from portal.activity a
     where s.id_hash = $1 and a.activity_id = $2 and (a.person_id = s.person_id and a.active
       or s.level = 'substantial' and exists (select from portal.box b join portal.box_holder h using (box_id)
         where b.activity_id = a.activity_id and h.person_id = s.person_id and h.delegation_id is not null
           and ${inForce('$3')})) returning 1),
   ${traceCte(4, 'chosen_')} select 1 from lane_`,
)
const POSTPONE = statement('sessions.postpone', 'update portal.session set email_postponed = true where id_hash = $1')
const ID_TOKEN = statement(
  'sessions.id-token',
  'select sealed_id_token as token from portal.session where id_hash = $1',
)
const BY_PROVIDER = statement(
  'sessions.by-provider',
  `select id_hash as "idHash" from portal.session
   where issuer = $1 and case when $2::text is null then idp_sub = $3::text
     else idp_sid = $2 and ($3 is null or idp_sub is null or idp_sub = $3) end`,
)
const SWEEP = statement('sessions.sweep', 'delete from portal.session where expires_at < $1')
const SWEEP_REQUESTS = statement('sessions.sweep-requests', 'delete from portal.sign_in_request where expires_at < $1')

/**
 * Four hours from the proof of identity, which may be older than the session (single sign-on), and never after the
 * identity provider's own end. A provider whose clock is ahead of ours gains nothing by it.
 */
function endOf({ authTime, endsAt }: NewSession, now: Date): Date {
  const ends = [now.getTime() + ABSOLUTE_MS, authTime.getTime() + ABSOLUTE_MS]
  if (endsAt) ends.push(endsAt.getTime())
  return new Date(Math.min(...ends))
}

const EVERY_SERVICE: Service[] = ['identification', 'exchanges']

type Acting = NonNullable<Principal['onBehalfOf']> & Pick<Principal, 'scope' | 'motifs'>
type FoundRow = Omit<Principal, 'onBehalfOf' | 'scope' | 'motifs' | 'services'> & {
  /** Practised at the place. */
  profession: string | null
  /** Those of one's own places; read where the place is not one of them. */
  professions: string[] | null
  /** The place is somebody else's. */
  elsewhere: boolean | null
  /** What the grants in force give there, together. */
  acting: Acting | null
}

/** Without a grant in force, somebody else's place is no place: the next request says so. */
function principalOf(found: FoundRow, servicesOf: (professionCode: string) => Service[]): Principal {
  const { profession, professions, elsewhere, acting, ...row } = found
  const lost = elsewhere && !acting
  // Before a place is chosen, what any of them opens: the gate then asks for the place, not for another profession.
  const practised = profession === null || lost ? (professions ?? []) : [profession]
  const services = row.side === 'practice' ? [...new Set(practised.flatMap(servicesOf))] : []
  return {
    ...row,
    activityId: lost ? null : row.activityId,
    practiceBox: lost ? null : row.practiceBox,
    boxes: acting && row.practiceBox ? [row.practiceBox] : row.boxes,
    onBehalfOf: acting && { personId: acting.personId, capacity: acting.capacity },
    scope: acting?.scope ?? 'send',
    motifs: acting?.motifs ?? null,
    services: row.side === 'desk' ? EVERY_SERVICE : services,
  }
}

/**
 * @param servicesOf what a profession (code of TRE_G15) is admitted to; the service médical is admitted by its side
 * @param closed told of sessions that are over, so that their event streams end
 */
export function createSessions(
  database: Database,
  clock: Clock,
  servicesOf: (professionCode: string) => Service[],
  closed: (sessionIds: string[]) => void = () => {},
): Sessions {
  const { administrative } = database

  async function findBy(idHash: Buffer): Promise<Principal | null> {
    const now = clock.now()
    const [row] = await administrative.run<FoundRow>(FIND, [idHash, now])
    if (!row) return null
    if (now >= row.expiresAt || now.getTime() - row.lastSeenAt.getTime() > IDLE_MS) return null
    return principalOf(row, servicesOf)
  }

  return {
    async open(session, trace) {
      const cookie = randomBytes(32).toString('base64url')
      const sessionId = newId()
      const now = clock.now()
      await administrative.run(OPEN, [
        hashOf(cookie),
        sessionId,
        session.personId,
        session.side,
        session.role,
        session.level,
        session.via,
        session.authMode,
        session.acr,
        session.authTime,
        session.issuer,
        session.idpSid,
        session.sealedIdToken,
        session.activityId,
        session.organismIds,
        now,
        endOf(session, now),
        session.address ?? null,
        session.sealedRefreshToken ?? null,
        session.idpSub ?? null,
        ...traceValues(trace({ sessionId })),
      ])
      return { cookie, sessionId }
    },
    find: async (cookie) => (cookie.length === 43 ? findBy(hashOf(cookie)) : null),
    findAgain: ({ idHash }) => findBy(idHash),
    async touch(principal, address) {
      const now = clock.now()
      if (Math.abs(now.getTime() - principal.lastSeenAt.getTime()) < TOUCH_MS) return
      await administrative.run(TOUCH, [principal.idHash, now, address])
    },
    async close(principal, trace) {
      await administrative.run(CLOSE, [principal.idHash, ...traceValues(trace)])
      closed([principal.sessionId])
    },
    async list(personId) {
      const now = clock.now()
      return administrative.run<OpenSession>(LIST, [personId, now, new Date(now.getTime() - IDLE_MS)])
    },
    async closeOne(personId, sessionId, trace) {
      const rows = await administrative.run(CLOSE_ONE, [sessionId, personId, ...traceValues(trace)])
      if (rows.length > 0) closed([sessionId])
      return rows.length > 0
    },
    async extend(principal, trace) {
      const now = clock.now()
      await administrative.run(EXTEND, [principal.idHash, now, ...traceValues(trace)])
      return now
    },
    async choosePlace(principal, activityId, trace) {
      const rows = await administrative.run(CHOOSE, [principal.idHash, activityId, clock.now(), ...traceValues(trace)])
      return rows.length === 1 ? findBy(principal.idHash) : null
    },
    async postponeEmail(principal) {
      await administrative.run(POSTPONE, [principal.idHash])
    },
    async sealedIdToken(principal) {
      const [row] = await administrative.run<{ token: Buffer | null }>(ID_TOKEN, [principal.idHash])
      return row?.token ?? null
    },
    async byProvider(issuer, { sid, sub }) {
      const rows = await administrative.run<{ idHash: Buffer }>(BY_PROVIDER, [issuer, sid, sub])
      const found = await Promise.all(rows.map(({ idHash }) => findBy(idHash)))
      return found.filter((principal) => principal !== null)
    },
    async sweep() {
      const yesterday = new Date(clock.now().getTime() - 24 * 3_600_000)
      await administrative.run(SWEEP, [yesterday])
      await administrative.run(SWEEP_REQUESTS, [yesterday])
    },
  }
}
