// What both simulated identity providers share: real OpenID Connect under Keycloak-like paths (IDENTITY facts: the
// endpoints of Pro Santé Connect are issuer + /protocol/openid-connect/…), a page of fictional people, no consent.
import { createHash, generateKeyPair } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, decodeProtectedHeader, exportJWK } from 'jose'
import Provider, { type Context, interactionPolicy } from 'oidc-provider'
import { listen, type Running, type Tls } from '../listen.ts'
import { escapeHtml, page, pagePolicy } from '../page.ts'
import { readForm } from '../read-body.ts'
import { type Behaviour, type Choice, chooserPage, type Means } from './chooser-page.ts'
import type { ClientRegistration } from './client-registration.ts'
import { createMemoryAdapter } from './memory-adapter.ts'

/** What happened at a sign-in, for the claims that depend on it. */
export type SignIn = { means: string; acr: string; sid: string; delayMs?: number }

export type ProviderDescription<Person> = {
  port: number
  clients: ClientRegistration[]
  /** « /auth/realms/… »: the issuer is http://localhost:PORT followed by it. */
  issuerPath: string
  /** Discovery document under the issuer; the standard place when absent. */
  discoveryPath?: string
  /** Cookies ignore ports: each simulator has its own names. */
  cookiePrefix: string
  title: string
  banner: string
  means: Means[]
  behaviours?: Behaviour[]
  /** Over TLS, with clients that may prove themselves by a certificate. */
  tls?: Tls
  /** Somebody signed in already is let through without the page, as the real one does. */
  singleSignOn?: boolean
  people: Person[]
  choiceOf(person: Person): Choice
  subjectOf(person: Person): string
  acrOf(person: Person): string
  amrOf(means: string): string[]
  /** Scope that brings the claims, and all claims there are. */
  scope: string
  claimNames: string[]
  idTokenClaims(person: Person, signIn: SignIn): Record<string, unknown>
  userinfoClaims(person: Person, signIn: SignIn): Record<string, unknown>
  accessTokenSeconds: number
  /** File that refresh tokens are kept in over a restart; none: they are forgotten. */
  keptIn?: string
}

export type RunningProvider = Running & { issuer: string; discoveryUrl: string }

const SUBMIT = 'document.forms[0].submit()'
const submitHash = `'sha256-${createHash('sha256').update(SUBMIT).digest('base64')}'`

export async function startProvider<Person>(description: ProviderDescription<Person>): Promise<RunningProvider> {
  const { clients, issuerPath, people } = description
  const jwk = await makeSigningKey()

  // The issuer names the port, so the port must be known before the provider is made.
  let handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> = async () => {}
  const running = await listen(
    (request, response) => {
      handle(request, response).catch((fault: unknown) => {
        console.error(`simulator ${description.cookiePrefix}:`, fault instanceof Error ? fault.name : 'fault')
        if (!response.headersSent) response.writeHead(500)
        response.end()
      })
    },
    description.port,
    description.tls,
  )

  const issuer = `${running.url}${issuerPath}`
  const signIns = new Map<string, SignIn>()
  const personBySubject = new Map(people.map((person) => [description.subjectOf(person), person]))
  const personByChoice = new Map(people.map((person) => [description.choiceOf(person).id, person]))
  const portals = [...new Set(clients.flatMap((client) => allowedOrigins(client)))]

  const provider = new Provider(issuer, {
    adapter: createMemoryAdapter(description.keptIn),
    jwks: { keys: [jwk] },
    clients: clients.map((client) => ({
      client_id: client.clientId,
      ...(client.certificateSubject
        ? { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: client.certificateSubject }
        : { token_endpoint_auth_method: 'client_secret_basic', client_secret: client.clientSecret }),
      redirect_uris: client.redirectUris,
      post_logout_redirect_uris: client.postLogoutRedirectUris,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      ...(client.backchannelLogoutUri
        ? { backchannel_logout_uri: client.backchannelLogoutUri, backchannel_logout_session_required: true }
        : {}),
    })),
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', ...(description.tls ? ['tls_client_auth'] : [])],
    scopes: ['openid', 'offline_access', description.scope],
    claims: {
      openid: ['sub', 'acr', 'amr', 'auth_time'],
      [description.scope]: description.claimNames,
      iss: null,
      sid: null,
    },
    conformIdTokenClaims: false,
    acrValues: ['eidas1', 'eidas2', 'eidas3'],
    pkce: { required: () => true },
    routes: {
      authorization: '/protocol/openid-connect/auth',
      token: '/protocol/openid-connect/token',
      userinfo: '/protocol/openid-connect/userinfo',
      jwks: '/protocol/openid-connect/certs',
      end_session: '/protocol/openid-connect/logout',
      introspection: '/protocol/openid-connect/token/introspect',
      revocation: '/protocol/openid-connect/revoke',
    },
    cookies: {
      names: {
        session: `${description.cookiePrefix}_session`,
        interaction: `${description.cookiePrefix}_interaction`,
        resume: `${description.cookiePrefix}_resume`,
      },
    },
    // Durations of the real service; a refresh token dies with the session.
    ttl: {
      AccessToken: description.accessTokenSeconds,
      AuthorizationCode: 60,
      IdToken: description.accessTokenSeconds,
      RefreshToken: 30 * 60,
      Session: 4 * 3600,
      Interaction: 3600,
      Grant: 4 * 3600,
    },
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      revocation: { enabled: true },
      backchannelLogout: { enabled: true },
      mTLS: mutualTls(description.tls !== undefined),
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx: Context, form: string) => {
          ctx.set('content-security-policy', pagePolicy(portals, [submitHash]))
          ctx.body = leavingPage(description, form)
        },
        postLogoutSuccessSource: (ctx: Context) => {
          ctx.body = plainPage(description, 'Vous êtes déconnecté', 'Vous pouvez fermer cette page.')
        },
      },
    },
    // The real one advertises these values, which mean nothing: nobody may rely on them.
    discovery: { acr_values_supported: ['0', '0'] },
    // As Keycloak does: a refresh token with every sign-in, and a new one each time it is used (used again, it is taken
    // for stolen, and the whole grant is over).
    issueRefreshToken: async (_ctx: unknown, client: { grantTypeAllowed(type: string): boolean }) =>
      client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    // Tokens outlive a second choice of person in another tab, as a code under way must.
    expiresWithSession: () => false,
    extraParams: ['kc_idp_hint', 'channel'],
    interactions: {
      policy: description.singleSignOn ? interactionPolicy.base() : chooserAtEverySignIn(),
      url: (_ctx: unknown, interaction: { uid: string }) => `${issuerPath}/interaction/${interaction.uid}`,
    },
    // No consent screen: a sign-in grants what is asked.
    loadExistingGrant: async (ctx: Context) => {
      const { clientId } = ctx.oidc.client
      const { session } = ctx.oidc
      const grant = new provider.Grant({ clientId, accountId: session.accountId })
      grant.addOIDCScope(['openid', description.scope, 'offline_access'].join(' '))
      session.ensureClientContainer(clientId)
      const { means = description.means[0]!.value, delayMs } = ctx.oidc.result ?? {}
      rememberSignIn(signIns, await grant.save(), { means, acr: session.acr, sid: session.sidFor(clientId), delayMs })
      return grant
    },
    findAccount: async (ctx: Context, subject: string, token?: { grantId?: string }) => {
      const person = personBySubject.get(subject)
      if (!person) return undefined
      const delayMs = ctx.oidc.route === 'token' ? signIns.get(token?.grantId ?? '')?.delayMs : 0
      if (delayMs) await wait(delayMs, undefined, { ref: false })
      return {
        accountId: subject,
        claims: (use: string) => {
          const signIn = signIns.get(token?.grantId ?? '') ?? {
            means: description.means[0]!.value,
            acr: description.acrOf(person),
            sid: '',
          }
          return {
            sub: subject,
            ...(use === 'id_token'
              ? description.idTokenClaims(person, signIn)
              : description.userinfoClaims(person, signIn)),
          }
        },
      }
    },
    renderError: (ctx: Context, out: { error: string }) => {
      ctx.type = 'html'
      ctx.body = plainPage(description, 'Demande refusée', `Code technique : ${out.error}`)
    },
    // Back-channel calls go to the loopback, which oidc-provider would otherwise refuse to reach.
    fetch: (url: string, options: RequestInit) => fetch(url, { ...options, dispatcher: undefined } as RequestInit),
  })

  const answer = provider.callback()

  async function choose(request: IncomingMessage, response: ServerResponse, path: string) {
    let interaction: Awaited<ReturnType<Provider['interactionDetails']>>
    try {
      interaction = await provider.interactionDetails(request, response)
    } catch {
      const text = 'Cette demande de connexion a expiré. Revenez au portail et recommencez.'
      return send(response, 400, plainPage(description, 'Demande expirée', text))
    }
    if (request.method !== 'POST') {
      return send(
        response,
        200,
        chooserPage({ ...description, action: path, people: people.map((person) => description.choiceOf(person)) }),
      )
    }
    const form = await readForm(request)
    if (form.has('cancel')) {
      return provider.interactionFinished(request, response, {
        error: 'access_denied',
        error_description: 'cancelled by the user',
      })
    }
    const person = personByChoice.get(form.get('person') ?? '')
    const means = description.means.find(({ value }) => value === form.get('means'))
    const behaviour = description.behaviours?.find(({ value }) => value === form.get('behaviour'))
    if (!person || !means) {
      return send(response, 400, plainPage(description, 'Demande refusée', 'Personne ou moyen inconnu.'))
    }
    if (behaviour?.error) {
      return provider.interactionFinished(request, response, {
        error: behaviour.error,
        error_description: 'as chosen on the page',
      })
    }
    const next = await provider.interactionResult(request, response, {
      login: {
        accountId: description.subjectOf(person),
        acr: behaviour?.acr ?? description.acrOf(person),
        amr: description.amrOf(means.value),
      },
      means: means.value,
      delayMs: behaviour?.delayMs,
    })
    if (interaction.session?.uid) await forgetAccount(provider, interaction.session.uid)
    response.writeHead(303, { location: next }).end()
  }

  handle = async (request, response) => {
    const url = new URL(request.url ?? '/', running.url)
    response.setHeader('content-security-policy', pagePolicy(portals))
    response.setHeader('referrer-policy', 'no-referrer')
    response.setHeader('x-content-type-options', 'nosniff')
    if (!url.pathname.startsWith(`${issuerPath}/`)) {
      return send(response, 404, plainPage(description, 'Page inconnue', 'Cette adresse ne mène à rien.'))
    }
    const path = url.pathname.slice(issuerPath.length)
    if (path.startsWith('/interaction/')) return choose(request, response, url.pathname)
    if (path === '/protocol/openid-connect/logout') dropForeignHint(url, jwk.kid!)
    const inner = path === description.discoveryPath ? '/.well-known/openid-configuration' : path
    // oidc-provider finds the prefix it is mounted under by comparing the two.
    Object.assign(request, { originalUrl: `${issuerPath}${inner}${url.search}` })
    request.url = `${inner}${url.search}`
    await answer(request, response)
  }

  return {
    ...running,
    issuer,
    discoveryUrl: `${issuer}${description.discoveryPath ?? '/.well-known/openid-configuration'}`,
  }
}

/** Client authentication by certificate, as RFC 8705 has it; the certificate is the connection's own. */
function mutualTls(enabled: boolean) {
  type Connected = { socket: TLSSocket }
  const certificateOf = ({ socket }: Connected) => socket.getPeerX509Certificate?.()
  return {
    enabled,
    tlsClientAuth: enabled,
    certificateBoundAccessTokens: enabled,
    getCertificate: (ctx: Connected) => certificateOf(ctx)?.toString(),
    certificateAuthorized: ({ socket }: Connected) => socket.authorized,
    certificateSubjectMatches: (ctx: Connected, _property: string, expected: string) => {
      const parts = (subject: string, mark: string) => subject.split(mark).map((part) => part.trim())
      const shown = parts(certificateOf(ctx)?.subject ?? '', '\n')
      return parts(expected, ',').toSorted().join() === shown.toSorted().join()
    },
  }
}

/** Testers change person all the time: the page is shown at every sign-in, unless a silent one is asked for. */
function chooserAtEverySignIn() {
  const policy = interactionPolicy.base()
  policy.get('login').checks.add(
    new interactionPolicy.Check('always', 'the chooser is always shown', 'login_required', (ctx) => {
      return !ctx.oidc.result?.login && !ctx.oidc.promptPending('none')
    }),
  )
  return policy
}

/** Every choice is a new session of the provider, with a new `sid`, whoever was there before. */
async function forgetAccount(provider: Provider, uid: string) {
  const session = await provider.Session.findByUid(uid)
  if (!session) return
  session.accountId = undefined
  session.authorizations = {}
  await session.persist()
}

/** After a restart the key is new, and a sign-out with an older ID token must still bring people back. */
function dropForeignHint(url: URL, kid: string) {
  const hint = url.searchParams.get('id_token_hint')
  if (!hint) return
  try {
    if (decodeProtectedHeader(hint).kid === kid) return
  } catch {
    return
  }
  url.searchParams.delete('id_token_hint')
}

function rememberSignIn(signIns: Map<string, SignIn>, grantId: string, signIn: SignIn) {
  if (signIns.size >= 1000) signIns.delete(signIns.keys().next().value!)
  signIns.set(grantId, signIn)
}

async function makeSigningKey() {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const key = await exportJWK(privateKey)
  return { ...key, kid: await calculateJwkThumbprint(key), alg: 'RS256', use: 'sig' }
}

function allowedOrigins(client: ClientRegistration): string[] {
  return [...client.redirectUris, ...client.postLogoutRedirectUris].map((uri) => new URL(uri).origin)
}

type Titled = { title: string; banner: string }

function plainPage({ banner }: Titled, heading: string, text: string): string {
  return page({
    title: `${heading} (simulateur)`,
    banner,
    main: `<div class="card"><h1>${escapeHtml(heading)}</h1><p>${escapeHtml(text)}</p></div>`,
  })
}

function leavingPage({ banner }: Titled, form: string): string {
  // The hidden field says that the session of the provider ends too; the form sends itself where scripts run.
  const inner = form.replace(
    '</form>',
    '<input type="hidden" name="logout" value="yes"/><button class="plain" type="submit">Se déconnecter</button></form>',
  )
  return page({
    title: 'Déconnexion (simulateur)',
    banner,
    main: `<div class="card"><h1>Déconnexion</h1>${inner}<script>${SUBMIT}</script></div>`,
  })
}

function send(response: ServerResponse, status: number, html: string) {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  response.end(html)
}
