// Échanges médicaux sécurisés: what src/services/index.ts plugs in.
import type { Route } from '../../platform/http/routes.ts'
import type { Compose } from '../../platform/outbox/outbox.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Sessions } from '../../platform/sessions/sessions.ts'
import { createKnownExchanges } from './known-exchanges.ts'
import { composeNotice } from './notice.ts'
import type { Parts } from './parts.ts'
import { exchangesRoutes } from './routes.ts'

export function createExchanges(
  given: Omit<Parts, 'known'> & Pick<Platform, 'configuration' | 'cookies'> & { sessions: Sessions },
): {
  routes: Route[]
  mails: Record<string, Compose>
} {
  const parts = { ...given, known: createKnownExchanges() }
  return {
    routes: exchangesRoutes(parts, parts.sessions, (request) => parts.cookies.session(request)),
    mails: { exchange: (notice) => composeNotice(parts.configuration.publicUrl, notice) },
  }
}
