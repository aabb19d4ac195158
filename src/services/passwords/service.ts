// Password portal (activation, sign-in, second factors): what src/services/index.ts plugs in.
import type { Outbox } from '../../platform/outbox/outbox.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Service } from '../../platform/service.ts'
import type { NewSession } from '../../platform/sessions/sessions.ts'
import type { OpenSession } from '../accounts/contract.ts'
import { createEstimator } from './estimator.ts'
import { createHasher } from './hasher.ts'
import { holderByIdentifier } from './holder.ts'
import { passwordMails } from './mails.ts'
import type { Parts } from './parts.ts'
import { passwordsRoutes } from './routes.ts'
import { setDemonstrationPassword } from './set-password.ts'
import { sweep } from './sweep.ts'
import { unlockByCard } from './unlock-by-card.ts'

export type Passwords = Service & {
  /** Told of every session that is opened: a card opens again what was locked or slept. */
  sessionOpened(session: NewSession): Promise<void>
  /** For a demonstration only: a password that one can try at once. */
  setDemonstrationPassword(identifier: string, password: string): Promise<void>
}

export function createPasswords(
  platform: Pick<Platform, 'configuration' | 'clock' | 'database' | 'vault' | 'cookies'>,
  more: { openSession: OpenSession; outbox: Pick<Outbox, 'wake'> },
): Passwords {
  const parts: Parts = { ...platform, ...more, hasher: createHasher(), estimator: createEstimator() }
  return {
    routes: passwordsRoutes(parts, platform.cookies),
    mails: passwordMails(platform.configuration.publicUrl, platform.vault),
    sessionOpened: (session) => unlockByCard(parts, session),
    async setDemonstrationPassword(identifier, password) {
      const holder = await holderByIdentifier(parts.database, identifier)
      if (holder) await setDemonstrationPassword(parts, holder, password)
    },
    sweep: () => sweep(parts),
  }
}
