import { type Route, routes } from '../../platform/http/routes.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { Sessions } from '../../platform/sessions/sessions.ts'
import { carryText, readCarriedText } from './carried-text.ts'
import { closeExchange } from './close-exchange.ts'
import { exchangesContract } from './contract.ts'
import { findPractitioners } from './find-practitioners.ts'
import { countExchanges, listExchanges } from './list-exchanges.ts'
import { listMotifs } from './list-motifs.ts'
import { openExchange } from './open-exchange.ts'
import type { Parts } from './parts.ts'
import { listDrafts, readDraft } from './read-draft.ts'
import { readExchange } from './read-exchange.ts'
import { sendMessage } from './send-message.ts'
import { takePatientInHand } from './take-patient-in-hand.ts'
import { createDraft, deleteDraft, saveDraft } from './write-draft.ts'

export function exchangesRoutes(
  parts: Parts,
  sessions: Sessions,
  sessionCookie: (request: never) => string | null,
): Route[] {
  return routes(exchangesContract, {
    'GET /api/exchanges': ({ principal, query }) => listExchanges(parts, principal, query.folder, query.cursor),
    'GET /api/exchanges/counters': ({ principal }) => countExchanges(parts, principal),
    'GET /api/motifs': async ({ principal }) => ({ motifs: await listMotifs(parts, principal) }),
    'POST /api/practitioners/search': async ({ body }) => ({
      practitioners: await findPractitioners(parts, body.query),
    }),
    'POST /api/exchanges': ({ principal, idempotencyKey, body }) =>
      openExchange(parts, principal, idempotencyKey, body),
    'GET /api/exchanges/:exchangeId': ({ principal, params, query }) =>
      readExchange(parts, principal, params.exchangeId, query.before),
    'POST /api/exchanges/:exchangeId/messages': ({ principal, idempotencyKey, params, body }) =>
      sendMessage(parts, principal, idempotencyKey, params.exchangeId, body),
    'POST /api/exchanges/:exchangeId/closure': ({ principal, idempotencyKey, params }) =>
      closeExchange(parts, principal, idempotencyKey, params.exchangeId),
    'POST /api/exchanges/:exchangeId/patient': ({ principal, params }) =>
      takePatientInHand(parts, principal, params.exchangeId),
    'POST /api/exchanges/carried-texts': ({ principal, idempotencyKey, body }) =>
      carryText(parts, principal, idempotencyKey, body.text),
    'GET /api/exchanges/carried-texts/:carriedId': ({ principal, params }) =>
      readCarriedText(parts, principal, params.carriedId),
    'GET /api/drafts': ({ principal }) => listDrafts(parts, principal),
    'POST /api/drafts': ({ principal, idempotencyKey, body }) => createDraft(parts, principal, idempotencyKey, body),
    'GET /api/drafts/:draftId': ({ principal, params }) => readDraft(parts, principal, params.draftId),
    'PUT /api/drafts/:draftId': ({ principal, params, body }) => saveDraft(parts, principal, params.draftId, body),
    'DELETE /api/drafts/:draftId': async ({ principal, params }) => {
      await deleteDraft(parts, principal, params.draftId)
      return undefined
    },
    'GET /api/live': async ({ principal, request, reply }) => {
      const cookie = sessionCookie(request as never)
      reply.hijack()
      parts.live.follow(
        reply.raw,
        principal,
        // What is held may have changed: the browser comes back with a stream that follows it.
        async () => sameHeld(principal, cookie ? await sessions.find(cookie) : null),
      )
      return undefined
    },
  })
}

function sameHeld(before: Principal, now: Principal | null): boolean {
  if (!now || now.boxes.length !== before.boxes.length) return false
  if (now.motifs?.toSorted().join() !== before.motifs?.toSorted().join()) return false
  const held = new Set(before.boxes)
  return now.boxes.every((box) => held.has(box))
}
