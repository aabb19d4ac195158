// The OpenAPI 3.1 document, made from the contracts: nothing is declared twice.
import { z } from 'zod'
import { IDEMPOTENCY_KEY, type Right } from './contract.ts'
import type { Route } from './routes.ts'

type Json = Record<string, unknown>
const MEDIA_TYPES = { json: 'application/json', form: 'application/x-www-form-urlencoded' }
const IdempotencyKey = { type: 'string', format: 'uuid', pattern: IDEMPOTENCY_KEY.source }

/** Rights that count from the place acted from. */
const PLACED = new Set<Right>(['practitioner', 'party'])

/** Every problem by code, for the shared answer of refusals. */
export type ProblemList = Record<string, { status: number; title: string }>

const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    faults: z.array(z.strictObject({ pointer: z.string(), code: z.string(), detail: z.string() })).optional(),
    requestId: z.string(),
  })
  .meta({ id: 'Problem' })

/** @param problems every code the product may answer with */
export function openApi(routes: Route[], problems: ProblemList, publicUrl: string): Json {
  const components: Record<string, unknown> = {}
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
    const json = z.toJSONSchema(schema, {
      io,
      target: 'draft-2020-12',
      unrepresentable: 'any',
      reused: 'inline',
      cycles: 'ref',
    }) as Json & { $defs?: Record<string, Json> }
    const { $defs, $schema: _schema, ...rest } = json
    for (const [name, definition] of Object.entries($defs ?? {})) components[name] ??= toComponents(definition)
    return toComponents(rest) as Json
  }
  const problemSchema = schemaOf(Problem, 'output')
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const { operation } = route
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}')
    const status = operation.status ?? (operation.response || operation.kind === 'events' ? 200 : 204)
    paths[path] ??= {}
    paths[path][route.method.toLowerCase()] = {
      operationId: operation.operationId,
      summary: operation.summary,
      ...(operation.level === 'none' ? { security: [] } : {}),
      'x-level': operation.level,
      'x-right': operation.right,
      ...(PLACED.has(operation.right) ? { 'x-scope': operation.scope ?? 'send' } : {}),
      parameters: [
        ...parameters('path', operation.params, schemaOf),
        ...parameters('query', operation.query, schemaOf),
        ...(operation.idempotent
          ? [{ name: 'Idempotency-Key', in: 'header', required: true, schema: IdempotencyKey }]
          : []),
      ],
      ...(operation.body && {
        requestBody: {
          required: true,
          content: { [MEDIA_TYPES[operation.consumes ?? 'json']]: { schema: schemaOf(operation.body, 'input') } },
        },
      }),
      responses: {
        [status]: {
          description: status === 302 ? 'Redirection' : 'Done',
          ...(operation.response && {
            content: { 'application/json': { schema: schemaOf(operation.response, 'output') } },
          }),
          ...(operation.kind === 'page' && { content: { 'text/html': { schema: { type: 'string' } } } }),
          ...(operation.kind === 'events' && { content: { 'text/event-stream': { schema: { type: 'string' } } } }),
        },
        ...refusalsOf(route, problems, problemSchema),
        default: refused(problemSchema),
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Consilium',
      version: '1',
      description: 'Secure medical exchanges between practitioners and the service médical of a health-insurance body.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    security: [{ session: [] }],
    paths,
    components: {
      schemas: components,
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: '__Host-consilium' } },
    },
    'x-problems': problems,
  }
}

function refused(schema: Json, codes?: string[]): Json {
  return {
    description: codes ? `Refused: ${codes.join(', ')}` : 'Refused, with a stable code (see x-problems)',
    ...(codes && { 'x-codes': codes }),
    content: { 'application/problem+json': { schema } },
  }
}

/** The refusals that come from who one is, and those that the operation itself declares, by status. */
function refusalsOf({ method, operation }: Route, problems: ProblemList, schema: Json): Json {
  const { level, right } = operation
  const codes: string[] = []
  if (level !== 'none') codes.push('session-required')
  if (level !== 'none' || method !== 'GET') codes.push('origin-refused')
  if (level === 'low2' || level === 'substantial') codes.push('level-insufficient')
  if (right !== 'anyone' && right !== 'signedIn') codes.push('right-missing')
  if (PLACED.has(right)) codes.push('place-required')
  if (PLACED.has(right) && operation.scope !== 'headers') codes.push('delegation-scope')
  codes.push(...(operation.refusals ?? []))
  const byStatus = Map.groupBy(codes, (code) => problems[code]!.status)
  return Object.fromEntries([...byStatus].map(([status, list]) => [status, refused(schema, list)]))
}

function parameters(
  where: string,
  schema: z.ZodType | undefined,
  schemaOf: (s: z.ZodType, io: 'input') => Json,
): Json[] {
  if (!schema) return []
  const json = schemaOf(schema, 'input') as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(json.properties ?? {}).map(([name, definition]) => ({
    name,
    in: where,
    required: where === 'path' || (json.required ?? []).includes(name),
    schema: definition,
  }))
}

/** zod points at `#/$defs/X`; OpenAPI keeps them under components. */
function toComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toComponents)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'id' || typeof (value as Json).id !== 'string')
      .map(([key, inner]) => [
        key,
        key === '$ref' && typeof inner === 'string'
          ? inner.replace('#/$defs/', '#/components/schemas/')
          : toComponents(inner),
      ]),
  )
}
