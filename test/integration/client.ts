// A small HTTP client for the tests: one person, one cookie, the calls of the contracts.
import assert from 'node:assert/strict'
import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import type { CallOf, Operation } from '../../src/platform/http/contract.ts'
import type { accountsContract } from '../../src/services/accounts/contract.ts'
import type { cardsContract } from '../../src/services/cards/contract.ts'
import type { contactContract } from '../../src/services/contact/contract.ts'
import type { delegationsContract } from '../../src/services/delegations/contract.ts'
import type { exchangesContract } from '../../src/services/exchanges/contract.ts'
import type { passwordsContract } from '../../src/services/passwords/contract.ts'
import type { patientsContract } from '../../src/services/patients/contract.ts'

type All = typeof accountsContract &
  typeof cardsContract &
  typeof passwordsContract &
  typeof delegationsContract &
  typeof patientsContract &
  typeof exchangesContract &
  typeof contactContract
export type RouteName = keyof All & string
type Response<K extends RouteName> = All[K] extends Operation ? CallOf<All[K]>['response'] : never

export type Answer<Body = unknown> = {
  status: number
  headers: IncomingHttpHeaders
  text: string
  json: Body
  /** Code of a refusal. */
  code: string | undefined
  problem: { code: string; title: string; status: number; faults?: { pointer: string; code: string }[] } & Record<
    string,
    unknown
  >
}

export type CallOptions = {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
  /** Idempotency-Key; a fresh one unless told. */
  key?: string | null
  passive?: boolean
  headers?: Record<string, string | undefined>
}

export type ServerEvent = { event: string; data: Record<string, unknown> }
export type EventStream = {
  events: ServerEvent[]
  /** Waits for the next event that fits, from those not waited for yet. */
  next(fits?: (event: ServerEvent) => boolean, timeoutMs?: number): Promise<ServerEvent>
  ended: Promise<void>
  close(): void
}

export type Client = {
  cookie: string | null
  /** Calls a route and gives whatever comes back. */
  call<K extends RouteName>(route: K, options?: CallOptions): Promise<Answer<Response<K>>>
  /** Calls a route that must succeed, and gives its body. */
  do<K extends RouteName>(route: K, options?: CallOptions): Promise<Response<K>>
  /** Sends bytes as they are. */
  raw(
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; body?: string | Buffer },
  ): Promise<Answer>
  /** The same person through another server on the same database. */
  at(url: string): Client
  live(): Promise<EventStream>
}

const agent = new Agent({ keepAlive: true, maxSockets: 50 })

/** @param origin public address of the portal, when `url` is that of another server behind it */
export function createClient(url: string, cookieName: string, cookie: string | null, origin = url): Client {
  const { hostname, port } = new URL(url)
  const cookies: Record<string, string> = cookie ? { cookie: `${cookieName}=${cookie}` } : {}

  function raw(
    method: string,
    path: string,
    { headers = {}, body }: { headers?: Record<string, string>; body?: string | Buffer } = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { agent, hostname, port, method, path, headers: { ...cookies, ...headers } },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk) => chunks.push(chunk))
          incoming.on('error', reject)
          incoming.on('end', () => {
            const text = Buffer.concat(chunks).toString()
            const isJson = /json/.test(incoming.headers['content-type'] ?? '') && text !== ''
            const json = isJson ? JSON.parse(text) : undefined
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              text,
              json,
              code: json?.code,
              problem: json,
            })
          })
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }

  const client: Client = {
    cookie,
    raw,
    async call(route, { params = {}, query, body, key, passive, headers = {} } = {}) {
      const [method, pattern] = route.split(' ') as [string, string]
      const path = pattern.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''))
      const search = query ? `?${new URLSearchParams(query)}` : ''
      const sent: Record<string, string | undefined> = {
        ...(method !== 'GET' && { origin, 'sec-fetch-site': 'same-origin' }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(method === 'POST' && key !== null && { 'idempotency-key': key ?? crypto.randomUUID() }),
        ...(passive && { 'x-consilium-passive': '1' }),
        ...headers,
      }
      const known = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined))
      return (await raw(method, path + search, {
        headers: known as Record<string, string>,
        body: body === undefined ? undefined : JSON.stringify(body),
      })) as Answer<never>
    },
    async do(route, options) {
      const answer = await client.call(route, options)
      assert.ok(
        answer.status >= 200 && answer.status < 300,
        `${route} answered ${answer.status} ${answer.code ?? ''} ${JSON.stringify(answer.problem?.faults ?? [])}`,
      )
      return answer.json
    },
    at: (other) => createClient(other, cookieName, cookie, origin),
    live: () => follow(hostname, port, cookies),
  }
  return client
}

function follow(hostname: string, port: string, headers: Record<string, string>): Promise<EventStream> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path: '/api/live', headers, agent: false }, (incoming) => {
      if (incoming.statusCode !== 200) {
        incoming.resume()
        return reject(new Error(`/api/live answered ${incoming.statusCode}`))
      }
      const events: ServerEvent[] = []
      const waiting: (() => void)[] = []
      let waitedFor = 0
      let rest = ''
      let end = () => {}
      const ended = new Promise<void>((done) => {
        end = done
      })
      incoming.setEncoding('utf8')
      incoming.on('error', () => {})
      incoming.on('close', end)
      incoming.on('data', (chunk: string) => {
        const blocks = (rest + chunk).split('\n\n')
        rest = blocks.pop() ?? ''
        for (const block of blocks) {
          const event = /^event: (.*)$/m.exec(block)?.[1]
          const data = /^data: (.*)$/m.exec(block)?.[1]
          if (event) events.push({ event, data: data ? JSON.parse(data) : {} })
        }
        for (const wake of waiting.splice(0)) wake()
      })
      const stream: EventStream = {
        events,
        ended,
        close: () => outgoing.destroy(),
        async next(fits = () => true, timeoutMs = 5000) {
          const deadline = Date.now() + timeoutMs
          for (;;) {
            while (waitedFor < events.length) {
              const event = events[waitedFor++]!
              if (fits(event)) return event
            }
            const left = deadline - Date.now()
            if (left <= 0) throw new Error(`no such event within ${timeoutMs} ms`)
            await new Promise<void>((wake) => {
              const timer = setTimeout(wake, left)
              waiting.push(() => {
                clearTimeout(timer)
                wake()
              })
            })
          }
        },
      }
      // Open means followed: what changes from now on is told.
      stream.next((event) => event.event === 'open').then(() => resolve(stream), reject)
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}
