// Requests as plans: what the document allows, and the same with one thing wrong.
import fc from 'fast-check'
import type { ApiDocument, ApiRoute } from './document.ts'
import { FRESH_KEY, nested, rawJson, repeated, TYPED } from './placeholders.ts'
import { KINDS, type Kind } from './scene.ts'
import { allowed, strangeName, strangeParam, strangeQueryValue, weird } from './values.ts'

export type Plan = {
  kind: Kind
  params: Record<string, string>
  query: [name: string, value: string][]
  headers: [name: string, value: string][]
  /** Undefined: no body. */
  body?: unknown
  /** How the text of the body is spoilt. */
  spoil?: Spoil
}

const SPOILS = {
  whole: (text: string) => text,
  truncated: (text: string) => text.slice(0, -1),
  comma: (text: string) => `${text.slice(0, -1)},}`,
  quotes: (text: string) => text.replaceAll('"', "'"),
  comment: (text: string) => `/**/${text}`,
  mark: (text: string) => `\ufeff${text}`,
  doubled: (text: string) => text + text,
  spaces: (text: string) => ` \n\t${text}\r\n`,
  vertical: (text: string) => `\u000b${text}`,
  nul: (text: string) => `${text}\u0000`,
  empty: () => '',
  word: () => 'undefined',
  form: () => 'text=x&subject=y',
  huge: (text: string) => text + ' '.repeat(5_000_000),
} satisfies Record<string, (text: string) => string>
export type Spoil = keyof typeof SPOILS
export const spoilt = (text: string, how: Spoil = 'whole') => SPOILS[how](text)

export const JSON_TYPE: [string, string] = ['content-type', 'application/json']
const KEY = 'idempotency-key'

/** A request the document allows, as any kind of person. */
export function allowedPlan(route: ApiRoute, { schemas }: ApiDocument): fc.Arbitrary<Plan> {
  const values = (of: ApiRoute['params']) =>
    fc.record(Object.fromEntries(of.map(({ name, schema }) => [name, allowed(schema, schemas, name).map(String)])), {
      requiredKeys: of.filter(({ required }) => required).map(({ name }) => name),
      noNullPrototype: true,
    })
  const keys = fc.oneof({ weight: 9, arbitrary: fc.constant(FRESH_KEY) }, fc.uuid({ version: [1, 4, 7] }))
  // Those who may do most come most often.
  const kinds = fc.constantFrom<Kind>(...KINDS, 'practitioner', 'practitioner', 'adviser', 'adviser', 'otherAdviser')
  return fc
    .record({
      kind: kinds,
      params: values(route.params),
      query: values(route.query),
      key: keys,
      state: fc.boolean(),
      body: route.body ? allowed(route.body, schemas) : fc.constant(undefined),
    })
    .map(({ kind, params, query, key, state, body }) => ({
      kind,
      params: params as Record<string, string>,
      query: [
        ...Object.entries(query as Record<string, string>),
        // The return of an identity provider: a state that was really given out, now and then.
        ...(route.path.endsWith('/callback') && state ? RETURN : []),
      ],
      headers: [...(route.body ? [JSON_TYPE] : []), ...(route.idempotencyKey ? [[KEY, key] as [string, string]] : [])],
      ...(body === undefined ? {} : { body }),
    }))
}

const RETURN: [string, string][] = [
  ['state', '⟦state:own:0⟧'],
  ['code', TYPED],
]

/** The same with one thing wrong, wherever something can be. */
export function spoiltPlan(route: ApiRoute, document: ApiDocument): fc.Arbitrary<Plan> {
  const where = route.method === 'GET' ? [] : [spoilBody(route)]
  const params = route.params.length > 0 ? [spoilParam(route)] : []
  const many = [...where, ...where, ...params, spoilQuery(route), spoilHeader(route)]
  return fc.tuple(allowedPlan(route, document), fc.oneof(...many)).map(([plan, change]) => change(plan))
}

/** What each text and number of a request is sure to meet, as somebody who may call. */
const SURE: unknown[] = [
  ...['x\u0000y', '\u0000', 'x\ud800', '', ' ', TYPED, repeated('a', 10_001), repeated('😀', 10_001), nested(5000)],
  ...[
    null,
    0,
    -1,
    2 ** 31,
    1.5,
    true,
    [],
    {},
    ['x'],
    { length: { toString: null } },
    rawJson('1e400'),
    rawJson('{"__proto__":{}}'),
  ],
]

/** The cases of every run: every value at every place of a body, a query and a path. */
export function sureCases(route: ApiRoute, document: ApiDocument, kind: Kind): Plan[] {
  const [base] = fc.sample(allowedPlan(route, document), { seed: 1, numRuns: 1 })
  const plan: Plan = { ...base!, kind }
  const cases: Plan[] = [plan]
  for (const value of SURE) {
    for (let nth = 0; route.body && nth < nodes(plan.body); nth++)
      cases.push({ ...plan, body: edit(plan.body, nth, () => value) })
    if (typeof value !== 'string') continue
    for (const { name } of route.params) cases.push({ ...plan, params: { ...plan.params, [name]: value } })
    for (const { name } of [...route.query, { name: 'x' }]) {
      const others = plan.query.filter(([each]) => each !== name)
      for (const start of ['', '/']) cases.push({ ...plan, query: [...others, [name, start + value]] })
    }
  }
  if (!route.body) return cases
  for (const name of ['__proto__', 'constructor', 'x']) cases.push({ ...plan, body: withProperty(plan.body, name, 1) })
  for (const spoil of Object.keys(SPOILS) as Spoil[]) cases.push({ ...plan, spoil })
  return cases
}

type Change = fc.Arbitrary<(plan: Plan) => Plan>

function spoilBody(route: ApiRoute): Change {
  const at = fc.nat(20)
  const changes: Change[] = [
    fc.tuple(at, weird).map(([nth, value]) => (plan) => ({ ...plan, body: edit(plan.body, nth, () => value) })),
    fc.tuple(at, strangeName, weird).map(([nth, name, value]) => (plan) => ({
      ...plan,
      body: edit(plan.body ?? {}, nth, (node) => withProperty(node, name, value)),
    })),
    fc.constantFrom(...(Object.keys(SPOILS) as Spoil[])).map((spoil) => (plan) => ({ ...plan, spoil })),
    fc.constantFrom(...TYPES).map((type) => (plan) => ({
      ...plan,
      body: plan.body ?? {},
      headers: [
        ...plan.headers.filter(([name]) => name !== 'content-type'),
        ...(type === null ? [] : [['content-type', type] as [string, string]]),
      ],
    })),
  ]
  if (route.body) {
    changes.push(
      at.map((nth) => (plan) => ({ ...plan, body: withoutProperty(plan.body, nth) })),
      fc.constant(({ body: _body, ...plan }) => plan),
    )
  }
  return fc.oneof(...changes)
}

const TYPES = [
  ...['text/plain', 'text/json', 'application/jsonx', 'application/json-patch+json', 'application/problem+json', ''],
  ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', '*/*', ' ', ';'],
  ...[
    'application/json; charset=utf-16',
    'application/json;x="',
    'application/json, text/plain',
    'application/',
    'é/ü',
  ],
  null,
]

function spoilParam({ params }: ApiRoute): Change {
  return fc.tuple(fc.constantFrom(...params.map(({ name }) => name)), strangeParam).map(([name, value]) => (plan) => ({
    ...plan,
    params: { ...plan.params, [name]: value },
  }))
}

function spoilQuery({ query }: ApiRoute): Change {
  const names = [
    ...query.map(({ name }) => name),
    'x',
    '__proto__',
    'constructor',
    'folder[]',
    'state',
    'code',
    'error',
    'iss',
  ]
  return fc
    .tuple(fc.constantFrom(...names), strangeQueryValue, fc.constantFrom('replace', 'repeat', 'drop'))
    .map(([name, value, how]) => (plan) => {
      const others = how === 'repeat' ? plan.query : plan.query.filter(([each]) => each !== name)
      return { ...plan, query: how === 'drop' ? others : [...others, [name, value]] }
    })
}

const HEADERS: [string, string][] = [
  ...['https://evil.example', 'null', '', 'http://localhost', 'é'].map((value): [string, string] => ['origin', value]),
  ...['cross-site', 'same-site', 'none', 'x', ''].map((value): [string, string] => ['sec-fetch-site', value]),
  ...['evil.example', '', 'a b', '[', 'localhost:99999'].map((value): [string, string] => ['host', value]),
  ...['1', '0', 'true', '⟦1*9000⟧'].map((value): [string, string] => ['x-consilium-passive', value]),
  ['cookie', '__Host-consilium='],
  ['cookie', '__Host-consilium=%E0%A4%A; a=b'],
  ['cookie', '__proto__=1; constructor=2; =3; ;;;'],
  ['cookie', '__Host-consilium=\u0001\u00ff'],
  ['cookie', '__Host-consilium-sign-in=⟦a*8000⟧'],
  ['cookie', '__Host-consilium-sign-in=\u00e9%00'],
  ['cookie', '⟦a=b; *1500⟧'],
  ['idempotency-key', ''],
  ['idempotency-key', '⟦typed⟧'],
  ['idempotency-key', '00000000-0000-0000-0000-000000000000'],
  ['idempotency-key', '⟦a*9000⟧'],
  ['authorization', 'Bearer ⟦typed⟧'],
  ['accept', 'text/html;q=0.1, */*;q=x'],
  ['accept-encoding', 'br, gzip;q=9'],
  ['content-encoding', 'gzip'],
  ['if-none-match', '*'],
  ['range', 'bytes=0-1,5-'],
  ['x-forwarded-host', 'evil.example'],
  ['x-forwarded-for', '⟦typed⟧'],
  ['x-http-method-override', 'DELETE'],
  ['__proto__', 'x'],
  ['constructor', 'x'],
  ['x-a', '⟦\u00ff*7000⟧'],
  ['x-b', '⟦b*20000⟧'],
]

function spoilHeader({ idempotencyKey }: ApiRoute): Change {
  const changes: Change[] = [
    fc.constantFrom(...HEADERS).map((header) => (plan) => ({
      ...plan,
      headers: [...plan.headers.filter(([name]) => name !== header[0]), header],
    })),
  ]
  if (idempotencyKey) {
    changes.push(
      fc.constant((plan) => ({ ...plan, headers: plan.headers.filter(([name]) => name !== KEY) })),
      fc.constant((plan) => ({ ...plan, headers: [...plan.headers, [KEY, FRESH_KEY]] })),
    )
  }
  return fc.oneof(...changes)
}

/** A copy with the nth node (the root first, then as written) changed. */
function edit(value: unknown, nth: number, change: (node: unknown) => unknown): unknown {
  const count = nodes(value)
  let left = nth % count
  const walk = (node: unknown): unknown => {
    if (left-- === 0) return change(node)
    if (Array.isArray(node)) return node.map(walk)
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(Object.entries(node).map(([name, inner]) => [name, walk(inner)]))
  }
  return walk(value)
}

function nodes(value: unknown): number {
  if (value === null || typeof value !== 'object') return 1
  return Object.values(value).reduce((sum: number, inner) => sum + nodes(inner), 1)
}

function withProperty(node: unknown, name: string, value: unknown): unknown {
  const copy = node !== null && typeof node === 'object' && !Array.isArray(node) ? { ...node } : {}
  return Object.defineProperty(copy, name, { value, enumerable: true, configurable: true })
}

function withoutProperty(body: unknown, nth: number): unknown {
  const entries = Object.entries((body ?? {}) as object)
  return Object.fromEntries(entries.filter((_entry, n) => n !== nth % Math.max(1, entries.length)))
}
