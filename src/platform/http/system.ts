// What the product says of itself: health, the OpenAPI document and its readable page, the page of each error.
import { z } from 'zod'
import { type Database, statement } from '../database/database.ts'
import { contract } from './contract.ts'
import { openApi, type ProblemList } from './openapi.ts'
import { refuse } from './problem.ts'
import { problemPage, referencePage } from './reference-page.ts'
import { type Route, routes } from './routes.ts'

export const systemContract = contract({
  'GET /api/health': {
    operationId: 'getHealth',
    summary: 'Whether everything is ready; 503 while it is not',
    level: 'none',
    right: 'anyone',
    response: z.strictObject({ status: z.literal('ok') }),
  },
  'GET /api/openapi.json': {
    operationId: 'getOpenApi',
    summary: 'This document',
    level: 'none',
    right: 'anyone',
    response: z.looseObject({}),
  },
  'GET /api/reference': {
    operationId: 'readReference',
    summary: 'This document as a readable page',
    level: 'none',
    right: 'anyone',
    kind: 'page',
    status: 200,
  },
  'GET /docs/errors/:code': {
    operationId: 'readProblem',
    summary: 'What a stable error code means, and what to do',
    level: 'none',
    right: 'anyone',
    kind: 'page',
    status: 200,
    params: z.strictObject({ code: z.string().max(60) }),
  },
})

const ALIVE = statement('system.alive', 'select 1')

/** @param services every other route: the document describes all of them */
export function systemRoutes(parts: {
  database: Database
  services: Route[]
  problems: ProblemList
  publicUrl: string
}): Route[] {
  let document: Record<string, unknown> | null = null
  const all: Route[] = []
  const describe = () => {
    document ??= openApi(all, parts.problems, parts.publicUrl)
    return document
  }
  const own = routes(systemContract, {
    'GET /api/health': async () => {
      await Promise.all([parts.database.medical.run(ALIVE), parts.database.administrative.run(ALIVE)])
      return { status: 'ok' as const }
    },
    'GET /api/openapi.json': async () => describe(),
    'GET /api/reference': async ({ reply }) => {
      sendPage(reply, referencePage(describe()))
      return undefined
    },
    'GET /docs/errors/:code': async ({ params, reply }) => {
      // Own codes only: « constructor » is no problem of ours.
      const problem = Object.hasOwn(parts.problems, params.code) ? parts.problems[params.code] : undefined
      if (!problem) throw refuse('not-found')
      sendPage(reply, await problemPage(params.code, problem))
      return undefined
    },
  })
  all.push(...own, ...parts.services)
  return own
}

function sendPage(
  reply: { header(name: string, value: string): unknown; type(t: string): { send(html: string): unknown } },
  html: string,
) {
  reply.header(
    'content-security-policy',
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  reply.type('text/html; charset=utf-8').send(html)
}
