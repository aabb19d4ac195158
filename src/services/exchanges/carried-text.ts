// A text that came from where nothing medical may be written: kept sealed between that form and the draft it becomes,
// over a step-up by card and the identification of the patient.
import { statement } from '../../platform/database/database.ts'
import { newId } from '../../platform/identifiers.ts'
import { digestOf, once } from '../../platform/once.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'

const HOURS = 12
/** It belongs to no organisme yet. */
const ORGANISM = 'portal'

const CARRY = statement(
  'exchanges.carry-text',
  `with carried_ as (
     insert into medical.carried_text (carried_id, person_id, key_id, data_key, sealed, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7) returning carried_id),
   once_ as (
     insert into portal.idempotency (person_id, key, digest, result, created_at)
     select $2, $8, $9, jsonb_build_object('carriedId', carried_id::text), $6 from carried_)
   select carried_id as "carriedId" from carried_`,
)
const READ = statement(
  'exchanges.read-carried-text',
  `select key_id as "keyId", data_key as "dataKey", sealed from medical.carried_text
   where carried_id = $1 and person_id = $2 and expires_at > $3`,
)

const SWEEP = statement('exchanges.sweep-carried', 'delete from medical.carried_text where expires_at < $1')

const place = (carriedId: string, personId: string) => `carried/${carriedId}/${personId}`

/** Keeps a text for the person who wrote it; gives the opaque id that stands in the address. */
export async function carryText(
  { database, vault, clock }: Pick<Parts, 'database' | 'vault' | 'clock'>,
  principal: Principal,
  key: string,
  text: string,
): Promise<{ carriedId: string }> {
  const carriedId = newId()
  const now = clock.now()
  const dataKey = await vault.newDataKey('medical', ORGANISM, carriedId)
  const digest = await digestOf(vault, 'carryText', text)
  const result = await once<{ carriedId: string }, { carriedId: string }>(
    database.medical,
    { personId: principal.personId, key, digest },
    () =>
      database.medical.run(CARRY, [
        carriedId,
        principal.personId,
        dataKey.keyId,
        dataKey.wrapped,
        vault.seal(dataKey, place(carriedId, principal.personId), text),
        now,
        new Date(now.getTime() + HOURS * 3_600_000),
        key,
        digest,
      ]),
  )
  if ('done' in result) return result.done
  return 'earlier' in result ? result.earlier : { carriedId }
}

/** @throws Refusal `carried-text-not-found`: somebody else's, too old, or none */
export async function readCarriedText(
  { database, vault, clock }: Pick<Parts, 'database' | 'vault' | 'clock'>,
  principal: Principal,
  carriedId: string,
): Promise<{ text: string }> {
  const { personId } = principal
  const [row] = await database.medical.run<{ keyId: string; dataKey: Buffer; sealed: Buffer }>(READ, [
    carriedId,
    personId,
    clock.now(),
  ])
  if (!row) throw refuse('carried-text-not-found')
  const key = await vault.dataKey('medical', ORGANISM, carriedId, row.keyId, row.dataKey)
  return { text: vault.open(key, place(carriedId, personId), row.sealed) }
}

/** Removes the texts that nobody took up in time. */
export async function sweepCarriedTexts({ database, clock }: Pick<Parts, 'database' | 'clock'>): Promise<void> {
  await database.medical.run(SWEEP, [clock.now()])
}
