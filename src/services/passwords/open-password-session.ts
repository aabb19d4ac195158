import { statement } from '../../platform/database/database.ts'
import { mailCte, mailValues } from '../../platform/outbox/outbox.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { Parts } from './parts.ts'
import { placeIndex } from './place.ts'

const PLACE_OF_PRACTICE = statement(
  'passwords.place-of-practice',
  `select array(select a.activity_id from portal.activity a where a.person_id = p.person_id and a.active
     order by a.activity_id is not distinct from p.default_activity_id desc, a.position) as activities,
     exists (select 1 from portal.activity a where a.activity_id = p.default_activity_id and a.active) as chosen
   from portal.person p where p.person_id = $1`,
)
// A place seen for the first time, or a holder who wants to know of every sign-in: a mail leaves.
const NOTE = statement(
  'passwords.note-sign-in',
  `with account_ as (update portal.password_account set last_used_at = $2 where person_id = $1 returning every_sign_in),
   seen_ as (select 1 from portal.known_place where person_id = $1 and place_index = $3),
   place_ as (
     insert into portal.known_place (person_id, place_index, seen_at) values ($1, $3, $2)
     on conflict (person_id, place_index) do update set seen_at = excluded.seen_at),
   tries_ as (delete from portal.password_attempt where attempt_key = $4),
   tell_ as (select 1 from account_ where every_sign_in or not exists (select 1 from seen_)),
   ${mailCte(5, 'tell_')}
   select 1 from account_`,
)

/** Everything was right: opens the session, forgets the failures, tells the holder where that is wanted. */
export async function openPasswordSession(
  parts: Parts,
  input: {
    personId: string
    attemptKey: Buffer
    /** The second factor that was shown. */
    factor: 'PASSKEY' | 'TOTP' | 'RECOVERY' | null
    address: string
    browser: string
    principal: Principal | null
  },
): Promise<{ cookie: string }> {
  const { database, clock, vault, outbox, openSession } = parts
  const { personId, factor } = input
  const [practice] = await database.administrative.run<{ activities: string[]; chosen: boolean }>(PLACE_OF_PRACTICE, [
    personId,
  ])
  const { activities = [], chosen = false } = practice ?? {}
  const now = clock.now()
  const { cookie } = await openSession(
    {
      personId,
      side: 'practice',
      role: 'practitioner',
      level: factor ? 'low2' : 'low',
      via: 'password',
      authMode: factor ? `PASSWORD+${factor}` : 'PASSWORD',
      acr: '',
      issuer: 'password',
      activityId: chosen || activities.length === 1 ? activities[0]! : null,
      organismIds: [],
      authTime: now,
      idpSid: null,
      sealedIdToken: null,
      address: input.address,
    },
    input.principal,
  )
  await database.administrative.run(NOTE, [
    personId,
    now,
    await placeIndex(vault, personId, input),
    input.attemptKey,
    ...mailValues(clock, { kind: 'password-sign-in', personId, details: { at: now.toISOString() } }),
  ])
  outbox.wake()
  return { cookie }
}
