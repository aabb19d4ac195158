// Sign-in, session, places of practice: what src/services/index.ts plugs in.
import type { Platform } from '../../platform/platform.ts'
import type { Service } from '../../platform/service.ts'
import type { FindPractitioner, OpenSession } from './contract.ts'
import { findPractitioner } from './find-practitioner.ts'
import { createIdentityProviders } from './identity-providers.ts'
import { accountsMails } from './mails.ts'
import { openSession } from './open-session.ts'
import type { Parts } from './parts.ts'
import { readLabels } from './professions.ts'
import { createRecheck, type Recheck } from './recheck.ts'
import { registerPractitioners } from './register-practitioners.ts'
import { accountsRoutes } from './routes.ts'

export type Accounts = Service & {
  /** Where every way in ends; handed to the services that have one of their own. */
  openSession: OpenSession
  /** Whether whoever vouches for a session still does. */
  recheck: Recheck
  findPractitioner: FindPractitioner
  /** Makes practitioners known from claims as Pro Santé Connect gives them; gives how many were. */
  registerPractitioners(claims: unknown[]): Promise<number>
}

export function createAccounts(
  platform: Pick<Platform, 'configuration' | 'clock' | 'log' | 'database' | 'vault' | 'live' | 'cookies'>,
  more: Pick<Parts, 'sessions' | 'organisms' | 'outbox' | 'opened' | 'linkDelegations'>,
): Accounts {
  const parts: Parts = {
    ...platform,
    ...more,
    providers: createIdentityProviders(platform.configuration),
    labels: readLabels(),
  }
  return {
    routes: accountsRoutes(parts, platform),
    mails: accountsMails(platform.configuration.publicUrl),
    recheck: createRecheck(parts, platform.log),
    openSession: (session, previous) => openSession(parts, session, previous),
    findPractitioner: (nationalId) => findPractitioner(parts, nationalId),
    registerPractitioners: (claims) => registerPractitioners(parts, claims),
  }
}
