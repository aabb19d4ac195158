// Échanges médicaux sécurisés: what src/services/index.ts plugs in.
import type { Cookies } from '../../platform/http/cookies.ts'
import type { Route } from '../../platform/http/routes.ts'
import type { Sessions } from '../../platform/sessions/sessions.ts'
import type { Parts } from './parts.ts'
import { exchangesRoutes } from './routes.ts'

export function createExchanges(parts: Parts & { sessions: Sessions; cookies: Cookies }): { routes: Route[] } {
  return { routes: exchangesRoutes(parts, parts.sessions, (request) => parts.cookies.session(request)) }
}
