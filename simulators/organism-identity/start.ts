// The identity provider an insurer runs for its own staff, for demonstrations and tests.
import type { ClientRegistration } from '../openid/client-registration.ts'
import { type RunningProvider, startProvider } from '../openid/start-provider.ts'
import { type FictionalStaff, readPeople } from '../people.ts'

export type OrganismIdentityOptions = {
  port: number
  clients: ClientRegistration[]
  people?: FictionalStaff[]
  acr?: string
  /** File that refresh tokens are kept in over a restart: the portal asks again while a session lasts. */
  keptIn?: string
}

const claimsOf = (person: FictionalStaff) => ({
  preferred_username: person.staffId,
  given_name: person.givenName,
  family_name: person.familyName,
  email: person.email,
  civility: person.civility,
  role: person.staffRole,
  // As Keycloak gives them.
  realm_access: { roles: [person.staffRole].flat() },
  organisms: person.organisms,
})

export async function startOrganismIdentity(options: OrganismIdentityOptions): Promise<RunningProvider> {
  const acr = options.acr ?? 'eidas2'
  return startProvider<FictionalStaff>({
    port: options.port,
    clients: options.clients,
    keptIn: options.keptIn,
    // At the root of its host, as the configuration of a demonstration expects.
    issuerPath: '',
    cookiePrefix: 'sim_org',
    title: 'Identité des agents',
    banner: 'Fournisseur d’identité de l’organisme simulé : personne ici n’existe.',
    means: [
      { value: 'CARD', label: 'Carte agent' },
      { value: 'MOBILE', label: 'Application mobile' },
    ],
    people: options.people ?? readPeople().staff,
    choiceOf: (person) => ({ id: person.staffId, role: person.role, shownName: person.shownName }),
    subjectOf: (person) => person.staffId,
    acrOf: () => acr,
    amrOf: (means) => (means === 'CARD' ? ['sc', 'pin'] : ['swk', 'pin']),
    scope: 'profile',
    claimNames: [
      'preferred_username',
      'given_name',
      'family_name',
      'email',
      'civility',
      'role',
      'realm_access',
      'organisms',
      'authMode',
      'sid',
    ],
    idTokenClaims: (person, signIn) => ({
      preferred_username: person.staffId,
      authMode: signIn.means,
      sid: signIn.sid,
    }),
    userinfoClaims: claimsOf,
    accessTokenSeconds: 120,
  })
}
