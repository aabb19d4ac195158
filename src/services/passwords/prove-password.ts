import { statement } from '../../platform/database/database.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import { forgetAttempts, takeAttempt } from './attempts.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { refuseTry } from './refuse-try.ts'

/** A proof older than that must be given again before a change. */
export const PROOF_MS = 5 * 60_000

const ACCOUNT = statement(
  'passwords.account-to-prove',
  `select attempt_key as "attemptKey", password_hash as "passwordHash" from portal.password_account where person_id = $1`,
)
const PROVE = statement(
  'passwords.prove',
  `insert into portal.password_session (id_hash, proven_at) values ($1, $2)
   on conflict (id_hash) do update set proven_at = excluded.proven_at`,
)
const PROVEN = statement(
  'passwords.proven',
  'select 1 as proven from portal.password_session where id_hash = $1 and proven_at > $2 and proven_at <= $3',
)

/** Types the password again. @throws Refusal `password-none`, `password-wrong`, and those of tries */
export async function provePassword(parts: Parts, principal: Principal, password: string): Promise<void> {
  const { database, clock, configuration, hasher } = parts
  const [account] = await database.administrative.run<{ attemptKey: Buffer; passwordHash: string }>(ACCOUNT, [
    principal.personId,
  ])
  if (!account) throw refuse('password-none')
  const { last } = await takeAttempt(parts, account.attemptKey, configuration.passwordTries)
  if (!(await hasher.verify(account.passwordHash, password)))
    throw await refuseTry(parts, { personId: principal.personId, code: 'password-wrong', last })
  await forgetAttempts(parts, account.attemptKey)
  await database.administrative.run(PROVE, [principal.idHash, clock.now()])
}

/** Whether this session was opened, or its password typed again, a short while ago. */
export async function isProven(
  { database, clock }: Pick<Parts, 'database' | 'clock'>,
  principal: Principal,
): Promise<boolean> {
  const now = clock.now()
  const since = new Date(now.getTime() - PROOF_MS)
  if (principal.createdAt > since && principal.createdAt <= now) return true
  return (await database.administrative.run(PROVEN, [principal.idHash, since, now])).length > 0
}

/** @throws Refusal `proof-required` */
export async function requireProof(parts: Pick<Parts, 'database' | 'clock'>, principal: Principal): Promise<void> {
  if (!(await isProven(parts, principal))) throw refuse('proof-required')
}
