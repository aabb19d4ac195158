// Second factors of one's own account: added and taken away after a fresh proof, and told by mail.
import { statement } from '../../platform/database/database.ts'
import { newId } from '../../platform/identifiers.ts'
import { mailCte, mailValues } from '../../platform/outbox/outbox.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import type { TraceEvent } from '../../platform/trace/events.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import { passkeysOf } from './finish-sign-in.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { requireProof } from './prove-password.ts'
import { newRecoveryCodes, recoveryIndexes } from './recovery-codes.ts'
import { newTotpSecret, openTotpSecret, type SealedSecret, sealTotpSecret, stepOf, totpAddress } from './totp.ts'
import { registrationOptions, verifyRegistration } from './web-authn.ts'

const CHALLENGE_MS = 5 * 60_000

const KEEP_CHALLENGE = statement(
  'passwords.keep-new-passkey',
  `insert into portal.password_session (id_hash, challenge, challenge_expires_at) values ($1, $2, $3)
   on conflict (id_hash) do update set challenge = excluded.challenge, challenge_expires_at = excluded.challenge_expires_at`,
)
const TAKE_CHALLENGE = statement(
  'passwords.take-new-passkey',
  `with was_ as (
     select id_hash, challenge, challenge_expires_at from portal.password_session where id_hash = $1 for update)
   update portal.password_session s set challenge = null from was_ where s.id_hash = was_.id_hash
     and was_.challenge_expires_at > $2
   returning was_.challenge`,
)
/** Codes come with the first factor; a second one changes nothing of them. */
const CODES = (person: string, codes: string) => `
   codes_ as (
     insert into portal.recovery_code (person_id, code_index)
     select ${person}::uuid, code from factor_, unnest(${codes}::bytea[]) as code
     where not exists (select 1 from portal.recovery_code where person_id = ${person}) returning 1)`
const ADD_PASSKEY = statement(
  'passwords.add-passkey',
  `with factor_ as (
     insert into portal.second_factor (factor_id, person_id, kind, label, credential_id, public_key, counter, transports,
       added_at, confirmed_at)
     select $1, $2, 'passkey', $3, $4, $5, $6, $7, $8, $8 from portal.password_account where person_id = $2
     on conflict (credential_id) do nothing returning 1),
   ${CODES('$2', '$9')}, ${mailCte(10, 'factor_')}, ${traceCte(16, 'factor_')}
   select exists (select 1 from codes_) as "withCodes" from lane_`,
)
const BEGIN_TOTP = statement(
  'passwords.begin-totp',
  `insert into portal.second_factor as f (factor_id, person_id, kind, label, key_id, data_key, sealed_secret, added_at)
   select $1, $2, 'totp', $3, $4, $5, $6, $7 from portal.password_account where person_id = $2
   on conflict (person_id) where kind = 'totp' do update set factor_id = excluded.factor_id, key_id = excluded.key_id,
     data_key = excluded.data_key, sealed_secret = excluded.sealed_secret, added_at = excluded.added_at
   where f.confirmed_at is null
   returning 1`,
)
const UNCONFIRMED = statement(
  'passwords.unconfirmed-totp',
  `select factor_id as "factorId", key_id as "keyId", data_key as "dataKey", sealed_secret as "sealedSecret"
   from portal.second_factor where person_id = $1 and kind = 'totp' and confirmed_at is null and added_at > $2`,
)
const CONFIRM_TOTP = statement(
  'passwords.confirm-totp',
  `with factor_ as (
     update portal.second_factor set confirmed_at = $3, last_step = $4
     where factor_id = $1 and person_id = $2 and confirmed_at is null returning 1),
   ${CODES('$2', '$5')}, ${mailCte(6, 'factor_')}, ${traceCte(12, 'factor_')}
   select exists (select 1 from codes_) as "withCodes" from lane_`,
)
const REMOVE = statement(
  'passwords.remove-factor',
  `with factor_ as (delete from portal.second_factor where factor_id = $1 and person_id = $2 returning factor_id),
   codes_ as (
     delete from portal.recovery_code where person_id = $2 and exists (select 1 from factor_)
       and not exists (select 1 from portal.second_factor f where f.person_id = $2 and f.confirmed_at is not null
         and f.factor_id <> $1)),
   ${mailCte(3, 'factor_')}, ${traceCte(9, 'factor_')}
   select 1 from lane_`,
)
const RENEW = statement(
  'passwords.renew-recovery-codes',
  `with factor_ as (select 1 from portal.second_factor where person_id = $1 and confirmed_at is not null limit 1),
   former_ as (delete from portal.recovery_code where person_id = $1 and exists (select 1 from factor_)),
   codes_ as (
     insert into portal.recovery_code (person_id, code_index) select $1::uuid, code from factor_, unnest($2::bytea[]) as code),
   ${mailCte(3, 'factor_')}, ${traceCte(9, 'factor_')}
   select 1 from lane_`,
)

type Told = 'factor-added' | 'factor-removed' | 'recovery-codes-renewed'

function told(parts: Parts, principal: Principal, kind: Told, event: TraceEvent): unknown[] {
  return [
    ...mailValues(parts.clock, { kind, personId: principal.personId }),
    ...traceValues(entry(parts.clock, PORTAL_CHAIN, traceActor(principal), event)),
  ]
}

/** @throws Refusal `proof-required` */
export async function beginPasskey(parts: Parts, principal: Principal): Promise<Record<string, unknown>> {
  await requireProof(parts, principal)
  const { database, clock, configuration } = parts
  const known = await passkeysOf(parts, principal.personId)
  const options = await registrationOptions(configuration.publicUrl, principal, known)
  const until = new Date(clock.now().getTime() + CHALLENGE_MS)
  await database.administrative.run(KEEP_CHALLENGE, [principal.idHash, options.challenge, until])
  return { ...options }
}

/** @throws Refusal `proof-required`, `second-factor-wrong`, `second-factor-exists`, `password-none` */
export async function addPasskey(
  parts: Parts,
  principal: Principal,
  input: { label: string; credential: unknown },
): Promise<string[]> {
  await requireProof(parts, principal)
  const { database, clock, configuration, vault, outbox } = parts
  const [taken] = await database.administrative.run<{ challenge: string | null }>(TAKE_CHALLENGE, [
    principal.idHash,
    clock.now(),
  ])
  const passkey = taken?.challenge
    ? await verifyRegistration(configuration.publicUrl, taken.challenge, input.credential)
    : null
  if (!passkey) throw refuse('second-factor-wrong')
  await requireAccount(parts, principal)
  const factor = newId()
  const codes = newRecoveryCodes()
  const [added] = await database.administrative.run<{ withCodes: boolean }>(ADD_PASSKEY, [
    factor,
    principal.personId,
    input.label,
    passkey.credentialId,
    passkey.publicKey,
    passkey.counter,
    passkey.transports,
    clock.now(),
    await recoveryIndexes(vault, principal.personId, codes),
    ...told(parts, principal, 'factor-added', { type: 'factor.added', kind: 'passkey', factor }),
  ])
  if (!added) throw refuse('second-factor-exists')
  outbox.wake()
  return added.withCodes ? codes : []
}

/** @throws Refusal `proof-required`, `second-factor-exists`, `password-none` */
export async function beginTotp(parts: Parts, principal: Principal): Promise<{ secret: string; address: string }> {
  await requireProof(parts, principal)
  await requireAccount(parts, principal)
  const { database, clock, vault } = parts
  const secret = newTotpSecret()
  const sealed = await sealTotpSecret(vault, principal.personId, secret)
  const [begun] = await database.administrative.run(BEGIN_TOTP, [
    newId(),
    principal.personId,
    'Application de codes',
    sealed.keyId,
    sealed.dataKey,
    sealed.sealedSecret,
    clock.now(),
  ])
  if (!begun) throw refuse('second-factor-exists')
  return { secret, address: totpAddress(secret) }
}

/** @throws Refusal `proof-required`, `second-factor-wrong` */
export async function addTotp(parts: Parts, principal: Principal, code: string): Promise<string[]> {
  await requireProof(parts, principal)
  const { database, clock, vault, outbox } = parts
  const now = clock.now()
  const [factor] = await database.administrative.run<SealedSecret & { factorId: string }>(UNCONFIRMED, [
    principal.personId,
    new Date(now.getTime() - 3 * CHALLENGE_MS),
  ])
  const step = factor ? stepOf(await openTotpSecret(vault, principal.personId, factor), code, now) : null
  if (!factor || step === null) throw refuse('second-factor-wrong')
  const codes = newRecoveryCodes()
  const [added] = await database.administrative.run<{ withCodes: boolean }>(CONFIRM_TOTP, [
    factor.factorId,
    principal.personId,
    now,
    step,
    await recoveryIndexes(vault, principal.personId, codes),
    ...told(parts, principal, 'factor-added', { type: 'factor.added', kind: 'totp', factor: factor.factorId }),
  ])
  if (!added) throw refuse('second-factor-wrong')
  outbox.wake()
  return added.withCodes ? codes : []
}

/** @throws Refusal `proof-required`, `second-factor-unknown` */
export async function removeFactor(parts: Parts, principal: Principal, factorId: string): Promise<void> {
  await requireProof(parts, principal)
  const event = { type: 'factor.removed', kind: 'factor', factor: factorId } as const
  const values = [factorId, principal.personId, ...told(parts, principal, 'factor-removed', event)]
  const [removed] = await parts.database.administrative.run(REMOVE, values)
  if (!removed) throw refuse('second-factor-unknown')
  parts.outbox.wake()
}

/** @throws Refusal `proof-required`, `second-factor-unknown` where there is no factor to recover */
export async function renewRecoveryCodes(parts: Parts, principal: Principal): Promise<string[]> {
  await requireProof(parts, principal)
  const codes = newRecoveryCodes()
  const event = { type: 'factor.added', kind: 'recovery', factor: null } as const
  const [renewed] = await parts.database.administrative.run(RENEW, [
    principal.personId,
    await recoveryIndexes(parts.vault, principal.personId, codes),
    ...told(parts, principal, 'recovery-codes-renewed', event),
  ])
  if (!renewed) throw refuse('second-factor-unknown')
  parts.outbox.wake()
  return codes
}

const ACCOUNT = statement('passwords.has-account', 'select 1 from portal.password_account where person_id = $1')

async function requireAccount({ database }: Parts, { personId }: Principal): Promise<void> {
  if ((await database.administrative.run(ACCOUNT, [personId])).length === 0) throw refuse('password-none')
}
