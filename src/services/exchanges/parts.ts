// What the acts of this service receive.
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/database.ts'
import type { Live } from '../../platform/live/live.ts'
import type { Outbox } from '../../platform/outbox/outbox.ts'
import type { Vault } from '../../platform/vault/vault.ts'
import type { Organisms } from '../organisms/contract.ts'
import type { Patients } from '../patients/contract.ts'
import type { KnownExchanges } from './known-exchanges.ts'

export type Parts = {
  database: Database
  vault: Vault
  clock: Clock
  live: Pick<Live, 'tell' | 'follow'>
  outbox: Pick<Outbox, 'wake'>
  patients: Patients
  organisms: Pick<Organisms, 'admissions'>
  known: KnownExchanges
}
