import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Configuration } from '../../platform/configuration.ts'
import type { Cookies } from '../../platform/http/cookies.ts'
import { Refusal } from '../../platform/http/problem.ts'
import { type Route, routes } from '../../platform/http/routes.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import { choosePlace } from './choose-place.ts'
import { closeConnection, closeOtherConnections } from './close-connection.ts'
import { accountsContract } from './contract.ts'
import { extendSession } from './extend-session.ts'
import { finishSignIn } from './finish-sign-in.ts'
import { PSC } from './identity-providers.ts'
import { listConnections } from './list-connections.ts'
import type { Parts } from './parts.ts'
import { presentSession } from './present-session.ts'
import { setDefaultPlace } from './set-default-place.ts'
import { setEmail } from './set-email.ts'
import { signOut } from './sign-out.ts'
import { signOutByProvider } from './sign-out-by-provider.ts'
import { startSignIn } from './start-sign-in.ts'

type Navigation = { request: FastifyRequest; reply: FastifyReply; principal: Principal | null }

export function accountsRoutes(
  parts: Parts,
  edge: { configuration: Configuration; cookies: Cookies; log: Logger },
): Route[] {
  const { configuration, cookies, log } = edge

  async function start({ request, reply }: Navigation, issuerId: string, returnTo = '/', idpHint?: string) {
    await orSayWhy(reply, { issuerId, returnTo }, async () => {
      const begun = await startSignIn(parts, { issuerId, returnTo, browser: cookies.signIn(request), idpHint })
      cookies.setSignIn(reply, begun.browser)
      return begun.address.href
    })
  }

  async function finish({ request, reply, principal }: Navigation, issuerId: string) {
    await orSayWhy(reply, { issuerId, returnTo: '/' }, async () => {
      // The whole address goes to the library, under the portal's public name.
      const returned = new URL(request.url, configuration.publicUrl)
      const browser = cookies.signIn(request)
      const { cookie, returnTo } = await finishSignIn(parts, {
        issuerId,
        returned,
        browser,
        principal,
        address: request.ip,
      })
      cookies.setSession(reply, cookie)
      return returnTo
    })
  }

  /** A navigation ends on a page, never on a problem document: a refusal goes to the page that explains it. */
  async function orSayWhy(
    reply: FastifyReply,
    { issuerId, returnTo }: { issuerId: string; returnTo: string },
    act: () => Promise<string>,
  ) {
    let address: string
    try {
      address = await act()
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault
      log.warn({ code: fault.code, cause: kindOf(fault.cause) }, 'sign-in refused')
      const query = new URLSearchParams({ code: fault.code })
      // A return that was refused knows by its request where the person was going.
      const back = typeof fault.extra.returnTo === 'string' ? fault.extra.returnTo : returnTo
      if (back !== '/') query.set('retour', back)
      // The page names whom to ask there, or offers another way than the one that failed.
      if (fault.code === 'identity-provider-unavailable' || fault.extra.issuerId) query.set('fournisseur', issuerId)
      address = `/connexion/refusee?${query}`
    }
    reply.redirect(address, 302)
    return undefined
  }

  return routes(accountsContract, {
    'GET /api/session': ({ principal, passive }) => presentSession(parts, principal, passive),
    'PUT /api/session/place': async ({ principal, body, passive }) =>
      presentSession(parts, await choosePlace(parts, principal, body.activityId), passive),
    'POST /api/session/sign-out': async ({ principal, reply }) => {
      const answer = await signOut(parts, principal)
      cookies.clearSession(reply)
      // Not its "cookies": they are those of the whole registered domain, the insurer's other sites included.
      reply.header('clear-site-data', '"cache", "storage"')
      return answer
    },
    'PUT /api/account/default-place': async ({ principal, body, passive }) => {
      await setDefaultPlace(parts, principal, body.activityId)
      return presentSession(parts, principal, passive)
    },
    'POST /api/session/extension': async ({ principal }) =>
      presentSession(parts, await extendSession(parts, principal), true),
    'GET /api/account/connections': ({ principal }) => listConnections(parts, principal),
    'DELETE /api/account/connections/:sessionId': async ({ principal, params }) => {
      await closeConnection(parts, principal, params.sessionId)
      return undefined
    },
    'POST /api/account/connections/closure': ({ principal }) => closeOtherConnections(parts, principal),
    'PUT /api/account/email': async ({ principal, body, passive }) =>
      presentSession(parts, await setEmail(parts, principal, body.email), passive),
    'POST /api/sign-out/back-channel/:issuerId': async ({ params, body }) => {
      await signOutByProvider(parts, { issuerId: params.issuerId, logoutToken: body.logout_token })
      return {}
    },
    'GET /api/sign-in/options': async () => ({
      issuers: configuration.organismIssuers.map(({ issuerId, label, contact }) => ({ issuerId, label, contact })),
      demonstration: configuration.mode === 'demonstration',
      ...configuration.waysIn,
    }),
    'GET /api/sign-in/psc': async (call) => {
      await start(call, PSC, call.query.retour, call.query.indice)
      return undefined
    },
    'GET /api/sign-in/psc/callback': async (call) => {
      await finish(call, PSC)
      return undefined
    },
    'GET /api/sign-in/organism/:issuerId': async (call) => {
      await start(call, organismIssuer(call.params.issuerId), call.query.retour)
      return undefined
    },
    'GET /api/sign-in/organism/:issuerId/callback': async (call) => {
      await finish(call, organismIssuer(call.params.issuerId))
      return undefined
    },
  })
}

/** Pro Santé Connect has its own addresses: under those of the organisms it is nobody. */
function organismIssuer(issuerId: string): string {
  return issuerId === PSC ? '' : issuerId
}

/** Why a provider's answer was not taken: names and codes only, since messages may quote claims. */
function kindOf(cause: unknown): string[] {
  const kinds: string[] = []
  for (let at = cause; at instanceof Error && kinds.length < 5; at = at.cause) {
    const { code } = at as { code?: unknown }
    kinds.push(typeof code === 'string' ? `${at.name} ${code}` : at.name)
  }
  return kinds
}
