// Mes délégations (delegates and locums): what src/services/index.ts plugs in.
import { type Route, routes } from '../../platform/http/routes.ts'
import type { Compose } from '../../platform/outbox/outbox.ts'
import type { Platform } from '../../platform/platform.ts'
import { delegationsContract } from './contract.ts'

export type Delegations = {
  routes: Route[]
  /** The mails of this service, by kind of notice. */
  mails: Record<string, Compose>
}

export function createDelegations(_platform: Platform): Delegations {
  return { routes: routes(delegationsContract, {}), mails: {} }
}
