import type { Route } from './http/routes.ts'
import type { Compose } from './outbox/outbox.ts'

/** What every service gives to src/services/index.ts, besides what it does for the others. */
export type Service = {
  routes: Route[]
  /** Its mails, by kind of notice. */
  mails: Record<string, Compose>
  /** Removes what is over of its own; called every ten minutes. */
  sweep?(): Promise<void>
}
