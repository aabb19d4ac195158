// What is sealed, and where it is bound to: a text cannot be moved to another exchange, message or draft.
import type { DataKey, Vault } from '../../platform/vault/vault.ts'
import type { PatientIdentity } from '../patients/contract.ts'

/** Subject and patient of an exchange. */
export type Header = { subject: string; patient: PatientIdentity }

const headerPlace = (organismId: string, exchangeId: string) => `${organismId}/${exchangeId}/header`
const bodyPlace = (organismId: string, exchangeId: string, messageId: string) =>
  `${organismId}/${exchangeId}/${messageId}/body`

export type SealedExchange = {
  organism_id: string
  exchange_id: string
  key_id: string
  data_key: Buffer
  header: Buffer
}

export const exchangeKey = (vault: Vault, row: Omit<SealedExchange, 'header'>): Promise<DataKey> =>
  vault.dataKey('medical', row.organism_id, row.exchange_id, row.key_id, row.data_key)

export function sealHeader(vault: Vault, key: DataKey, organismId: string, exchangeId: string, header: Header): Buffer {
  return vault.seal(key, headerPlace(organismId, exchangeId), JSON.stringify(header))
}
export function openHeader(vault: Vault, key: DataKey, row: SealedExchange): Header {
  return JSON.parse(vault.open(key, headerPlace(row.organism_id, row.exchange_id), row.header)) as Header
}
export function sealBody(
  vault: Vault,
  key: DataKey,
  organismId: string,
  exchangeId: string,
  messageId: string,
  text: string,
): Buffer {
  return vault.seal(key, bodyPlace(organismId, exchangeId, messageId), text)
}
export function openBody(
  vault: Vault,
  key: DataKey,
  organismId: string,
  exchangeId: string,
  messageId: string,
  sealed: Buffer,
): string {
  return vault.open(key, bodyPlace(organismId, exchangeId, messageId), sealed)
}
