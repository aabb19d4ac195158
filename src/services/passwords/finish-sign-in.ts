import { statement } from '../../platform/database/database.ts'
import { hashOf } from '../../platform/sessions/sessions.ts'
import { nobody } from '../../platform/trace/events.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import { takeAttempt } from './attempts.ts'
import { openPasswordSession } from './open-password-session.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { recoveryIndex } from './recovery-codes.ts'
import { refuseTry } from './refuse-try.ts'
import type { From } from './sign-in.ts'
import { openTotpSecret, type SealedSecret, stepOf } from './totp.ts'
import { authenticationOptions, type StoredPasskey, verifyAuthentication } from './web-authn.ts'

export type Shown =
  | { means: 'totp' | 'recovery'; ticket: string; code: string }
  | { means: 'passkey'; ticket: string; credential: { id: string } }

type Pending = { personId: string; attemptKey: Buffer }

const FIND = statement(
  'passwords.find-pending',
  `select p.person_id as "personId", c.attempt_key as "attemptKey"
   from portal.pending_sign_in p join portal.password_account c using (person_id)
   where p.ticket_hash = $1 and p.expires_at > $2 and p.created_at <= $2`,
)
const KEEP_CHALLENGE = statement(
  'passwords.keep-challenge',
  'update portal.pending_sign_in set challenge = $2 where ticket_hash = $1 returning 1',
)
const TAKE_CHALLENGE = statement(
  'passwords.take-challenge',
  `with was_ as (select ticket_hash, challenge from portal.pending_sign_in where ticket_hash = $1 for update)
   update portal.pending_sign_in p set challenge = null from was_ where p.ticket_hash = was_.ticket_hash
   returning was_.challenge`,
)
const PASSKEYS = statement(
  'passwords.passkeys',
  `select factor_id as "factorId", credential_id as "credentialId", public_key as "publicKey", counter, transports
   from portal.second_factor where person_id = $1 and kind = 'passkey' order by added_at`,
)
const TOTP = statement(
  'passwords.totp',
  `select factor_id as "factorId", key_id as "keyId", data_key as "dataKey", sealed_secret as "sealedSecret"
   from portal.second_factor where person_id = $1 and kind = 'totp' and confirmed_at is not null`,
)
// A code serves once: the step must be later than that of the last one.
const USE_TOTP = statement(
  'passwords.use-totp',
  `with used_ as (
     update portal.second_factor set last_step = $3, last_used_at = $2 where factor_id = $1 and last_step < $3 returning 1),
   ${traceCte(4, 'used_')} select 1 from lane_`,
)
// A counter that does not go forward twice at once is the same answer shown twice.
const USE_PASSKEY = statement(
  'passwords.use-passkey',
  `with used_ as (
     update portal.second_factor set counter = $3, last_used_at = $2
     where factor_id = $1 and counter = $4 returning 1),
   ${traceCte(5, 'used_')} select 1 from lane_`,
)
const USE_RECOVERY = statement(
  'passwords.use-recovery-code',
  `with used_ as (
     update portal.recovery_code set used_at = $3 where person_id = $1 and code_index = $2 and used_at is null returning 1),
   ${traceCte(4, 'used_')} select 1 from lane_`,
)
const END = statement('passwords.end-pending', 'delete from portal.pending_sign_in where ticket_hash = $1 returning 1')

export const passkeysOf = ({ database }: Pick<Parts, 'database'>, personId: string): Promise<StoredPasskey[]> =>
  database.administrative.run<StoredPasskey>(PASSKEYS, [personId])

async function findPending({ database, clock }: Parts, ticket: string): Promise<Pending> {
  const [pending] = await database.administrative.run<Pending>(FIND, [hashOf(ticket), clock.now()])
  if (!pending) throw refuse('sign-in-ticket-ended')
  return pending
}

/** The challenge for one of the person's passkeys. @throws Refusal `sign-in-ticket-ended` */
export async function beginPasskeySignIn(parts: Parts, ticket: string): Promise<Record<string, unknown>> {
  const { personId } = await findPending(parts, ticket)
  const options = await authenticationOptions(parts.configuration.publicUrl, await passkeysOf(parts, personId))
  await parts.database.administrative.run(KEEP_CHALLENGE, [hashOf(ticket), options.challenge])
  return { ...options }
}

/**
 * Takes the second factor of a sign-in that has begun, and opens the session. Its tries are counted with those of the
 * password: knowing one does not open a way to guess the other.
 * @throws Refusal `sign-in-ticket-ended`, `second-factor-wrong`, `password-slowed`, `password-locked`
 */
export async function finishPasswordSignIn(parts: Parts, shown: Shown, from: From): Promise<{ cookie: string }> {
  const { personId, attemptKey } = await findPending(parts, shown.ticket)
  const { last } = await takeAttempt(parts, attemptKey, parts.configuration.passwordTries)
  const right =
    shown.means === 'passkey'
      ? await showPasskey(parts, personId, shown)
      : shown.means === 'totp'
        ? await showTotp(parts, personId, shown.code)
        : await showRecoveryCode(parts, personId, shown.code)
  if (!right) throw await refuseTry(parts, { personId, code: 'second-factor-wrong', last })
  const [ended] = await parts.database.administrative.run(END, [hashOf(shown.ticket)])
  if (!ended) throw refuse('sign-in-ticket-ended')
  const factor = ({ passkey: 'PASSKEY', totp: 'TOTP', recovery: 'RECOVERY' } as const)[shown.means]
  return openPasswordSession(parts, { personId, attemptKey, factor, ...from })
}

async function showTotp({ database, vault, clock }: Parts, personId: string, code: string): Promise<boolean> {
  const [factor] = await database.administrative.run<SealedSecret & { factorId: string }>(TOTP, [personId])
  if (!factor) return false
  const now = clock.now()
  const step = stepOf(await openTotpSecret(vault, personId, factor), code, now)
  if (step === null) return false
  const trace = used(clock, 'totp', factor.factorId)
  return (await database.administrative.run(USE_TOTP, [factor.factorId, now, step, ...trace])).length > 0
}

async function showRecoveryCode({ database, vault, clock }: Parts, personId: string, code: string): Promise<boolean> {
  const index = await recoveryIndex(vault, personId, code)
  const trace = used(clock, 'recovery', null)
  return (await database.administrative.run(USE_RECOVERY, [personId, index, clock.now(), ...trace])).length > 0
}

async function showPasskey(
  parts: Parts,
  personId: string,
  { ticket, credential }: { ticket: string; credential: { id: string } },
): Promise<boolean> {
  const { database, clock, configuration } = parts
  const [taken] = await database.administrative.run<{ challenge: string | null }>(TAKE_CHALLENGE, [hashOf(ticket)])
  const passkeys = await passkeysOf(parts, personId)
  const passkey = passkeys.find(({ credentialId }) => credentialId.toString('base64url') === credential.id)
  if (!taken?.challenge || !passkey) return false
  const counter = await verifyAuthentication(configuration.publicUrl, taken.challenge, passkey, credential)
  if (counter === null) return false
  const { factorId } = passkey
  const values = [factorId, clock.now(), counter, passkey.counter, ...used(clock, 'passkey', factorId)]
  return (await database.administrative.run(USE_PASSKEY, values)).length > 0
}

const used = (clock: Parts['clock'], kind: string, factor: string | null) =>
  traceValues(entry(clock, PORTAL_CHAIN, nobody, { type: 'factor.used', kind, factor }))
