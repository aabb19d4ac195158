import type { FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import type { Configuration } from '../../platform/configuration.ts'
import type { Cookies } from '../../platform/http/cookies.ts'
import { Refusal, refuse } from '../../platform/http/problem.ts'
import { type Route, routes } from '../../platform/http/routes.ts'
import { cardsContract } from './contract.ts'
import { finishCardSignIn } from './finish-card-sign-in.ts'
import { startCardSignIn } from './start-card-sign-in.ts'

type Parts = Omit<Parameters<typeof finishCardSignIn>[0], 'origin'>

export function cardsRoutes(
  parts: Parts,
  { configuration, cookies, log }: { configuration: Configuration; cookies: Cookies; log: Logger },
): Route[] {
  const { card, waysIn } = configuration
  const text = (value: unknown) => (typeof value === 'string' ? value : '')

  /** Where there are no cards, there is nothing here. */
  function mustBeOn() {
    if (!waysIn.card) throw refuse('not-found')
  }

  return routes(cardsContract, {
    'GET /api/sign-in/card': async ({ query, request, reply }) => {
      await orSayWhy(reply, log, async () => {
        mustBeOn()
        const begun = await startCardSignIn(parts, { returnTo: query.retour ?? '/', browser: cookies.signIn(request) })
        cookies.setSignIn(reply, begun.browser)
        return `${card.url}/?${new URLSearchParams({ etat: begun.state })}`
      })
      return undefined
    },
    'GET /api/sign-in/card/callback': async ({ query, request, reply, principal }) => {
      await orSayWhy(reply, log, async () => {
        mustBeOn()
        const { cookie, returnTo } = await finishCardSignIn(
          { ...parts, origin: card.url },
          {
            state: text(query.etat),
            ticket: text(query.ticket),
            browser: cookies.signIn(request),
            principal,
            address: request.ip,
          },
        )
        cookies.setSession(reply, cookie)
        return returnTo
      })
      return undefined
    },
  })
}

/** A navigation ends on a page, never on a problem document: a refusal goes to the page that explains it. */
async function orSayWhy(reply: FastifyReply, log: Logger, act: () => Promise<string>): Promise<void> {
  try {
    reply.redirect(await act(), 302)
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault
    log.warn({ code: fault.code }, 'sign-in refused')
    reply.redirect(`/connexion/refusee?${new URLSearchParams({ code: fault.code })}`, 302)
  }
}
