// Mes délégations (delegates and locums): what src/services/index.ts plugs in.
import { type Route, routes } from '../../platform/http/routes.ts'
import type { Compose } from '../../platform/outbox/outbox.ts'
import type { Platform } from '../../platform/platform.ts'
import { delegationsContract } from './contract.ts'
import { grantDelegation } from './grant-delegation.ts'
import { linkDelegations } from './link-delegations.ts'
import { listDelegations } from './list-delegations.ts'
import type { Parts } from './parts.ts'
import { revokeDelegation } from './revoke-delegation.ts'

export type Delegations = {
  routes: Route[]
  /** The mails of this service, by kind of notice. */
  mails: Record<string, Compose>
  /** To be told of everybody of the practitioners' side who signs in. */
  link(personId: string): Promise<void>
}

export function createDelegations({ database, clock, vault, live }: Pick<Platform, keyof Parts>): Delegations {
  const parts: Parts = { database, clock, vault, live }
  return {
    routes: routes(delegationsContract, {
      'GET /api/delegations': ({ principal }) => listDelegations(parts, principal),
      'POST /api/delegations': ({ principal, idempotencyKey, body }) =>
        grantDelegation(parts, principal, idempotencyKey, body),
      'POST /api/delegations/:delegationId/revocation': async ({ principal, params }) => {
        await revokeDelegation(parts, principal, params.delegationId)
        return undefined
      },
    }),
    mails: {},
    link: (personId) => linkDelegations(parts, personId),
  }
}
