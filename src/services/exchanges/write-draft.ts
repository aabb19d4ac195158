// The text being written is saved by itself: nothing someone typed is lost, whatever happens to the browser.
import { isDeepStrictEqual } from 'node:util'
import { statement } from '../../platform/database/database.ts'
import { newId } from '../../platform/identifiers.ts'
import { digestOf, once } from '../../platform/once.ts'
import { holds } from '../../platform/sessions/holds.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { PatientIdentity } from '../patients/contract.ts'
import { accessTo, refuseAccess } from './access.ts'
import type { DraftContent } from './content.ts'
import { draftHeld } from './drafts-held.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { draftHolder, readStoredDraft } from './read-draft.ts'
import { exchangeKey, openHeader } from './sealing.ts'
import { draftKey, type SealedDraft, sealDraftContent, sealDraftPatient } from './sealing-drafts.ts'

export type Saved = { draftId: string; version: number; updatedAt: string }

// One draft of an answer per exchange and box (or adviser): a second window, or whoever else prepares from that box, gets
// the first one's (and then has to choose).
const CREATE = statement(
  'drafts.create',
  `with draft_ as (
     insert into medical.draft (draft_id, person_id, organism_id, exchange_id, key_id, data_key, patient, sealed, version,
       created_at, updated_at, kept_in, motif, prepared_by)
     select $1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9, $13::uuid, $14::text, $15::uuid
     where exists (select from portal.box_holder h join portal.box hb using (box_id)
       where (h.box_id = $13 or $13 = $2 and hb.organism_id = $3)
       and ${holds({ person: '$2', at: '$9', boxes: '$16', scope: 'prepare', motif: 'coalesce($14, h.motifs[1])' })})
     on conflict (kept_in, exchange_id) where exchange_id is not null do nothing
     returning draft_id),
   once_ as (
     insert into portal.idempotency (person_id, key, digest, result, created_at)
     select $2, $10, $11, $12::jsonb, $9 from draft_)
   select draft_id from draft_`,
)
const HELD = draftHeld({ person: '$1', at: '$2', boxes: '$3', keepers: '$4' })
const KEY = statement(
  'drafts.key',
  `select d.draft_id, d.person_id, d.organism_id, d.exchange_id, d.motif, d.key_id, d.data_key from medical.draft d
   where d.draft_id = $5 and ${HELD}`,
)
// A delegate for some motifs gives it no other one; an answer has its exchange's.
const SAVE = statement(
  'drafts.save',
  `update medical.draft d set sealed = $7, version = d.version + 1, updated_at = $2, motif = $8,
     prepared_by = coalesce($9, d.prepared_by)
   where d.draft_id = $5 and d.version = $6 and ${HELD} returning d.version`,
)
const MOTIF_HELD = statement(
  'drafts.motif-held',
  `select 1 from portal.box_holder h
   where ${holds({ person: '$1', at: '$2', boxes: '$3', scope: 'prepare', motif: '$4::text' })} limit 1`,
)
const DELETE = statement('drafts.delete', `delete from medical.draft d where d.draft_id = $5 and ${HELD}`)
const OF_EXCHANGE = statement(
  'drafts.of-exchange',
  `select d.draft_id from medical.draft d where d.exchange_id = $5 and ${HELD}`,
)

/**
 * Begins a draft.
 * @throws Refusal `patient-required`, `exchange-not-found`, `organism-not-yours`, `delegation-motif`, or `draft-conflict`
 * (with the stored draft) when this person already writes an answer to this exchange in another window
 */
export async function createDraft(
  parts: Parts,
  principal: Principal,
  key: string,
  input: { patientId?: string | null; exchangeId?: string | null; content: DraftContent },
): Promise<Saved> {
  const { database, vault, clock } = parts
  const { patient, organismId, motif, keptIn } = await concerned(parts, principal, input)
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
        keptIn,
        motif,
        delegateOf(principal),
        principal.boxes,
      ])
    },
  )
  if ('done' in result) return saved
  if ('earlier' in result) return result.earlier
  const [other] = await database.medical.run<{ draft_id: string }>(OF_EXCHANGE, [
    ...draftHolder(parts, principal),
    input.exchangeId,
  ])
  if (!other && input.exchangeId) throw refuse('draft-not-found')
  if (!other) throw refuse(principal.side === 'desk' ? 'organism-not-yours' : 'delegation-motif')
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
  const holder = draftHolder(parts, principal)
  type Kept = Omit<SealedDraft, 'sealed'> & { exchange_id: string | null; motif: string | null }
  const [row] = await database.medical.run<Kept>(KEY, [...holder, draftId])
  if (!row) throw refuse('draft-not-found')
  const motif = row.exchange_id ? row.motif : input.content.motif
  if (principal.onBehalfOf && motif !== null && !(await motifHeld(parts, principal, motif)))
    throw refuse('delegation-motif')
  const now = clock.now()
  const sealed = sealDraftContent(vault, await draftKey(vault, row), draftId, row.person_id, input.content)
  const [done] = await database.medical.run<{ version: number }>(SAVE, [
    ...draftHolder(parts, principal, now),
    draftId,
    input.version,
    sealed,
    motif,
    delegateOf(principal),
  ])
  if (done) return { draftId, version: done.version, updatedAt: now.toISOString() }
  return conflict(parts, principal, draftId, input.content)
}

/** Throws a draft away; one that is gone already is no fault. */
export async function deleteDraft(parts: Parts, principal: Principal, draftId: string): Promise<void> {
  await parts.database.medical.run(DELETE, [...draftHolder(parts, principal), draftId])
}

/** Who prepares for somebody else. */
const delegateOf = ({ onBehalfOf, personId }: Principal): string | null => (onBehalfOf ? personId : null)

async function motifHeld({ database, clock }: Parts, { personId, boxes }: Principal, motif: string) {
  return (await database.medical.run(MOTIF_HELD, [personId, clock.now(), boxes, motif])).length > 0
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
  input: { patientId?: string | null; exchangeId?: string | null; content: DraftContent },
): Promise<{ patient: PatientIdentity; organismId: string; motif: string | null; keptIn: string }> {
  if (input.exchangeId) {
    const access = await accessTo(parts.database.medical, parts.clock, principal, input.exchangeId, 'prepare')
    if (!access) throw await refuseAccess(parts, principal, input.exchangeId, 'draft')
    const { patient } = openHeader(parts.vault, await exchangeKey(parts.vault, access), access)
    const keptIn = access.side === 'practice' ? access.practice_box : principal.personId
    return { patient, organismId: access.organism_id, motif: access.motif, keptIn }
  }
  const patient = input.patientId ? await parts.patients.readInHand(principal.personId, input.patientId) : null
  if (!patient) throw refuse('patient-required')
  const keptIn = principal.side === 'desk' ? principal.personId : principal.practiceBox
  // Without a place there would be no box: the right asks for one.
  if (!keptIn) throw refuse('patient-required')
  return { patient, organismId: patient.organism.organismId, motif: input.content.motif, keptIn }
}
