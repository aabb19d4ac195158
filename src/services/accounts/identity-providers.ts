// The OpenID Connect client: which providers there are, and the three exchanges with one of them.
// Confidential client (secret or mutual TLS), code flow with PKCE S256, state and nonce; userinfo asked once, no access token kept.
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'
import * as client from 'openid-client'
import type { Configuration } from '../../platform/configuration.ts'
import { Refusal } from '../../platform/http/problem.ts'
import { IDLE_MS } from '../../platform/sessions/sessions.ts'
import { type Transport, transportFetch } from './client-transport.ts'
import { refuse } from './problems.ts'
import type { RoleMapping } from './roles.ts'

export const PSC = 'psc'
/** All that is asked of a provider during one gesture of the person: a page says so before five seconds are over. */
const TIMEOUT_MS = 4500
/** A discovery document is asked for again after this long. */
const DISCOVERY_MS = 3_600_000

export type IdentityProvider = {
  /** « psc », or the id of an insurer's issuer. */
  issuerId: string
  kind: 'psc' | 'organism'
  /** Full address of the discovery document: Pro Santé Connect's is not at the standard place. */
  discovery: string
  /** Pinned: what the discovery document says must be the same. */
  issuer: string
  clientId: string
  clientSecret: string
  /** Certificate of mutual TLS, in place of the secret. */
  clientCertificate: Transport['clientCertificate']
  ca: string | null
  scope: string
  acrValues: string | null
  /** Accepted values of `acr`; empty: any. Production of PSC answers eidas2 where eidas1 was asked. */
  acceptedAcr: string[]
  /** Methods of which one must be wholly shown, several joined by « + »; empty: any. */
  acceptedAmr: string[]
  /** Values of `kc_idp_hint` that are passed on: an establishment's own provider behind this one. */
  idpHints: string[]
  callback: string
  claims: { role: string; organisms: string }
  /** What each value of its claim of roles stands for. */
  roles: RoleMapping
  /** The only organisms an insurer's provider may speak for. */
  organisms: string[]
  /** Whom somebody asks who is refused for their role. */
  contact: string
  /** How often an open session asks it again who the person is; 0: never. */
  recheckSeconds: number
}

export type ProvenIdentity = {
  userinfo: Record<string, unknown>
  idToken: string
  /** To ask again while the session lasts; null where the provider gives none. */
  refreshToken: string | null
  acr: string
  amr: string[]
  authMode: string
  authTime: Date
  /** The provider's own session and subject, for its sign-out by the back channel. */
  idpSid: string | null
  idpSub: string
  /** When the provider's own session ends, where it says so. */
  endsAt: Date | null
}

/** What comes of asking a provider again: it vouches no more, or says nothing usable. */
export type Renewal = { userinfo: Record<string, unknown> } | 'refused' | 'silent'

export type IdentityProviders = {
  get(issuerId: string): IdentityProvider | undefined
  /** Where to send the browser. @throws Refusal `identity-provider-unavailable` */
  begin(
    provider: IdentityProvider,
    request: { state: string; nonce: string; codeVerifier: string; idpHint?: string },
  ): Promise<URL>
  /**
   * Takes the browser's return, the whole address of it.
   * @throws Refusal `sign-in-cancelled`, `sign-in-refused`, `identity-provider-unavailable`
   */
  finish(
    provider: IdentityProvider,
    returned: URL,
    request: { state: string; nonce: string; codeVerifier: string },
  ): Promise<ProvenIdentity>
  /**
   * Asks again who somebody is.
   * @param keep told of the token to use next time, as soon as it is known: the one used is worth nothing any more
   */
  renew(
    provider: IdentityProvider,
    renewed: { refreshToken: string; subject: string; keep(refreshToken: string): Promise<void> },
  ): Promise<Renewal>
  /** What the provider's logout tokens are checked by. @throws when it does not answer */
  keysOf(provider: IdentityProvider): Promise<JWTVerifyGetKey>
  /** Where the browser signs out of the provider named by its issuer; null when it cannot be known now. */
  signOutAddress(issuer: string, idToken: string | null): Promise<URL | null>
}

export function createIdentityProviders(configuration: Configuration): IdentityProviders {
  const providers = new Map(providersOf(configuration).map((provider) => [provider.issuerId, provider]))
  const discovered = new Map<string, { configuration: client.Configuration; until: number }>()
  const keys = new Map<string, { address: string; get: JWTVerifyGetKey }>()
  const fetchOf = new Map([...providers.values()].map((one) => [one.issuerId, transportFetch(one)]))

  async function discover(provider: IdentityProvider): Promise<client.Configuration> {
    const known = discovered.get(provider.issuerId)
    if (known && known.until > Date.now()) return known.configuration
    const plain = provider.discovery.startsWith('http:') && configuration.mode === 'demonstration'
    const ownFetch = fetchOf.get(provider.issuerId)
    const found = await client.discovery(
      new URL(provider.discovery),
      provider.clientId,
      provider.clientCertificate ? { use_mtls_endpoint_aliases: true } : provider.clientSecret,
      provider.clientCertificate ? client.TlsClientAuth() : client.ClientSecretBasic(provider.clientSecret),
      {
        timeout: TIMEOUT_MS / 1000,
        ...(ownFetch && { [client.customFetch]: ownFetch as client.CustomFetch }),
        // The signature of the ID token is checked too, though it comes over TLS from the provider itself.
        execute: plain
          ? [client.allowInsecureRequests, client.enableNonRepudiationChecks]
          : [client.enableNonRepudiationChecks],
      },
    )
    // With a full address the library does not compare the issuer: a document of another one would be believed.
    if (found.serverMetadata().issuer !== provider.issuer)
      throw new Error('the discovered issuer is not the pinned one')
    if (ownFetch) found[client.customFetch] = ownFetch as client.CustomFetch
    discovered.set(provider.issuerId, { configuration: found, until: Date.now() + DISCOVERY_MS })
    return found
  }

  return {
    get: (issuerId) => providers.get(issuerId),

    async begin(provider, { state, nonce, codeVerifier, idpHint }) {
      const found = await withinTime(discover(provider)).catch((cause) => {
        throw refuse('identity-provider-unavailable', { cause })
      })
      return client.buildAuthorizationUrl(found, {
        redirect_uri: provider.callback,
        scope: provider.scope,
        ...(provider.acrValues ? { acr_values: provider.acrValues } : {}),
        // A hint that is not of the settings is passed over: the provider's own page then asks, as for everybody.
        ...(idpHint && provider.idpHints.includes(idpHint) ? { kc_idp_hint: idpHint } : {}),
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      })
    },

    async finish(provider, returned, { state, nonce, codeVerifier }) {
      const proven = async () => {
        const found = await discover(provider).catch((cause) => {
          throw refuse('identity-provider-unavailable', { cause })
        })
        return exchange(provider, found, returned, { state, nonce, codeVerifier })
      }
      try {
        return await withinTime(proven())
      } catch (fault) {
        if (fault instanceof Refusal) throw fault
        // The provider may have changed its keys: the next sign-in asks again.
        discovered.delete(provider.issuerId)
        throw refusalOf(fault)
      }
    },

    async renew(provider, { refreshToken, subject, keep }) {
      try {
        return await withinTime(
          (async () => {
            const found = await discover(provider)
            const tokens = await client.refreshTokenGrant(found, refreshToken)
            if (tokens.refresh_token) await keep(tokens.refresh_token)
            return { userinfo: await client.fetchUserInfo(found, tokens.access_token, subject) }
          })(),
        )
      } catch (fault) {
        // It may have begun anew, with other keys: the next sign-in asks for them.
        discovered.delete(provider.issuerId)
        return isRefusal(fault) ? 'refused' : 'silent'
      }
    },

    async keysOf(provider) {
      const found = await withinTime(discover(provider))
      const address = found.serverMetadata().jwks_uri
      if (!address) throw new Error('the provider publishes no keys')
      const known = keys.get(provider.issuerId)
      if (known?.address === address) return known.get
      const ownFetch = fetchOf.get(provider.issuerId)
      const get = createRemoteJWKSet(new URL(address), {
        timeoutDuration: TIMEOUT_MS,
        ...(ownFetch && { [customFetch]: ownFetch }),
      })
      keys.set(provider.issuerId, { address, get })
      return get
    },

    async signOutAddress(issuer, idToken) {
      const provider = [...providers.values()].find((one) => one.issuer === issuer)
      if (!provider) return null
      try {
        const found = await withinTime(discover(provider))
        if (!found.serverMetadata().end_session_endpoint) return null
        return client.buildEndSessionUrl(found, {
          ...(idToken ? { id_token_hint: idToken } : {}),
          post_logout_redirect_uri: `${configuration.publicUrl}/`,
        })
      } catch {
        // The portal's own session is over in any case; the provider's ends by itself.
        return null
      }
    },
  }
}

async function exchange(
  provider: IdentityProvider,
  found: client.Configuration,
  returned: URL,
  { state, nonce, codeVerifier }: { state: string; nonce: string; codeVerifier: string },
): Promise<ProvenIdentity> {
  const tokens = await client.authorizationCodeGrant(found, returned, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: codeVerifier,
    idTokenExpected: true,
  })
  const claims = tokens.claims()!
  const userinfo = await client.fetchUserInfo(found, tokens.access_token, claims.sub)
  const { auth_time: authTime } = claims
  return {
    userinfo,
    idToken: tokens.id_token!,
    refreshToken: tokens.refresh_token ?? null,
    acr: asText(claims.acr),
    amr: Array.isArray(claims.amr) ? claims.amr.map(asText).filter(Boolean) : [],
    authMode: asText(claims.authMode) || asText(userinfo.authMode),
    authTime: typeof authTime === 'number' ? new Date(authTime * 1000) : new Date(claims.iat * 1000),
    idpSid: asText(claims.sid) || null,
    idpSub: claims.sub,
    endsAt: sessionEnd(provider, tokens),
  }
}

/**
 * When the provider's own session ends, by what it says beside the tokens (Keycloak's extras, which nobody must need).
 * Pro Santé Connect's `refresh_expires_in` is its idle time of 30 minutes; only what is shorter tells an end for good.
 */
function sessionEnd({ kind }: IdentityProvider, answer: Record<string, unknown>): Date | null {
  const { session_expires_in: session, refresh_expires_in: refresh } = answer
  const seconds = [
    ...(typeof session === 'number' && session > 0 ? [session] : []),
    ...(kind === 'psc' && typeof refresh === 'number' && refresh > 0 && refresh * 1000 < IDLE_MS ? [refresh] : []),
  ]
  return seconds.length > 0 ? new Date(Date.now() + Math.min(...seconds) * 1000) : null
}

function refusalOf(fault: unknown) {
  if (fault instanceof client.AuthorizationResponseError) {
    if (fault.error === 'access_denied') return refuse('sign-in-cancelled', { cause: fault })
    const down = ['temporarily_unavailable', 'server_error'].includes(fault.error)
    return refuse(down ? 'identity-provider-unavailable' : 'sign-in-refused', { cause: fault })
  }
  return refuse(isSilence(fault) ? 'identity-provider-unavailable' : 'sign-in-refused', { cause: fault })
}

/** Whether the provider answered that it vouches no more; a fault of the client's own settings is none of the person's. */
function isRefusal(fault: unknown): boolean {
  if (fault instanceof client.ResponseBodyError) return ['invalid_grant', 'access_denied'].includes(fault.error)
  return fault instanceof client.WWWAuthenticateChallengeError
}

/** Whether nothing usable was answered: time out, no connection, or a server error in place of an answer. */
function isSilence(fault: unknown): boolean {
  for (let at = fault; at instanceof Error; at = at.cause) {
    if (at.name === 'TimeoutError' || at.name === 'AbortError') return true
    if (at instanceof TypeError && at.message === 'fetch failed') return true
    if (at.cause instanceof Response && at.cause.status >= 500) return true
  }
  return false
}

/** One limit for all that is asked of a provider during a gesture of the person. */
async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DOMException('the provider is too slow', 'TimeoutError')), TIMEOUT_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function providersOf({ psc, organismIssuers, publicUrl }: Configuration): IdentityProvider[] {
  return [
    {
      ...psc,
      issuerId: PSC,
      kind: 'psc',
      scope: 'openid scope_all',
      acrValues: 'eidas1',
      acceptedAcr: psc.acr,
      acceptedAmr: [],
      callback: `${publicUrl}/api/sign-in/psc/callback`,
      claims: { role: '', organisms: '' },
      roles: {},
      organisms: [],
      contact: '',
      // A session of Pro Santé Connect ends by its own limits and the back channel: no token of it is kept.
      recheckSeconds: 0,
    },
    ...organismIssuers.map(
      (issuer): IdentityProvider => ({
        ...issuer,
        kind: 'organism',
        clientCertificate: null,
        ca: null,
        idpHints: [],
        acrValues: null,
        acceptedAcr: issuer.acr,
        acceptedAmr: issuer.amr,
        callback: `${publicUrl}/api/sign-in/organism/${issuer.issuerId}/callback`,
      }),
    ),
  ]
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : ''
}
