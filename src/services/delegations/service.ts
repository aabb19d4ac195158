// Mes délégations (delegates and locums): what src/services/index.ts plugs in.
import { routes } from '../../platform/http/routes.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Service } from '../../platform/service.ts'
import { delegationsContract } from './contract.ts'
import { grantDelegation } from './grant-delegation.ts'
import { linkDelegations } from './link-delegations.ts'
import { listDelegations } from './list-delegations.ts'
import type { Parts } from './parts.ts'
import { revokeDelegation } from './revoke-delegation.ts'

export type Delegations = Service & {
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
