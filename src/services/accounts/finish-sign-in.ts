import { Refusal, refuse as refuseAtTheEdge } from '../../platform/http/problem.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { NewSession } from '../../platform/sessions/sessions.ts'
import { nobody } from '../../platform/trace/events.ts'
import { entry, PORTAL_CHAIN, writeTrace } from '../../platform/trace/trace.ts'
import { readPractitioner } from './claims.ts'
import { enrolPractitioner } from './enrol-practitioner.ts'
import { enrolStaff } from './enrol-staff.ts'
import type { IdentityProvider, ProvenIdentity } from './identity-providers.ts'
import { judgeStaff } from './judge-staff.ts'
import { openSession } from './open-session.ts'
import type { Parts } from './parts.ts'
import { placeToStartFrom } from './place-to-start-from.ts'
import { refuse } from './problems.ts'
import { sealIdToken, sealRefreshToken } from './sealed-tokens.ts'
import { type SignInRequest, takeSignInRequest } from './sign-in-request.ts'
import { withdrawStaff } from './withdraw-staff.ts'

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
  try {
    const cookie = await openFor(parts, provider, { ...input, request })
    return { cookie, returnTo: request.returnTo }
  } catch (fault) {
    if (fault instanceof Refusal) fault.extra.returnTo = request.returnTo
    throw fault
  }
}

async function openFor(
  parts: Parts,
  provider: IdentityProvider,
  input: { returned: URL; request: SignInRequest; principal: Principal | null; address: string },
): Promise<string> {
  const proven = await parts.providers.finish(provider, input.returned, input.request)
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
    idpSub: proven.idpSub,
    endsAt: proven.endsAt,
    sealedIdToken: await sealIdToken(parts.vault, admitted.personId, proven.idToken),
    sealedRefreshToken:
      provider.recheckSeconds > 0 && proven.refreshToken
        ? await sealRefreshToken(parts.vault, admitted.personId, proven.refreshToken)
        : null,
  }
  const { cookie } = await openSession(parts, session, input.principal)
  return cookie
}

async function admit(parts: Parts, provider: IdentityProvider, proven: ProvenIdentity): Promise<Admitted> {
  if (!levelShown(provider, proven)) {
    await traceRefusal(parts, 'level-insufficient')
    throw refuseAtTheEdge('level-insufficient', { extra: { issuerId: provider.issuerId } })
  }
  return provider.kind === 'psc' ? admitPractitioner(parts, proven) : admitStaff(parts, provider, proven)
}

/** Both are asked for where both are set; a provider that says nothing shows nothing. */
export function levelShown(
  { acceptedAcr, acceptedAmr }: Pick<IdentityProvider, 'acceptedAcr' | 'acceptedAmr'>,
  { acr, amr }: Pick<ProvenIdentity, 'acr' | 'amr'>,
): boolean {
  const levelFits = acceptedAcr.length === 0 || acceptedAcr.includes(acr)
  const meansFit =
    acceptedAmr.length === 0 || acceptedAmr.some((means) => means.split('+').every((one) => amr.includes(one)))
  return levelFits && meansFit
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

async function admitStaff(parts: Parts, provider: IdentityProvider, proven: ProvenIdentity): Promise<Admitted> {
  const judged = judgeStaff(parts.organisms, provider, proven.userinfo)
  if (judged.refusal !== undefined) {
    const { identity, refusal } = judged
    if (identity)
      parts.live.lookAt(await withdrawStaff(parts, { issuerId: provider.issuerId, subject: identity.subject }))
    await traceRefusal(parts, refusal)
    throw refuse(refusal, { extra: { issuerId: provider.issuerId } })
  }
  const { identity, role, organismIds } = judged
  const { personId, touched } = await enrolStaff(parts, { issuerId: provider.issuerId, identity, role, organismIds })
  parts.live.lookAt(touched)
  return {
    personId,
    side: role.desk ? 'desk' : 'none',
    role: role.role,
    via: 'organism',
    activityId: null,
    organismIds,
  }
}

/** Somebody proved who they are and was not let in; who is not kept, since they have no account here. */
async function traceRefusal({ database, clock }: Parts, code: string): Promise<void> {
  await writeTrace(database.administrative, entry(clock, PORTAL_CHAIN, nobody, { type: 'session.refused', code }))
}
