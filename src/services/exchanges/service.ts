// Échanges médicaux sécurisés: what src/services/index.ts plugs in.
import type { Platform } from '../../platform/platform.ts'
import type { Service } from '../../platform/service.ts'
import type { Sessions } from '../../platform/sessions/sessions.ts'
import { sweepCarriedTexts } from './carried-text.ts'
import { createKnownExchanges } from './known-exchanges.ts'
import { composeNotice } from './notice.ts'
import type { Parts } from './parts.ts'
import { exchangesRoutes } from './routes.ts'

export function createExchanges(
  given: Omit<Parts, 'known'> & Pick<Platform, 'configuration' | 'cookies'> & { sessions: Sessions },
): Service {
  const parts = { ...given, known: createKnownExchanges() }
  return {
    routes: exchangesRoutes(parts, parts.sessions, (request) => parts.cookies.session(request)),
    sweep: () => sweepCarriedTexts(parts),
    mails: { exchange: (notice) => composeNotice(parts.configuration.publicUrl, notice) },
  }
}
