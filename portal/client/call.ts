// The typed client: operations and their shapes come from the services' contracts (types only, nothing is bundled).
import type { CallOf, Operation } from '../../src/platform/http/contract.ts'
import type { accountsContract } from '../../src/services/accounts/contract.ts'
import type { cardsContract } from '../../src/services/cards/contract.ts'
import type { contactContract } from '../../src/services/contact/contract.ts'
import type { delegationsContract } from '../../src/services/delegations/contract.ts'
import type { exchangesContract } from '../../src/services/exchanges/contract.ts'
import type { passwordsContract } from '../../src/services/passwords/contract.ts'
import type { patientsContract } from '../../src/services/patients/contract.ts'
import { NetworkFailure, readProblem } from './problem.ts'

type Operations = typeof accountsContract &
  typeof cardsContract &
  typeof passwordsContract &
  typeof delegationsContract &
  typeof patientsContract &
  typeof exchangesContract &
  typeof contactContract
export type OperationName = keyof Operations
type Call<K extends OperationName> = Operations[K] extends Operation ? CallOf<Operations[K]> : never
type Part<Name extends string, T> = [T] extends [undefined] ? { [P in Name]?: undefined } : { [P in Name]: T }
type Key<K extends OperationName> = Operations[K] extends { idempotent: true }
  ? { idempotencyKey: string }
  : { idempotencyKey?: undefined }

export type CallOptions<K extends OperationName> = Part<'params', Call<K>['params']> &
  Part<'query', Call<K>['query']> &
  Part<'body', Call<K>['body']> &
  Key<K> & {
    /** Not a gesture of the person (live refresh, saving without keystroke): does not prolong the session. */
    passive?: boolean
    signal?: AbortSignal
  }
export type Answer<K extends OperationName> = Call<K>['response']

type Loose = {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  idempotencyKey?: string
  passive?: boolean
  signal?: AbortSignal
}

/** A server that hangs is as good as unreachable: the person is told, and what was asked is asked again. */
export const PATIENCE_MS = 15_000

let onSessionEnded: () => void = () => undefined
/** The session store hears every 401; the page stays as it is. */
export function whenSessionEnds(listener: () => void): void {
  onSessionEnded = listener
}

/** How far the server's clock is ahead of this computer's, as its last answer told. */
let ahead = 0
/** Now by the server's clock, to the second: the ends of a session are told by it. */
export const serverNow = (): number => Date.now() + ahead

/** "GET /api/patients/:patientId" with its parameters → the method and the address. */
export function addressOf(name: string, { params = {}, query = {} }: Loose): { method: string; url: string } {
  const [method = 'GET', path = '/'] = name.split(' ')
  const filled = path.replaceAll(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(params[key])))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) search.set(key, String(value))
  }
  const text = search.toString()
  return { method, url: text === '' ? filled : `${filled}?${text}` }
}

/**
 * Calls an operation of the API.
 * @throws ApiProblem when the server refuses (RFC 9457), NetworkFailure when it cannot be reached.
 */
export async function call<K extends OperationName>(
  name: K,
  ...[options]: Record<string, never> extends CallOptions<K> ? [options?: CallOptions<K>] : [options: CallOptions<K>]
): Promise<Answer<K>> {
  const loose = (options ?? {}) as Loose
  const { method, url } = addressOf(name, loose)
  const headers: Record<string, string> = { accept: 'application/json, application/problem+json' }
  if (loose.body !== undefined) headers['content-type'] = 'application/json'
  if (loose.idempotencyKey) headers['idempotency-key'] = loose.idempotencyKey
  if (loose.passive) headers['x-consilium-passive'] = '1'
  let response: Response
  let text: string
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), PATIENCE_MS)
  try {
    response = await fetch(url, {
      method,
      headers,
      body: loose.body === undefined ? undefined : JSON.stringify(loose.body),
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: loose.signal ? AbortSignal.any([loose.signal, limit.signal]) : limit.signal,
    })
    const told = Date.parse(response.headers.get('date') ?? '')
    if (!Number.isNaN(told)) ahead = told - Date.now()
    text = await response.text()
  } catch (cause) {
    if (loose.signal?.aborted) throw cause
    throw new NetworkFailure(cause)
  } finally {
    clearTimeout(timer)
  }
  if (!response.ok) {
    if (response.status === 401) onSessionEnded()
    throw readProblem(response.status, text)
  }
  if (text === '') return undefined as Answer<K>
  try {
    return JSON.parse(text) as Answer<K>
  } catch (cause) {
    throw new NetworkFailure(cause)
  }
}
