import { type Route, routes } from '../../platform/http/routes.ts'
import { answerInquiry } from './answer-inquiry.ts'
import { contactContract } from './contract.ts'
import { handleInquiry } from './handle-inquiry.ts'
import { listInquiries } from './list-inquiries.ts'
import { listDestinations, listOrganisms, readCoordinates } from './list-organisms.ts'
import type { Parts } from './parts.ts'
import { listQueue, readQueueInquiry } from './queue.ts'
import { readInquiry } from './read-inquiry.ts'
import { readStatistics } from './read-statistics.ts'
import { redirectInquiry } from './redirect-inquiry.ts'
import { sendInquiry } from './send-inquiry.ts'

export function contactRoutes(parts: Parts): Route[] {
  return routes(contactContract, {
    'GET /api/contact/organisms': ({ principal }) => listOrganisms(parts, principal),
    'GET /api/contact/organisms/:organismId': async ({ params }) => readCoordinates(parts, params.organismId),
    'POST /api/contact/inspections': async ({ body }) => ({ findings: parts.detector.find(body.text) }),
    'POST /api/contact/inquiries': ({ principal, idempotencyKey, body }) =>
      sendInquiry(parts, principal, idempotencyKey, body),
    'GET /api/contact/inquiries': ({ principal, query }) => listInquiries(parts, principal, query.cursor),
    'GET /api/contact/inquiries/:inquiryId': ({ principal, params }) => readInquiry(parts, principal, params.inquiryId),
    'GET /api/contact/queue': ({ principal, query }) => listQueue(parts, principal, query.folder, query.cursor),
    'GET /api/contact/queue/:inquiryId': ({ principal, params }) =>
      readQueueInquiry(parts, principal, params.inquiryId),
    'POST /api/contact/queue/:inquiryId/taking': ({ principal, params }) =>
      handleInquiry(parts, principal, 'take', params.inquiryId),
    'POST /api/contact/queue/:inquiryId/answers': ({ principal, idempotencyKey, params, body }) =>
      answerInquiry(parts, principal, idempotencyKey, params.inquiryId, body.text),
    'POST /api/contact/queue/:inquiryId/redirection': ({ principal, params, body }) =>
      redirectInquiry(parts, principal, params.inquiryId, body.organismId),
    'POST /api/contact/queue/:inquiryId/return': ({ principal, params }) =>
      handleInquiry(parts, principal, 'return', params.inquiryId),
    'POST /api/contact/queue/:inquiryId/closure': ({ principal, params }) =>
      handleInquiry(parts, principal, 'close', params.inquiryId),
    'GET /api/contact/destinations': async () => ({ organisms: listDestinations(parts) }),
    'GET /api/contact/models': async () => ({ models: parts.reference.models }),
    'GET /api/contact/statistics': ({ principal }) => readStatistics(parts, principal),
  })
}
