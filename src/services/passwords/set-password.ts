import { statement } from '../../platform/database/database.ts'
import { mailCte, mailValues } from '../../platform/outbox/outbox.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { nobody } from '../../platform/trace/events.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import { keyOfIdentifier } from './attempts.ts'
import { type Holder, holderById } from './holder.ts'
import { judgePassword } from './judge-password.ts'
import { openLink } from './open-link.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { requireProof } from './prove-password.ts'

// Whoever was signed in by the former password is signed out, sign-ins half done and links end, tries begin anew. Told by
// mail, but for a password of the demonstration, which nobody has set.
const SET = (source: string, trace: number, mail: number | null = 6) => `
   account_ as (
     insert into portal.password_account as c (person_id, attempt_key, password_hash, set_at, last_used_at)
     select $1::uuid, $2::bytea, $3::text, $4::timestamptz, $4::timestamptz from ${source}
     on conflict (person_id) do update set attempt_key = excluded.attempt_key, password_hash = excluded.password_hash,
       set_at = excluded.set_at, last_used_at = excluded.last_used_at
     returning person_id),
   sessions_ as (
     delete from portal.session s using account_ where s.person_id = account_.person_id and s.via = 'password'
       and s.id_hash is distinct from $5::bytea),
   pending_ as (delete from portal.pending_sign_in p using account_ where p.person_id = account_.person_id),
   tries_ as (delete from portal.password_attempt where attempt_key = $2 and exists (select 1 from account_)),
   ${mail === null ? '' : `${mailCte(mail, 'account_')}, `}${traceCte(trace, 'account_')}
   select 1 from lane_`

const BY_LINK = statement(
  'passwords.set-by-link',
  `with link_ as (
     update portal.account_link set ended_at = $4 where link_id = $12 and ended_at is null and expires_at > $4
     returning person_id),
   -- Two that were sent at one moment: the other serves no more.
   others_ as (
     update portal.account_link l set ended_at = $4 from link_
     where l.person_id = link_.person_id and l.link_id <> $12 and l.ended_at is null),
   ${SET('link_', 13)}`,
)
const BY_HOLDER = statement(
  'passwords.set',
  `with one_ as (select 1),
   links_ as (update portal.account_link set ended_at = $4 where person_id = $1 and ended_at is null),
   ${SET('one_', 12)}`,
)

const OF_DEMONSTRATION = statement('passwords.set-demonstration', `with one_ as (select 1), ${SET('one_', 6, null)}`)

/**
 * Sets the password by a one-time link. It opens a locked or sleeping account again; second factors stay.
 * @throws Refusal `link-ended`, `password-refused`
 */
export async function setPasswordByLink(parts: Parts, input: { token: string; password: string }): Promise<void> {
  const { link, holder } = await openLink(parts, input.token)
  await requireFit(parts, holder, input.password)
  const trace = entry(parts.clock, PORTAL_CHAIN, nobody, { type: 'link.used', kind: 'password', link: link.linkId })
  const values = await valuesOf(parts, holder, input.password, null)
  const rows = await parts.database.administrative.run(BY_LINK, [...values, link.linkId, ...traceValues(trace)])
  // Used by somebody else between the two statements.
  if (rows.length === 0) throw refuse('link-ended')
  parts.outbox.wake()
}

/**
 * Sets or changes one's own password.
 * @throws Refusal `proof-required`, `password-email-missing`, `password-refused`
 */
export async function setPassword(parts: Parts, principal: Principal, password: string): Promise<void> {
  await requireProof(parts, principal)
  const holder = await holderById(parts.database, principal.personId)
  if (!holder.email || !holder.identifier) throw refuse('password-email-missing')
  await requireFit(parts, holder, password)
  const trace = entry(parts.clock, PORTAL_CHAIN, traceActor(principal), { type: 'password.set' })
  const values = await valuesOf(parts, holder, password, principal.idHash)
  await parts.database.administrative.run(BY_HOLDER, [...values, ...traceValues(trace)])
  parts.outbox.wake()
}

/** Sets a password for an identifier of the demonstration, unless there is one. */
export async function setDemonstrationPassword(parts: Parts, holder: Holder, password: string): Promise<void> {
  if (parts.configuration.mode === 'production') throw new Error('a demonstration account is for demonstrations')
  if (holder.active) return
  await requireFit(parts, holder, password)
  const trace = entry(parts.clock, PORTAL_CHAIN, nobody, { type: 'password.set' })
  const account = (await valuesOf(parts, holder, password, null)).slice(0, 5)
  await parts.database.administrative.run(OF_DEMONSTRATION, [...account, ...traceValues(trace)])
}

async function requireFit({ estimator }: Parts, holder: Holder, password: string): Promise<void> {
  const { accepted, reasons } = await judgePassword(estimator, holder, password)
  if (accepted) return
  throw refuse('password-refused', {
    faults: [{ pointer: '/password', code: 'password-refused', detail: reasons.join(' ') }],
  })
}

async function valuesOf(
  parts: Parts,
  holder: Holder,
  password: string,
  keptSession: Buffer | null,
): Promise<unknown[]> {
  return [
    holder.personId,
    await keyOfIdentifier(parts.vault, holder.identifier),
    await parts.hasher.hash(password),
    parts.clock.now(),
    keptSession,
    ...mailValues(parts.clock, { kind: 'password-set', personId: holder.personId }),
  ]
}
