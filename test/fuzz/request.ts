// A plan made into bytes, and what the document says of it: to be refused, allowed, or left open.
import type { ApiDocument, ApiRoute } from './document.ts'
import { fill, fillAll, jsonText } from './placeholders.ts'
import { type Plan, spoilt } from './plans.ts'
import type { Kind, Scene } from './scene.ts'
import { faultOf, type Schema } from './schema.ts'

export type Verdict = { must: 'refuse' | 'allow' | 'any'; why: string }
export type Request = {
  bytes: Buffer
  verdict: Verdict
  kind: Kind
  route: ApiRoute
  /** As filled in. */
  params: Record<string, string>
}

/** Bytes of a body that every route refuses, from here on. */
const BODY_MAX = 64 * 1024
/** Of the whole head; more and the server need not read on. */
const HEAD_MAX = 16 * 1024

export function requestOf(
  plan: Plan,
  { route, document, scene, cookie }: { route: ApiRoute; document: ApiDocument; scene: Scene; cookie: string | null },
): Request {
  const { kind } = plan
  const say = (text: string) => fill(text, scene, kind)
  const params = Object.fromEntries(Object.entries(plan.params).map(([name, value]) => [name, say(value)]))
  const query = plan.query.map(([name, value]): [string, string] => [name, say(value)])
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encoded(params[name] ?? ''))
  const search = query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')
  const own: [string, string][] = plan.headers.map(([name, value]) => [name, say(value)])
  const given = new Set(own.map(([name]) => name))
  const body = 'body' in plan ? spoilt(jsonText(fillAll(plan.body, scene, kind)), plan.spoil) : null
  const payload = body === null ? null : Buffer.from(body)
  const origin: [string, string][] = route.method === 'GET' ? [] : [['origin', scene.url]]
  const returning = query.some(([name, value]) => name === 'state' && scene.own[kind].state?.includes(value))
  const cookies = [
    ...(cookie ? [`${scene.cookieName}=${cookie}`] : []),
    ...(returning ? [`${scene.cookieName}-sign-in=${scene.own[kind].browser!.at(-1)}`] : []),
  ]
  const headers: [string, string][] = [
    ['host', new URL(scene.url).host],
    ['connection', 'close'],
    ...(cookies.length > 0 ? [['cookie', cookies.join('; ')] as [string, string]] : []),
    ...origin,
  ]
  const all = [...headers.filter(([name]) => !given.has(name)), ...own]
  if (payload) all.push(['content-length', String(payload.length)])
  const head = [
    `${route.method} ${path}${search ? `?${search}` : ''} HTTP/1.1`,
    ...all.map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n')
  const bytes = Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), payload ?? Buffer.alloc(0)])
  const asked = { plan, route, document, params, query, headers: all, headBytes: head.length, body, payload }
  return { bytes, verdict: verdictOf(asked, scene), kind, route, params }
}

type Asked = {
  plan: Plan
  route: ApiRoute
  document: ApiDocument
  params: Record<string, string>
  query: [string, string][]
  headers: [string, string][]
  headBytes: number
  body: string | null
  payload: Buffer | null
}

const refuse = (why: string): Verdict => ({ must: 'refuse', why })
const any = (why: string): Verdict => ({ must: 'any', why })

function verdictOf(asked: Asked, scene: Scene): Verdict {
  const { plan, route } = asked
  if (!mayCall(plan.kind, route)) return refuse(`${plan.kind} may not call it`)
  if (asked.headBytes > HEAD_MAX) return any('head too large')
  const found = [ofHeaders(asked, scene), ofParams(asked), ofQuery(asked), ofKey(asked), ofBody(asked)]
  return (
    found.find((one) => one?.must === 'refuse') ??
    found.find((one) => one?.must === 'any') ?? { must: 'allow', why: 'the document allows it' }
  )
}

/** Rights held by each kind, besides `anyone` and `signedIn`. */
const HELD: Record<Kind, ApiRoute['right'][]> = {
  stranger: [],
  password: ['practitioner', 'party', 'practice'],
  noPlace: ['practice'],
  notAdmitted: ['practice'],
  agent: ['agent'],
  administrator: ['administrator'],
  auditor: ['auditor'],
  practitioner: ['practitioner', 'party', 'practice'],
  adviser: ['adviser', 'party'],
  otherAdviser: ['adviser', 'party'],
}

/** Level and right as the document tells them. */
export function mayCall(kind: Kind, { level, right }: ApiRoute): boolean {
  if (level === 'none' && right === 'anyone') return true
  if (kind === 'stranger') return false
  if (kind === 'password' && level !== 'low') return false
  return right === 'anyone' || right === 'signedIn' || HELD[kind].includes(right)
}

function ofHeaders({ plan, route, headers }: Asked, scene: Scene): Verdict | null {
  const of = (name: string) => headers.findLast(([each]) => each === name)?.[1]
  const guarded = route.method !== 'GET' || route.level !== 'none'
  const origin = of('origin')
  if (guarded && origin !== undefined && origin !== '' && origin !== scene.url) return refuse('from another origin')
  const site = of('sec-fetch-site')
  if (guarded && /^(cross-site|same-site)$/.test(site ?? '')) return refuse('from another site')
  const usual = new Set(['host', 'connection', 'cookie', 'origin', 'content-type', 'idempotency-key', 'content-length'])
  const changed = plan.headers.some(([name]) => !usual.has(name) || ['cookie', 'host', 'origin'].includes(name))
  return changed ? any('odd headers') : null
}

function ofParams({ route, params, document }: Asked): Verdict | null {
  for (const { name, schema } of route.params) {
    const given = params[name] ?? ''
    let value = given
    if (given.startsWith('raw:')) {
      const text = given.slice(4)
      if (/[/?#*]|[^!-~]/.test(text)) return any('another address, or none')
      const decoded = decodedOf(text)
      if (decoded === null) return refuse(`path/${name} cannot be decoded`)
      value = decoded
    }
    if (!value.isWellFormed()) return any('a lone surrogate cannot be sent')
    const fault = faultOf(schema, value, document.schemas)
    // An empty one makes another address.
    if (value === '') return any(`path/${name} is empty`)
    if (fault) return refuse(`path/${name} ${fault}`)
  }
  return null
}

function ofQuery({ route, query, document }: Asked): Verdict | null {
  let open: Verdict | null = null
  for (const { name, schema, required } of route.query) {
    const values = query.filter(([each]) => each === name).map(([, value]) => value)
    if (values.length === 0 && required) return refuse(`query/${name} missing`)
    if (values.length > 1) return refuse(`query/${name} repeated`)
    const [value] = values
    if (value === undefined) continue
    if (value.startsWith('raw:') || !value.isWellFormed()) open = any('an odd encoding')
    else {
      const fault = faultOf(schema, typed(schema, value), document.schemas)
      if (fault) return refuse(`query/${name} ${fault}`)
    }
  }
  // OpenAPI cannot say whether others are welcome.
  if (query.some(([name]) => !route.query.some((parameter) => parameter.name === name))) return any('an unknown query')
  return open
}

/** The number that a text of a query stands for, where the schema asks for one. */
function typed(schema: Schema, value: string): unknown {
  return schema.type === 'integer' && /^-?\d+$/.test(value) ? Number(value) : value
}

function ofKey({ route, headers, document }: Asked): Verdict | null {
  if (!route.idempotencyKey) return null
  const keys = headers.filter(([name]) => name === 'idempotency-key')
  if (keys.length === 0) return refuse('no idempotency key')
  if (keys.length > 1) return refuse('two idempotency keys')
  const fault = faultOf(route.idempotencyKey, keys[0]![1], document.schemas)
  return fault ? refuse(`idempotency key ${fault}`) : null
}

function ofBody({ route, body, payload, headers, document }: Asked): Verdict | null {
  if (payload && payload.length > BODY_MAX) return refuse('body too large')
  if (route.form) return refuse('no form')
  if (!route.body) return body === null ? null : any('a body nobody asked for')
  if (body === null) return refuse('no body')
  const type = headers.find(([name]) => name === 'content-type')?.[1]
  if (type === undefined || !/^application\/json/.test(type) || /^application\/json\w/.test(type)) {
    return refuse(`content type ${type}`)
  }
  if (type !== 'application/json') return any('an odd content type')
  if (body.startsWith('\ufeff')) return any('a byte order mark')
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return refuse('body is no JSON')
  }
  const fault = faultOf(route.body, value, document.schemas)
  if (fault) return refuse(`body ${fault}`)
  return wellFormed(value) ? null : any('a lone surrogate')
}

function wellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (value === null || typeof value !== 'object') return true
  return Object.entries(value).every(([name, inner]) => name.isWellFormed() && wellFormed(inner))
}

function decodedOf(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Percent-encoded, lone surrogates as the bytes they would be; `raw:` as it is written. */
function encoded(text: string): string {
  // A space or a line end would end the request line itself: that is for the tests of the wire.
  if (text.startsWith('raw:')) return Buffer.from(text.slice(4)).toString('latin1').replaceAll(/[\s]/g, '%20')
  return [...text].map((point) => (point.isWellFormed() ? encodeURIComponent(point) : '%ED%A0%80')).join('')
}
