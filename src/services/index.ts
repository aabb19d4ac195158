// The services, in the order in which they need one another. A new tile is a new folder and a line here.
import { httpProblems } from '../platform/http/problem.ts'
import type { Route } from '../platform/http/routes.ts'
import type { Compose, Outbox } from '../platform/outbox/outbox.ts'
import type { Platform } from '../platform/platform.ts'
import type { Service } from '../platform/service.ts'
import type { Sessions } from '../platform/sessions/sessions.ts'
import { accountsProblems } from './accounts/problems.ts'
import { type Accounts, createAccounts } from './accounts/service.ts'
import { cardsProblems } from './cards/problems.ts'
import { type Cards, createCards } from './cards/service.ts'
import { contactProblems } from './contact/problems.ts'
import { createContact } from './contact/service.ts'
import { delegationsProblems } from './delegations/problems.ts'
import { createDelegations } from './delegations/service.ts'
import { exchangesProblems } from './exchanges/problems.ts'
import { createExchanges } from './exchanges/service.ts'
import type { Organisms } from './organisms/service.ts'
import { passwordsProblems } from './passwords/problems.ts'
import { createPasswords, type Passwords } from './passwords/service.ts'
import { createDirectory } from './patients/directory/create.ts'
import { patientsProblems } from './patients/problems.ts'
import { createPatients } from './patients/service.ts'

/** Every refusal the product may answer with; docs/errors has a page for each. */
export const allProblems = {
  ...httpProblems,
  ...accountsProblems,
  ...cardsProblems,
  ...passwordsProblems,
  ...delegationsProblems,
  ...patientsProblems,
  ...exchangesProblems,
  ...contactProblems,
}

export type Services = {
  routes: Route[]
  accounts: Accounts
  passwords: Passwords
  cards: Cards
  /** Removes what is over of every service. */
  sweep(): Promise<void>
  /** The mail of a notice, whichever service it is of. */
  compose: Compose
}

export async function createServices(
  platform: Platform,
  parts: { sessions: Sessions; organisms: Organisms; outbox: Pick<Outbox, 'wake'> },
): Promise<Services> {
  const { sessions, organisms, outbox } = parts
  const delegations = createDelegations(platform)
  // A card opens a password account again, and a password opens a session: each is told of the other here.
  const accounts = createAccounts(platform, {
    sessions,
    organisms,
    outbox,
    opened: (session) => passwords.sessionOpened(session),
    linkDelegations: delegations.link,
  })
  const passwords: Passwords = createPasswords(platform, { openSession: accounts.openSession, outbox })
  const cards = createCards(platform, {
    openSession: accounts.openSession,
    findPractitioner: accounts.findPractitioner,
    outbox,
  })
  const directory = createDirectory(platform.configuration)
  const patients = createPatients(platform, { organisms, directory, outbox })
  const exchanges = createExchanges({ ...platform, sessions, outbox, organisms, patients })
  const contact = await createContact(platform, { organisms, outbox })
  const services: Service[] = [accounts, cards, passwords, delegations, patients, exchanges, contact]
  const mails: Record<string, Compose> = Object.assign({}, ...services.map((service) => service.mails))
  return {
    routes: services.flatMap((service) => service.routes),
    accounts,
    passwords,
    cards,
    async sweep() {
      for (const service of services) await service.sweep?.()
    },
    compose(notice) {
      const compose = Object.hasOwn(mails, notice.kind) ? mails[notice.kind] : undefined
      if (!compose) throw new Error(`no service composes a notice of this kind: ${notice.kind}`)
      return compose(notice)
    },
  }
}
