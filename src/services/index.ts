// The services, in the order in which they need one another. A new tile is a new folder and a line here.
import { httpProblems } from '../platform/http/problem.ts'
import type { Route } from '../platform/http/routes.ts'
import type { Outbox } from '../platform/outbox/outbox.ts'
import type { Platform } from '../platform/platform.ts'
import type { Sessions } from '../platform/sessions/sessions.ts'
import { accountsProblems } from './accounts/problems.ts'
import { type Accounts, createAccounts } from './accounts/service.ts'
import { exchangesProblems } from './exchanges/problems.ts'
import { createExchanges } from './exchanges/service.ts'
import type { Organisms } from './organisms/service.ts'
import { createDirectory } from './patients/directory/create.ts'
import { patientsProblems } from './patients/problems.ts'
import { createPatients } from './patients/service.ts'

/** Every refusal the product may answer with; docs/errors has a page for each. */
export const allProblems = { ...httpProblems, ...accountsProblems, ...patientsProblems, ...exchangesProblems }

export type Services = { routes: Route[]; accounts: Accounts }

export function createServices(
  platform: Platform,
  parts: { sessions: Sessions; organisms: Organisms; outbox: Outbox },
): Services {
  const { sessions, organisms, outbox } = parts
  const accounts = createAccounts(platform, { sessions, organisms, outbox })
  const directory = createDirectory(platform.configuration)
  const patients = createPatients(platform, { organisms, directory })
  const exchanges = createExchanges({ ...platform, sessions, outbox, organisms, patients })
  return { routes: [...accounts.routes, ...patients.routes, ...exchanges.routes], accounts }
}
