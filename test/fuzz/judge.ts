// What must hold of every answer, whoever asked and whatever.
import { fileURLToPath } from 'node:url'
import type { ApiDocument, ApiRoute } from './document.ts'
import type { Verdict } from './request.ts'
import type { Kind, Scene } from './scene.ts'
import { faultOf } from './schema.ts'
import type { Heard, WireAnswer } from './wire.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What a refusal may hold (RFC 9457 and ours); `stored` is the caller's own draft, `stepUp` where a card is shown. */
const OF_A_PROBLEM = new Set([
  ...['type', 'title', 'status', 'code', 'detail', 'faults', 'requestId', 'stepUp', 'retryAfter', 'stored'],
])
/** Refusals that say the request itself is malformed: never the answer to what the document allows. */
const OF_SHAPE = new Set([
  ...['request-invalid', 'json-malformed', 'media-type-unsupported', 'body-too-large', 'idempotency-key-missing'],
  ...['session-required', 'origin-refused', 'method-not-allowed', 'headers-too-large'],
])
const INSIDES = [
  /\n\s+at .+[:(]/,
  /node:internal|node_modules|file:\/\/|\/src\/(platform|services)\b/,
  /postgres(ql)?:\/\/|\.s\.PGSQL/,
]
/** In a refusal, where nothing of the caller's stands. */
const INSIDES_OF_REFUSAL = [
  /\b(select|insert into|update|delete from)\b.+\b(from|set|where|values|returning)\b/i,
  /\b(medical|portal)\.[a-z_]+/,
  /\b\w*Error\b|\bundefined\b|\bNaN\b|\[object/,
  /\b(zod|fastify|postgres|ECONN\w*|ENOENT|EINVAL|ERR_\w+|FST_\w+|HPE_\w+)\b/i,
]

/** The sentences of what does not hold; none when all is well. */
export function judge(
  heard: Heard,
  asked: { kind: Kind; verdict: Verdict; route: ApiRoute | null },
  { document, scene }: { document: ApiDocument; scene: Scene },
): string[] {
  if (heard === 'closed') return ['hung up without an answer']
  const { verdict, route, kind } = asked
  const faults = [...leaks(heard, kind, scene)]
  const { status } = heard
  const said = () => `${status} ${codeOf(heard) ?? ''}`
  if (status >= 400) faults.push(...ofRefusal(heard, document))
  if (verdict.must === 'refuse' && status < 400) faults.push(`answered ${status}, though ${verdict.why}`)
  // An operation open to strangers may ask some of them who they are, where it says so.
  const declared = route?.level === 'none' && route.codes.includes(codeOf(heard) ?? '')
  if (verdict.must === 'allow' && OF_SHAPE.has(codeOf(heard) ?? '') && !declared) {
    faults.push(`refused as ${said()}, though ${verdict.why}: ${JSON.stringify(bodyOf(heard)?.faults ?? [])}`)
  }
  if (status < 400 && route && verdict.must === 'allow') faults.push(...ofSuccess(heard, route, document))
  return faults
}

function ofSuccess(answer: WireAnswer, { success }: ApiRoute, { schemas }: ApiDocument): string[] {
  const type = header(answer, 'content-type') ?? null
  if (answer.status !== success.status) return [`answered ${answer.status}, the document says ${success.status}`]
  if (success.type && !type?.startsWith(success.type)) return [`answered as ${type}, the document says ${success.type}`]
  if (success.status === 204 && answer.text !== '') return ['204 with a body']
  if (!success.schema || success.type !== 'application/json') return []
  const body = bodyOf(answer)
  if (body === null) return ['the answer is no JSON']
  const fault = faultOf(success.schema, body, schemas)
  return fault ? [`the answer is not what the document says: ${fault}`] : []
}

function ofRefusal(answer: WireAnswer, { problems }: ApiDocument): string[] {
  const { status } = answer
  const faults: string[] = []
  if (status >= 500) faults.push(`answered ${status}`)
  if (header(answer, 'content-type') !== 'application/problem+json; charset=utf-8') {
    return [...faults, `a refusal (${status}) as ${header(answer, 'content-type')}: ${answer.text.slice(0, 200)}`]
  }
  const body = bodyOf(answer)
  if (!body) return [...faults, 'a refusal that is no JSON']
  const known = Object.hasOwn(problems, String(body.code)) ? problems[String(body.code)] : undefined
  if (!known) return [...faults, `an unknown code « ${body.code} »`]
  if (known.status !== status || body.status !== status) {
    faults.push(`${body.code} is ${known.status}; answered ${status}, told ${body.status}`)
  }
  if (body.title !== known.title) faults.push(`${body.code} told with another sentence`)
  if (body.type !== `/docs/errors/${body.code}`) faults.push(`its type is ${body.type}`)
  if (typeof body.requestId !== 'string') faults.push('no requestId')
  for (const name of Object.keys(body)) if (!OF_A_PROBLEM.has(name)) faults.push(`a refusal with « ${name} »`)
  if (status === 405 && !header(answer, 'allow')) faults.push('405 without Allow')
  const { stored: _own, faults: fields, ...told } = body as Record<string, unknown> & { faults?: { pointer: string }[] }
  const rest = JSON.stringify([told, fields?.map(({ pointer: _typed, ...field }) => field)])
  for (const inside of INSIDES_OF_REFUSAL) {
    const found = inside.exec(rest)
    if (found) faults.push(`a refusal tells « ${found[0]} »`)
  }
  return faults
}

function leaks(answer: WireAnswer, kind: Kind, scene: Scene): string[] {
  const whole = `${answer.headers.map((pair) => pair.join(': ')).join('\n')}\n\n${answer.text}`
  const faults: string[] = []
  for (const inside of [...INSIDES, ROOT]) {
    if (typeof inside === 'string' ? whole.includes(inside) : inside.test(whole)) faults.push(`it tells of ${inside}`)
  }
  for (const { text, parties } of scene.secrets) {
    // Even a party is told nothing by a refusal.
    const told = whole.includes(text) || whole.includes(encodeURIComponent(text))
    if (told && (answer.status >= 400 || !parties.includes(kind))) faults.push(`it tells somebody else’s « ${text} »`)
  }
  for (const [name, value] of answer.headers) {
    if (name === 'x-injected' || name === 'x-powered-by' || name === 'server') faults.push(`a header ${name}: ${value}`)
    if (name === 'location' && !isOurs(value, scene)) faults.push(`it sends the browser to ${value.slice(0, 80)}`)
  }
  if (header(answer, 'x-content-type-options') !== 'nosniff') faults.push('no x-content-type-options')
  return faults
}

/** The portal itself, or the identity providers beside it. */
function isOurs(location: string, { url }: Scene): boolean {
  const own = new URL(url)
  const to = URL.canParse(location, url) ? new URL(location, url) : null
  return to !== null && to.protocol === own.protocol && to.hostname === own.hostname && to.username === ''
}

export const header = (answer: WireAnswer, name: string) => answer.headers.find(([each]) => each === name)?.[1]
export const codeOf = (answer: WireAnswer) =>
  answer.status >= 400 ? (bodyOf(answer)?.code as string | undefined) : undefined

/** The JSON object of an answer; null when there is none. */
export function bodyOf(answer: WireAnswer): Record<string, unknown> | null {
  try {
    const body = JSON.parse(answer.text)
    return body !== null && typeof body === 'object' ? body : null
  } catch {
    return null
  }
}
