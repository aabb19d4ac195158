// Password portal (activation, sign-in, second factors): what src/services/index.ts plugs in.
import { type Route, routes } from '../../platform/http/routes.ts'
import type { Compose } from '../../platform/outbox/outbox.ts'
import type { Platform } from '../../platform/platform.ts'
import { passwordsContract } from './contract.ts'

export type Passwords = {
  routes: Route[]
  /** The mails of this service, by kind of notice. */
  mails: Record<string, Compose>
}

export function createPasswords(_platform: Platform): Passwords {
  return { routes: routes(passwordsContract, {}), mails: {} }
}
