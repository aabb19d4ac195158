// What the acts of this service receive.
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/database.ts'
import type { Live } from '../../platform/live/live.ts'
import type { Outbox } from '../../platform/outbox/outbox.ts'
import type { NewSession, Sessions } from '../../platform/sessions/sessions.ts'
import type { Vault } from '../../platform/vault/vault.ts'
import type { Admission } from '../organisms/contract.ts'
import type { IdentityProviders } from './identity-providers.ts'
import type { Labels } from './professions.ts'

/** What this service asks of the organismes. */
export type OrganismLookup = {
  organism(organismId: string): { organismId: string; name: string } | undefined
  /** The active organisme that answers for this code today, with a desk. */
  resolve(organismId: string): { organismId: string; name: string } | undefined
  /** Whom each service is open to, and what the others are told. */
  admissions: readonly Admission[]
}

export type Parts = {
  database: Database
  clock: Clock
  vault: Vault
  sessions: Sessions
  live: Pick<Live, 'lookAt'>
  organisms: OrganismLookup
  outbox: Pick<Outbox, 'wake'>
  providers: IdentityProviders
  /** Told of everybody of the practitioners' side who signs in, before their session opens. */
  linkDelegations(personId: string): Promise<void>
  labels: Labels
  /** Told of every session that was opened, before its cookie is given. */
  opened?(session: NewSession): Promise<void>
}
