// What services stand on, put together once.
import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import type { Configuration } from './configuration.ts'
import type { Database } from './database/database.ts'
import type { Cookies } from './http/cookies.ts'
import type { Live } from './live/live.ts'
import type { Vault } from './vault/vault.ts'

export type Platform = {
  configuration: Configuration
  clock: Clock
  log: Logger
  database: Database
  vault: Vault
  live: Live
  cookies: Cookies
}
