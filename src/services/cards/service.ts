// Sign-in by the card itself (CPS, CPE): what src/services/index.ts plugs in.
import { type Route, routes } from '../../platform/http/routes.ts'
import type { Compose } from '../../platform/outbox/outbox.ts'
import type { Platform } from '../../platform/platform.ts'
import { cardsContract } from './contract.ts'

export type Cards = {
  routes: Route[]
  /** The mails of this service, by kind of notice. */
  mails: Record<string, Compose>
}

export function createCards(_platform: Platform): Cards {
  return { routes: routes(cardsContract, {}), mails: {} }
}
