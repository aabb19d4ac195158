// The edge: every request passes the same gates, and every refusal leaves by the same door.
import type { Socket } from 'node:net'
import cookie from '@fastify/cookie'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { Logger } from 'pino'
import type { Principal } from '../sessions/principal.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { IDEMPOTENCY_KEY } from './contract.ts'
import type { Cookies } from './cookies.ts'
import { hangUpOn, refuseMalformed, SECURITY_HEADERS } from './malformed.ts'
import { problemDocument, Refusal, refuse } from './problem.ts'
import { checkRight } from './rights.ts'
import type { Call, Route } from './routes.ts'
import { validate } from './validation.ts'

export type Edge = {
  routes: Route[]
  sessions: Sessions
  cookies: Cookies
  /** Public origin; a writing request from another one is refused. */
  publicUrl: string
  /** Addresses of the reverse proxies whose X-Forwarded-For is believed; nobody's unless told. */
  proxies?: string[]
  log: Logger
  /** Answers are checked against their schemas (tests): a presenter that gives too much fails. */
  checkAnswers: boolean
  /** Asks whoever vouches for a session whether it still does; null when it does not, and the session is over. */
  recheck?: (principal: Principal, tolerant: boolean) => Promise<Principal | null>
  /** Told of each refused request by someone signed in, for the trace. */
  onRefusal?: (principal: Principal, route: Route, refusal: Refusal) => Promise<void>
}

/** Scheme and authority before a path. */
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i
const BODY_LIMIT = 64 * 1024

/** Builds the server; static files and the OpenAPI document are added by their own rooms. */
export function createServer(edge: Edge): FastifyInstance {
  const app = Fastify({
    loggerInstance: edge.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    trustProxy: edge.proxies?.length ? edge.proxies : false,
    // A prototype in a body is an attack, not data.
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    forceCloseConnections: true,
    // Time to send a whole request, so that slow ones do not pile up.
    requestTimeout: 30_000,
    genReqId: () => crypto.randomUUID(),
    routerOptions: { maxParamLength: 300 },
    clientErrorHandler: refuseMalformed,
    // Node would refuse a request without Host in silence; ours is not told apart by its name.
    http: { requireHostHeader: false },
    // A whole address, as to a proxy, is the same as its path (RFC 9112, 3.2.2); what follows may count on the slash.
    rewriteUrl: (request) => (request.url ?? '/').replace(ABSOLUTE, '').replace(/^(?!\/)/, '/'),
    // What is refused before any route, and would quote the address otherwise.
    frameworkErrors: (fault, request, reply) => {
      answerFault(fault, request as FastifyRequest, reply.headers(SECURITY_HEADERS) as unknown as FastifyReply)
    },
  })
  app.register(cookie)
  // Node by itself would hang up, or answer without a word.
  app.server.on('connect', (_request, socket: Socket) =>
    hangUpOn(socket, refuse('method-not-allowed'), { allow: 'GET' }),
  )
  app.server.on('checkExpectation', ({ socket }) => hangUpOn(socket, refuse('request-invalid')))

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS)
    reply.header('x-request-id', request.id)
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
    if (request.method !== 'GET' && request.method !== 'HEAD') checkOrigin(request, edge.publicUrl)
  })
  app.addHook('onResponse', async (request, reply) => {
    // The route's pattern, never the address: an address may hold what someone typed.
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    )
  })

  app.removeContentTypeParser('text/plain')
  app.setErrorHandler((fault, request, reply) => answerFault(fault, request, reply))

  app.after(() => {
    const [forms, others] = [true, false].map((form) =>
      edge.routes.filter(({ operation }) => (operation.consumes === 'form') === form),
    )
    for (const route of others!) addRoute(app, edge, route)
    // In a scope of its own: a form is read on these routes and nowhere else, and they read nothing else.
    app.register(async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, readForm)
      for (const route of forms!) addRoute(scope as unknown as FastifyInstance, edge, route)
    })
    refuseOtherMethods(app, edge.routes)
  })
  return app
}

/** The fields of a form, each given once: a name that comes twice has no meaning that two readers share. */
function readForm(
  _request: FastifyRequest,
  body: string | Buffer,
  done: (fault: Error | null, body?: unknown) => void,
) {
  const fields = [...new URLSearchParams(String(body))]
  const names = new Set(fields.map(([name]) => name))
  if (names.size !== fields.length) return done(refuse('request-invalid'))
  // From entries, a name like « __proto__ » is a field as any other.
  done(null, Object.fromEntries(fields))
}

function addRoute(app: FastifyInstance, edge: Edge, route: Route): void {
  const { operation } = route
  // Said by the types already; a route that reaches this line without them must not exist.
  if (!operation.level || !operation.right) throw new Error(`route without level or right: ${route.url}`)
  const status = operation.status ?? (operation.response ? 200 : 204)
  app.route({
    method: route.method,
    url: route.url,
    // Asking for the headers of a reading would be a reading, of which nobody sees anything.
    exposeHeadRoute: operation.level === 'none',
    bodyLimit: operation.bodyLimit ?? BODY_LIMIT,
    handler: async (request, reply) => {
      // Reading is an act: another site must not make a browser do it.
      if (operation.level !== 'none') checkOrigin(request, edge.publicUrl)
      const value = edge.cookies.session(request)
      if (value && request.method !== 'GET' && !saysItIsOurs(request, edge.publicUrl)) throw refuse('origin-refused')
      const found = value ? await edge.sessions.find(value) : null
      const tolerant = operation.right === 'anyone' || operation.right === 'signedIn'
      const principal = found && edge.recheck ? await edge.recheck(found, tolerant) : found
      try {
        checkRight(principal, operation)
        const call = {
          params: operation.params ? validate(operation.params, request.params, 'params') : undefined,
          query: operation.query ? validate(operation.query, request.query, 'query') : undefined,
          body: operation.body ? validate(operation.body, request.body ?? null, 'body') : undefined,
          principal,
          idempotencyKey: operation.idempotent ? idempotencyKey(request) : '',
          passive: request.headers['x-consilium-passive'] === '1',
          request,
          reply,
        } as unknown as Call
        if (principal && !call.passive && operation.kind !== 'events') await edge.sessions.touch(principal, request.ip)
        const answer = await route.handle(call)
        if (reply.sent || operation.kind === 'events') return reply
        if (operation.kind === 'redirect' || operation.kind === 'page') return reply
        if (edge.checkAnswers && operation.response) operation.response.parse(answer)
        reply.status(status)
        if (status === 204) return reply.send()
        return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer))
      } catch (fault) {
        if (fault instanceof Refusal && principal && fault.status < 500)
          await edge.onRefusal?.(principal, route, fault).catch(() => {})
        throw fault
      }
    },
  })
}

/** Cross-site request forgery is shut by the cookie's SameSite, and again here. */
function checkOrigin(request: FastifyRequest, publicUrl: string): void {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin !== undefined && origin !== publicUrl) throw refuse('origin-refused')
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refuse('origin-refused')
}

/**
 * Every browser that the portal runs in says where a writing request comes from. With a session and without that word,
 * it comes from something else than the portal's page.
 */
function saysItIsOurs({ headers }: FastifyRequest, publicUrl: string): boolean {
  return headers.origin === publicUrl || headers['sec-fetch-site'] === 'same-origin'
}

/** An address that exists, asked for by a method that it has not. */
function refuseOtherMethods(app: FastifyInstance, routes: Route[]): void {
  for (const url of new Set(routes.map((route) => route.url))) {
    const here = routes.filter((route) => route.url === url)
    const allowed: string[] = here.map((route) => route.method)
    if (here.some(({ method, operation }) => method === 'GET' && operation.level === 'none')) allowed.push('HEAD')
    app.route({
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => !allowed.includes(method)),
      url,
      exposeHeadRoute: false,
      handler: async (_request, reply) => {
        reply.header('allow', allowed.join(', '))
        throw refuse('method-not-allowed')
      },
    })
  }
}

function idempotencyKey(request: FastifyRequest): string {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)) throw refuse('idempotency-key-missing')
  return key.toLowerCase()
}

// What Fastify itself refuses, in our words.
const FASTIFY: Record<string, Parameters<typeof refuse>[0]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type-unsupported',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'json-malformed',
  FST_ERR_CTP_INVALID_JSON_BODY: 'json-malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'json-malformed',
  FST_ERR_BAD_URL: 'not-found',
  FST_ERR_MAX_PARAM_LENGTH: 'not-found',
}

function answerFault(fault: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (fault instanceof Refusal) {
    if (fault.status >= 500) request.log.error({ code: fault.code, cause: causeCode(fault.cause) }, 'refused')
    return sendProblem(reply, fault)
  }
  const { code, statusCode } = fault as { code?: string; statusCode?: number }
  const known = code ? FASTIFY[code] : undefined
  if (known) return sendProblem(reply, refuse(known))
  if (statusCode === 400 || fault instanceof SyntaxError) return sendProblem(reply, refuse('json-malformed'))
  // The message of an unforeseen fault may quote a value: only its kind and place are logged.
  request.log.error({ fault: faultKind(fault) }, 'unforeseen fault')
  return sendProblem(reply, refuse('internal-error'))
}

/** Sends a refusal as application/problem+json (RFC 9457). */
export function sendProblem(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { retryAfter } = refusal.extra
  if (refusal.status === 503) reply.header('retry-after', '2')
  else if (typeof retryAfter === 'number') reply.header('retry-after', String(retryAfter))
  return reply
    .status(refusal.status)
    .type('application/problem+json; charset=utf-8')
    .send(problemDocument(refusal, reply.request.id))
}

const causeCode = (cause: unknown) => (cause as { code?: unknown } | undefined)?.code ?? null

/** Name, code and stack lines of a fault, without its message. */
export function faultKind(fault: unknown): { name: string; code: unknown; at: string[] } {
  if (!(fault instanceof Error)) return { name: typeof fault, code: null, at: [] }
  const at = (fault.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
    .map((line) => line.trim())
  return { name: fault.name, code: (fault as { code?: unknown }).code ?? null, at }
}
