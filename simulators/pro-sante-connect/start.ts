// A Pro Santé Connect for demonstrations and tests: same protocol, same odd discovery address, same claims.
import type { Tls } from '../listen.ts'
import type { ClientRegistration } from '../openid/client-registration.ts'
import { type RunningProvider, startProvider } from '../openid/start-provider.ts'
import { type FictionalPractitioner, readPeople } from '../people.ts'
import { claimNames, identityClaims, subjectOf, userinfoClaims } from './claims.ts'

export type ProSanteConnectOptions = {
  port: number
  clients: ClientRegistration[]
  people?: FictionalPractitioner[]
  /** What production was seen to answer is not what is asked for: tests try other values. */
  acr?: string
  tls?: Tls
  singleSignOn?: boolean
}

export async function startProSanteConnect(options: ProSanteConnectOptions): Promise<RunningProvider> {
  const acr = options.acr ?? 'eidas1'
  return startProvider<FictionalPractitioner>({
    port: options.port,
    clients: options.clients,
    issuerPath: '/auth/realms/esante-wallet',
    discoveryPath: '/.well-known/wallet-openid-configuration',
    cookiePrefix: 'sim_psc',
    title: 'Pro Santé Connect',
    banner: 'Pro Santé Connect simulé : personne ici n’existe.',
    means: [
      { value: 'CARD', label: 'Carte CPS' },
      { value: 'MOBILE', label: 'e-CPS' },
    ],
    behaviours: [
      { value: 'usual', label: 'Réponse habituelle' },
      { value: 'eidas2', label: 'Niveau eidas2, comme en production', acr: 'eidas2' },
      { value: 'error', label: 'Erreur du service', error: 'server_error' },
      { value: 'slow', label: 'Réponse lente, plus de cinq secondes', delayMs: 10_000 },
    ],
    tls: options.tls,
    singleSignOn: options.singleSignOn,
    people: options.people ?? readPeople().practitioners,
    choiceOf: (person) => ({ id: person.nationalId, role: person.role, shownName: person.shownName }),
    subjectOf,
    acrOf: () => acr,
    amrOf: (means) => (means === 'CARD' ? ['sc', 'pin'] : ['swk', 'pin']),
    scope: 'scope_all',
    claimNames: [...claimNames, 'sid'],
    idTokenClaims: (person, signIn) => ({ ...identityClaims(person), authMode: signIn.means, sid: signIn.sid }),
    userinfoClaims,
    accessTokenSeconds: 120,
  })
}
