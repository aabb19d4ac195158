// Sign-in, session, places of practice: what src/services/index.ts plugs in.
import type { Route } from '../../platform/http/routes.ts'
import type { Outbox } from '../../platform/outbox/outbox.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Sessions } from '../../platform/sessions/sessions.ts'
import { createIdentityProviders } from './identity-providers.ts'
import type { OrganismLookup, Parts } from './parts.ts'
import { readLabels } from './professions.ts'
import { registerPractitioners } from './register-practitioners.ts'
import { accountsRoutes } from './routes.ts'

export type Accounts = {
  routes: Route[]
  /** Makes practitioners known from claims as Pro Santé Connect gives them; gives how many were. */
  registerPractitioners(claims: unknown[]): Promise<number>
}

export function createAccounts(
  platform: Pick<Platform, 'configuration' | 'clock' | 'log' | 'database' | 'vault' | 'cookies'>,
  more: { sessions: Sessions; organisms: OrganismLookup; outbox: Pick<Outbox, 'wake'> },
): Accounts {
  const parts: Parts = {
    ...platform,
    ...more,
    providers: createIdentityProviders(platform.configuration),
    labels: readLabels(),
  }
  return {
    routes: accountsRoutes(parts, platform),
    registerPractitioners: (claims) => registerPractitioners(parts, claims),
  }
}
