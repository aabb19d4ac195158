// The OpenAPI document of a running server, as the fuzzer needs it.
import type { Schema, Schemas } from './schema.ts'

export type Parameter = { name: string; required: boolean; schema: Schema }
export type ApiRoute = {
  /** « PUT /api/drafts/{draftId} ». */
  name: string
  method: string
  path: string
  level: 'none' | 'low' | 'low2' | 'substantial'
  right:
    | 'anyone'
    | 'signedIn'
    | 'practitioner'
    | 'adviser'
    | 'party'
    | 'practice'
    | 'agent'
    | 'administrator'
    | 'auditor'
  params: Parameter[]
  query: Parameter[]
  idempotencyKey: Schema | null
  body: Schema | null
  /** It takes a form, which is never sent here. */
  form: boolean
  /** Refusals that the document declares for it. */
  codes: string[]
  success: { status: number; type: string | null; schema: Schema | null }
}
export type ApiDocument = {
  routes: ApiRoute[]
  schemas: Schemas
  problems: Record<string, { status: number; title: string }>
}

type Content = Record<string, { schema: Schema }>
type Operation = {
  parameters: (Parameter & { in: string })[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content; 'x-codes'?: string[] }>
  'x-level': ApiRoute['level']
  'x-right': ApiRoute['right']
}

/** @param json the answer of GET /api/openapi.json */
export function readDocument(json: unknown): ApiDocument {
  const document = json as {
    paths: Record<string, Record<string, Operation>>
    components: { schemas: Schemas }
    'x-problems': ApiDocument['problems']
  }
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => readRoute(method.toUpperCase(), path, operation)),
  )
  return { routes, schemas: document.components.schemas, problems: document['x-problems'] }
}

function readRoute(method: string, path: string, operation: Operation): ApiRoute {
  const of = (where: string) => operation.parameters.filter((parameter) => parameter.in === where)
  const [status, answer] = Object.entries(operation.responses).find(([code]) => /^[23]/.test(code))!
  const [type, content] = Object.entries(answer.content ?? {})[0] ?? []
  return {
    name: `${method} ${path}`,
    method,
    path,
    level: operation['x-level'],
    right: operation['x-right'],
    params: of('path'),
    query: of('query'),
    idempotencyKey: of('header').find(({ name }) => name === 'Idempotency-Key')?.schema ?? null,
    body: operation.requestBody?.content['application/json']?.schema ?? null,
    form: operation.requestBody?.content['application/x-www-form-urlencoded'] !== undefined,
    codes: Object.values(operation.responses).flatMap((each) => each['x-codes'] ?? []),
    success: { status: Number(status), type: type ?? null, schema: content?.schema ?? null },
  }
}
