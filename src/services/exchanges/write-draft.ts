// The text being written is saved by itself: nothing someone typed is lost, whatever happens to the browser.
import { isDeepStrictEqual } from 'node:util'
import { statement } from '../../platform/database/database.ts'
import { newId } from '../../platform/identifiers.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { PatientIdentity } from '../patients/contract.ts'
import { accessTo, refuseAccess } from './access.ts'
import type { DraftContent } from './content.ts'
import { digestOf, once } from './once.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { readStoredDraft } from './read-draft.ts'
import { exchangeKey, openHeader } from './sealing.ts'
import { draftKey, type SealedDraft, sealDraftContent, sealDraftPatient } from './sealing-drafts.ts'

export type Saved = { draftId: string; version: number; updatedAt: string }

// One draft of an answer per person and exchange: a second window gets the first one's (and then has to choose).
const CREATE = statement(
  'drafts.create',
  `with draft_ as (
     insert into medical.draft (draft_id, person_id, organism_id, exchange_id, key_id, data_key, patient, sealed, version,
       created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9)
     on conflict (person_id, exchange_id) where exchange_id is not null do nothing
     returning draft_id),
   once_ as (
     insert into portal.idempotency (person_id, key, digest, result, created_at)
     select $2, $10, $11, $12::jsonb, $9 from draft_)
   select draft_id from draft_`,
)
const KEY = statement(
  'drafts.key',
  'select draft_id, person_id, organism_id, key_id, data_key, sealed, version, updated_at from medical.draft where draft_id = $1 and person_id = $2',
)
const SAVE = statement(
  'drafts.save',
  `update medical.draft set sealed = $4, version = version + 1, updated_at = $5
   where draft_id = $1 and person_id = $2 and version = $3 returning version`,
)
const DELETE = statement('drafts.delete', 'delete from medical.draft where draft_id = $1 and person_id = $2')
const OF_EXCHANGE = statement(
  'drafts.of-exchange',
  'select draft_id from medical.draft where person_id = $1 and exchange_id = $2',
)

/**
 * Begins a draft.
 * @throws Refusal `patient-required`, `exchange-not-found`, or `draft-conflict` (with the stored draft) when this person
 * already writes an answer to this exchange in another window
 */
export async function createDraft(
  parts: Parts,
  principal: Principal,
  key: string,
  input: { patientId?: string | null; exchangeId?: string | null; content: DraftContent },
): Promise<Saved> {
  const { database, vault, clock } = parts
  const { patient, organismId } = await concerned(parts, principal, input)
  const draftId = newId()
  const now = clock.now()
  const saved: Saved = { draftId, version: 1, updatedAt: now.toISOString() }
  const digest = await digestOf(vault, 'createDraft', input)
  const result = await once<{ draft_id: string }, Saved>(
    database.medical,
    { personId: principal.personId, key, digest },
    async () => {
      const dataKey = await vault.newDataKey('medical', organismId, draftId)
      return database.medical.run(CREATE, [
        draftId,
        principal.personId,
        organismId,
        input.exchangeId ?? null,
        dataKey.keyId,
        dataKey.wrapped,
        sealDraftPatient(vault, dataKey, draftId, principal.personId, patient),
        sealDraftContent(vault, dataKey, draftId, principal.personId, input.content),
        now,
        key,
        digest,
        JSON.stringify(saved),
      ])
    },
  )
  if ('done' in result) return saved
  if ('earlier' in result) return result.earlier
  const [other] = await database.medical.run<{ draft_id: string }>(OF_EXCHANGE, [principal.personId, input.exchangeId])
  if (!other) throw refuse('draft-not-found')
  return conflict(parts, principal, other.draft_id, input.content)
}

/**
 * Saves a draft over the version it started from.
 * @throws Refusal `draft-not-found`, `draft-conflict` with the stored draft
 */
export async function saveDraft(
  parts: Parts,
  principal: Principal,
  draftId: string,
  input: { version: number; content: DraftContent },
): Promise<Saved> {
  const { database, vault, clock } = parts
  const [row] = await database.medical.run<SealedDraft>(KEY, [draftId, principal.personId])
  if (!row) throw refuse('draft-not-found')
  const now = clock.now()
  const sealed = sealDraftContent(vault, await draftKey(vault, row), draftId, principal.personId, input.content)
  const [done] = await database.medical.run<{ version: number }>(SAVE, [
    draftId,
    principal.personId,
    input.version,
    sealed,
    now,
  ])
  if (done) return { draftId, version: done.version, updatedAt: now.toISOString() }
  return conflict(parts, principal, draftId, input.content)
}

/** Throws a draft away; one that is gone already is no fault. */
export async function deleteDraft({ database }: Parts, principal: Principal, draftId: string): Promise<void> {
  await database.medical.run(DELETE, [draftId, principal.personId])
}

/** A saving whose answer was lost comes again with the old version and the same text: that is no conflict. */
async function conflict(parts: Parts, principal: Principal, draftId: string, content: DraftContent): Promise<Saved> {
  const stored = await readStoredDraft(parts, principal, draftId)
  if (!stored) throw refuse('draft-not-found')
  if (isDeepStrictEqual(stored.content, content))
    return { draftId, version: stored.version, updatedAt: stored.updatedAt.toISOString() }
  throw refuse('draft-conflict', {
    extra: {
      stored: {
        draftId,
        version: stored.version,
        content: stored.content,
        updatedAt: stored.updatedAt.toISOString(),
      },
    },
  })
}

async function concerned(
  parts: Parts,
  principal: Principal,
  input: { patientId?: string | null; exchangeId?: string | null },
): Promise<{ patient: PatientIdentity; organismId: string }> {
  if (input.exchangeId) {
    const access = await accessTo(parts.database.medical, parts.clock, principal, input.exchangeId)
    if (!access) throw await refuseAccess(parts, principal, input.exchangeId, 'draft')
    const { patient } = openHeader(parts.vault, await exchangeKey(parts.vault, access), access)
    return { patient, organismId: access.organism_id }
  }
  const patient = input.patientId ? await parts.patients.readInHand(principal.personId, input.patientId) : null
  if (!patient) throw refuse('patient-required')
  return { patient, organismId: patient.organism.organismId }
}
