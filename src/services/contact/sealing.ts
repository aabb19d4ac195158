// A general message is sealed under a key of its own, wrapped by the administrative key of the organisme it goes to.
import type { DataKey, Vault } from '../../platform/vault/vault.ts'

export type SealedInquiry = {
  inquiry_id: string
  organism_id: string
  key_id: string
  data_key: Buffer
  sealed: Buffer
}
export type InquiryContent = { text: string; reason: string | null }

const place = (organismId: string, inquiryId: string, part: string) => `inquiry/${organismId}/${inquiryId}/${part}`

export const newInquiryKey = (vault: Vault, organismId: string, inquiryId: string): Promise<DataKey> =>
  vault.newDataKey('administrative', organismId, inquiryId)

export const inquiryKey = (vault: Vault, row: Omit<SealedInquiry, 'sealed'>): Promise<DataKey> =>
  vault.dataKey('administrative', row.organism_id, row.inquiry_id, row.key_id, row.data_key)

export const sealContent = (
  vault: Vault,
  key: DataKey,
  organismId: string,
  inquiryId: string,
  content: InquiryContent,
) => vault.seal(key, place(organismId, inquiryId, 'content'), JSON.stringify(content))

export const openContent = (vault: Vault, key: DataKey, row: SealedInquiry): InquiryContent =>
  JSON.parse(vault.open(key, place(row.organism_id, row.inquiry_id, 'content'), row.sealed)) as InquiryContent

export const sealAnswer = (
  vault: Vault,
  key: DataKey,
  organismId: string,
  inquiryId: string,
  seq: number,
  text: string,
) => vault.seal(key, place(organismId, inquiryId, `answer/${seq}`), text)

export const openAnswer = (
  vault: Vault,
  key: DataKey,
  organismId: string,
  inquiryId: string,
  seq: number,
  sealed: Buffer,
) => vault.open(key, place(organismId, inquiryId, `answer/${seq}`), sealed)
