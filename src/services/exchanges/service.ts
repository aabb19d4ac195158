// Échanges médicaux sécurisés: what src/services/index.ts plugs in.
import type { Cookies } from '../../platform/http/cookies.ts'
import type { Route } from '../../platform/http/routes.ts'
import type { Sessions } from '../../platform/sessions/sessions.ts'
import { createKnownExchanges } from './known-exchanges.ts'
import type { Parts } from './parts.ts'
import { exchangesRoutes } from './routes.ts'

export function createExchanges(given: Omit<Parts, 'known'> & { sessions: Sessions; cookies: Cookies }): {
  routes: Route[]
} {
  const parts = { ...given, known: createKnownExchanges() }
  return { routes: exchangesRoutes(parts, parts.sessions, (request) => parts.cookies.session(request)) }
}
