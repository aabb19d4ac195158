// What the acts of this service receive.
import type { Clock } from '../../platform/clock.ts'
import type { Configuration } from '../../platform/configuration.ts'
import type { Database } from '../../platform/database/database.ts'
import type { Outbox } from '../../platform/outbox/outbox.ts'
import type { Vault } from '../../platform/vault/vault.ts'
import type { OpenSession } from '../accounts/contract.ts'
import type { Estimator } from './estimator.ts'
import type { Hasher } from './hasher.ts'

export type Parts = {
  configuration: Configuration
  database: Database
  clock: Clock
  vault: Vault
  outbox: Pick<Outbox, 'wake'>
  openSession: OpenSession
  hasher: Hasher
  estimator: Estimator
}
