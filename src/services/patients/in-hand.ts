// A patient in hand: the identity of someone whom a person has identified, sealed in the database under an opaque id,
// so that neither the address, nor the browser, nor a dump of the database tells who it is.
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import { type Database, statement } from '../../platform/database/database.ts'
import { type TraceEntry, traceCte, traceValues } from '../../platform/trace/trace.ts'
import type { Vault } from '../../platform/vault/vault.ts'
import type { PatientIdentity } from './contract.ts'

export type InHand = { database: Database; vault: Vault; clock: Clock }

/** A day's work, so that a page left open over lunch still knows its patient. */
const HOURS = 12

/** By which means the identity came: typed number, or an exchange the person is a party to. */
export type Means = 'typed' | 'exchange'

/** One patient in hand, sealed and ready to be written. */
type SealedRow = { patientId: string; organismId: string; keyId: string; dataKey: Buffer; sealed: Buffer }

// The rows come as arrays: one statement whatever the size of the family. The household removes the expired ones.
const PUT_ROWS = `
  put_ as (
    insert into medical.patient_in_hand
      (patient_id, person_id, organism_id, means, key_id, data_key, sealed, created_at, expires_at)
    select r.patient_id, $6::uuid, r.organism_id, $9::text, r.key_id, r.data_key, r.sealed, $7::timestamptz, $8::timestamptz
    from unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bytea[])
      as r (patient_id, organism_id, key_id, data_key, sealed)
    returning patient_id
  )`
const PUT = statement('patients.put', `with ${PUT_ROWS} select patient_id from put_`)
const PUT_TRACED = statement(
  'patients.putTraced',
  `with ${PUT_ROWS}, ${traceCte(10, 'put_')} select patient_id from put_`,
)
const READ = statement(
  'patients.readInHand',
  `select organism_id, key_id, data_key, sealed from medical.patient_in_hand
   where patient_id = $1 and person_id = $2 and expires_at > $3 and ($4::text[] is null or organism_id = any ($4))`,
)

/** Binds the sealed identity to its row and to the person who holds it. */
const place = (patientId: string, personId: string) => `patient/${patientId}/${personId}`

/** Fresh opaque ids: random, so that nothing can be told from one (a UUID v7 would tell when). */
export const newPatientIds = (count: number): string[] => Array.from({ length: count }, () => randomUUID())

/** Writes identities under their ids; with `trace`, in the same statement as the event that tells of it. */
export async function putRows(
  { database, vault, clock }: InHand,
  personId: string,
  patients: { patientId: string; identity: PatientIdentity }[],
  means: Means,
  trace?: TraceEntry,
): Promise<void> {
  const rows = await Promise.all(
    patients.map(async ({ patientId, identity }): Promise<SealedRow> => {
      const { organismId } = identity.organism
      const dataKey = await vault.newDataKey('medical', organismId, patientId)
      const sealed = vault.seal(dataKey, place(patientId, personId), JSON.stringify(identity))
      return { patientId, organismId, keyId: dataKey.keyId, dataKey: dataKey.wrapped, sealed }
    }),
  )
  const now = clock.now()
  const values = [
    rows.map((row) => row.patientId),
    rows.map((row) => row.organismId),
    rows.map((row) => row.keyId),
    rows.map((row) => row.dataKey),
    rows.map((row) => row.sealed),
    personId,
    now,
    new Date(now.getTime() + HOURS * 3_600_000),
    means,
  ]
  if (trace) await database.medical.run(PUT_TRACED, [...values, ...traceValues(trace)])
  else await database.medical.run(PUT, values)
}

/** Whose hands are looked into; with `organismIds`, only patients of these organismes count (an adviser’s own). */
export type Holder = { personId: string; organismIds?: string[] | null }

/** The identity behind an id that this very person holds; null when unknown, expired or somebody else's. */
export async function readInHand(
  { database, vault, clock }: InHand,
  { personId, organismIds = null }: Holder,
  patientId: string,
): Promise<PatientIdentity | null> {
  type Row = { organism_id: string; key_id: string; data_key: Buffer; sealed: Buffer }
  const [row] = await database.medical.run<Row>(READ, [patientId, personId, clock.now(), organismIds])
  if (!row) return null
  const dataKey = await vault.dataKey('medical', row.organism_id, patientId, row.key_id, row.data_key)
  return JSON.parse(vault.open(dataKey, place(patientId, personId), row.sealed)) as PatientIdentity
}
