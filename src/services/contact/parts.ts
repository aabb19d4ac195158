// What the acts of this service receive.
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/database.ts'
import type { Outbox } from '../../platform/outbox/outbox.ts'
import type { Vault } from '../../platform/vault/vault.ts'
import type { Organisms } from '../organisms/contract.ts'
import type { Detector } from './detector/finding.ts'
import type { ContactReference } from './reference.ts'

export type Parts = {
  database: Database
  clock: Clock
  vault: Vault
  organisms: Organisms
  outbox: Pick<Outbox, 'wake'>
  reference: ContactReference
  detector: Detector
}
