// Drafts are sealed under a key of their own, wrapped by the organism's: the text is bound to the draft and its author.
import type { DataKey, Vault } from '../../platform/vault/vault.ts'
import type { PatientIdentity } from '../patients/contract.ts'
import type { DraftContent } from './content.ts'

export type SealedDraft = {
  draft_id: string
  person_id: string
  organism_id: string
  key_id: string
  data_key: Buffer
  sealed: Buffer
}

const place = (draftId: string, personId: string, part: 'content' | 'patient') => `draft/${draftId}/${personId}/${part}`

export const draftKey = (vault: Vault, row: Omit<SealedDraft, 'sealed'>): Promise<DataKey> =>
  vault.dataKey('medical', row.organism_id, row.draft_id, row.key_id, row.data_key)

export function sealDraftContent(vault: Vault, key: DataKey, draftId: string, personId: string, content: DraftContent) {
  return vault.seal(key, place(draftId, personId, 'content'), JSON.stringify(content))
}
export async function openDraftContent(vault: Vault, row: SealedDraft): Promise<DraftContent> {
  const key = await draftKey(vault, row)
  return JSON.parse(vault.open(key, place(row.draft_id, row.person_id, 'content'), row.sealed)) as DraftContent
}
export function sealDraftPatient(
  vault: Vault,
  key: DataKey,
  draftId: string,
  personId: string,
  patient: PatientIdentity,
): Buffer {
  return vault.seal(key, place(draftId, personId, 'patient'), JSON.stringify(patient))
}
export async function openDraftPatient(
  vault: Vault,
  row: Omit<SealedDraft, 'sealed'> & { patient: Buffer },
): Promise<PatientIdentity> {
  const key = await draftKey(vault, row)
  return JSON.parse(vault.open(key, place(row.draft_id, row.person_id, 'patient'), row.patient)) as PatientIdentity
}
