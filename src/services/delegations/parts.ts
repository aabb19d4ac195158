// What the acts of this service receive.
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/database.ts'
import type { Live } from '../../platform/live/live.ts'
import type { Vault } from '../../platform/vault/vault.ts'

export type Parts = { database: Database; clock: Clock; vault: Vault; live: Pick<Live, 'lookAt'> }
