import { refuse as refuseAtTheEdge } from '../../platform/http/problem.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { NewSession } from '../../platform/sessions/sessions.ts'
import { nobody } from '../../platform/trace/events.ts'
import { entry, PORTAL_CHAIN, writeTrace } from '../../platform/trace/trace.ts'
import { readPractitioner, readStaff } from './claims.ts'
import { enrolPractitioner } from './enrol-practitioner.ts'
import { enrolStaff } from './enrol-staff.ts'
import type { IdentityProvider, ProvenIdentity } from './identity-providers.ts'
import { openSession } from './open-session.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { staffRole } from './roles.ts'
import { sealIdToken } from './sealed-id-token.ts'
import { takeSignInRequest } from './sign-in-request.ts'

type Admitted = Pick<NewSession, 'personId' | 'side' | 'role' | 'via' | 'activityId' | 'organismIds'>

/**
 * Takes the return of an identity provider: proves who it is, makes or updates the person, opens a session under a new
 * id (the one this browser had is closed).
 * @param input.returned the whole address the browser came back to; the library checks state, issuer and code in it
 * @throws Refusal of problems.ts, or `level-insufficient`
 */
export async function finishSignIn(
  parts: Parts,
  input: { issuerId: string; returned: URL; browser: string | null; principal: Principal | null; address: string },
): Promise<{ cookie: string; returnTo: string }> {
  const provider = parts.providers.get(input.issuerId)
  if (!provider) throw refuse('identity-provider-unknown')
  const request = await takeSignInRequest(parts, {
    state: input.returned.searchParams.get('state') ?? '',
    browser: input.browser,
    issuerId: provider.issuerId,
  })
  const proven = await parts.providers.finish(provider, input.returned, request)
  const admitted = await admit(parts, provider, proven)
  const session: NewSession = {
    ...admitted,
    level: 'substantial',
    authMode: proven.authMode,
    acr: proven.acr,
    issuer: provider.issuer,
    address: input.address,
    authTime: proven.authTime,
    idpSid: proven.idpSid,
    sealedIdToken: await sealIdToken(parts.vault, admitted.personId, proven.idToken),
  }
  const { cookie } = await openSession(parts, session, input.principal)
  return { cookie, returnTo: request.returnTo }
}

async function admit(parts: Parts, provider: IdentityProvider, proven: ProvenIdentity): Promise<Admitted> {
  const { acceptedAcr } = provider
  if (acceptedAcr.length > 0 && !acceptedAcr.includes(proven.acr)) {
    await traceRefusal(parts, 'level-insufficient')
    throw refuseAtTheEdge('level-insufficient')
  }
  return provider.kind === 'psc' ? admitPractitioner(parts, proven) : admitStaff(parts, provider, proven)
}

async function admitPractitioner(parts: Parts, proven: ProvenIdentity): Promise<Admitted> {
  const { identity, refusal } = readPractitioner(proven.userinfo, parts.labels)
  if (refusal) {
    await traceRefusal(parts, refusal)
    throw refuse(refusal)
  }
  const { personId, activityIds, defaultActivityId } = await enrolPractitioner(parts, identity)
  return {
    personId,
    side: 'practice',
    role: identity.kind,
    via: 'psc',
    activityId: placeToStartFrom(activityIds, defaultActivityId),
    organismIds: [],
  }
}

/** Someone with several places chooses one, unless one of them is where they always start; a single one is no choice. */
function placeToStartFrom(activityIds: string[], defaultActivityId: string | null): string | null {
  if (activityIds.length === 1) return activityIds[0]!
  // A place that is no longer asserted is nowhere to start from.
  return defaultActivityId && activityIds.includes(defaultActivityId) ? defaultActivityId : null
}

async function admitStaff(parts: Parts, provider: IdentityProvider, proven: ProvenIdentity): Promise<Admitted> {
  const identity = readStaff(proven.userinfo, provider.claims)
  if (!identity) throw refuse('sign-in-refused')
  const role = staffRole(identity.roles)
  // A provider speaks for its own organisms only, whatever it asserts; merged caisses lead to their successor.
  const organismIds = identity.organisms
    .filter((organismId) => provider.organisms.includes(organismId))
    .flatMap((organismId) => parts.organisms.resolve(organismId)?.organismId ?? [])
  const distinct = [...new Set(organismIds)]
  const { personId } = await enrolStaff(parts, {
    issuerId: provider.issuerId,
    identity,
    role,
    organismIds: role.desk ? distinct : [],
  })
  if (role.desk && distinct.length === 0) {
    await traceRefusal(parts, 'role-refused')
    throw refuse('role-refused')
  }
  return {
    personId,
    side: role.desk ? 'desk' : 'none',
    role: role.role,
    via: 'organism',
    activityId: null,
    organismIds: distinct,
  }
}

/** Somebody proved who they are and was not let in; who is not kept, since they have no account here. */
async function traceRefusal({ database, clock }: Parts, code: string): Promise<void> {
  await writeTrace(database.administrative, entry(clock, PORTAL_CHAIN, nobody, { type: 'session.refused', code }))
}
