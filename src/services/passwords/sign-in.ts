import { randomBytes } from 'node:crypto'
import { statement } from '../../platform/database/database.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import { hashOf } from '../../platform/sessions/sessions.ts'
import { nobody } from '../../platform/trace/events.ts'
import { entry, PORTAL_CHAIN, writeTrace } from '../../platform/trace/trace.ts'
import { keyOfIdentifier, takeAttempt, takeAttemptOf } from './attempts.ts'
import { openPasswordSession } from './open-password-session.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { refuseTry } from './refuse-try.ts'

/** An account that has not served for so long is blocked (as amelipro's are: DOMAIN.md part 1.1). */
export const DORMANT_MS = 183 * 24 * 3_600_000
/** The second factor must come within this time. */
const PENDING_MS = 5 * 60_000

export type Means = 'passkey' | 'totp' | 'recovery'
export type From = { address: string; browser: string; principal: Principal | null }

type Account = {
  personId: string
  passwordHash: string
  lastUsedAt: Date
  passkey: boolean
  totp: boolean
  recovery: boolean
}

const FIND = statement(
  'passwords.find-account',
  `select c.person_id as "personId", c.password_hash as "passwordHash", c.last_used_at as "lastUsedAt",
     exists (select 1 from portal.second_factor f where f.person_id = c.person_id and f.kind = 'passkey') as passkey,
     exists (select 1 from portal.second_factor f where f.person_id = c.person_id and f.kind = 'totp'
       and f.confirmed_at is not null) as totp,
     exists (select 1 from portal.recovery_code r where r.person_id = c.person_id and r.used_at is null) as recovery
   from portal.person p join portal.password_account c using (person_id)
   where p.rpps = $1 and p.rpps <> '' and p.realm = 'ans'`,
)
// The password was right: its try stays counted, and makes nobody wait for the second factor.
const PENDING = statement(
  'passwords.begin-second-factor',
  `with try_ as (update portal.password_attempt set wait_until = '-infinity', locked_at = null where attempt_key = $5)
   insert into portal.pending_sign_in (ticket_hash, person_id, created_at, expires_at) values ($1, $2, $3, $4)`,
)

/**
 * Signs in by identifier and password, or says which second factor comes next.
 * An unknown identifier costs what a known one does: as many statements, one argon2.
 * @throws Refusal `password-wrong`, `password-slowed`, `password-locked`; `password-dormant` to who knows the password
 */
export async function signInByPassword(
  parts: Parts,
  input: { identifier: string; password: string } & From,
): Promise<{ cookie: string } | { ticket: string; means: Means[] }> {
  const { database, clock, hasher, configuration, vault } = parts
  const ofAddress = await takeAttemptOf(parts, 'sign-in', input.address)
  const attemptKey = await keyOfIdentifier(vault, input.identifier)
  const { last } = await takeAttempt(parts, attemptKey, configuration.passwordTries)
  const [account] = await database.administrative.run<Account>(FIND, [input.identifier])
  const right = await hasher.verify(account?.passwordHash ?? null, input.password)
  if (!account || !right)
    throw await refuseTry(parts, { personId: account?.personId ?? null, code: 'password-wrong', last })
  await ofAddress.giveBack()
  if (isDormant(account.lastUsedAt, clock.now())) {
    const event = { type: 'password.dormant', subject: account.personId, by: 'disuse' } as const
    await writeTrace(database.administrative, entry(clock, PORTAL_CHAIN, nobody, event))
    throw refuse('password-dormant')
  }
  if (!account.passkey && !account.totp)
    return openPasswordSession(parts, { personId: account.personId, attemptKey, factor: null, ...input })
  const means: Means[] = (['passkey', 'totp', 'recovery'] as const).filter((each) => account[each])
  const ticket = randomBytes(32).toString('base64url')
  const now = clock.now()
  const until = new Date(now.getTime() + PENDING_MS)
  await database.administrative.run(PENDING, [hashOf(ticket), account.personId, now, until, attemptKey])
  return { ticket, means }
}

export const isDormant = (lastUsedAt: Date, now: Date): boolean => now.getTime() - lastUsedAt.getTime() > DORMANT_MS
