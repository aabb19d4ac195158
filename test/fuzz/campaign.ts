// A fuzz campaign: every route of the document, sent what it forbids and what it allows, then the wire itself; judged
// answer by answer, and the server looked at before and after.
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { type ApiDocument, type ApiRoute, readDocument } from './document.ts'
import { bodyOf, codeOf, header, judge } from './judge.ts'
import { allowedPlan, type Plan, spoiltPlan, sureCases } from './plans.ts'
import { mayCall, type Request, requestOf } from './request.ts'
import { KINDS, type Memory, type Pools, type Scene } from './scene.ts'
import { startTarget, type Target } from './start-target.ts'
import { walk } from './walk.ts'
import { converse, Hang, type Heard, type WireAnswer } from './wire.ts'
import { ALWAYS, type WirePlan, wirePlan } from './wire-plans.ts'

export type Outcome = {
  name: string /** What does not hold, the case shrunk; null when all is well. */
  fault: string | null
}
export type Campaign = {
  outcomes: Outcome[]
  requests: number
  /** Answers by route and status or code. */
  answers: Map<string, Map<string, number>>
  before: Memory
  after: Memory
}

const AT_ONCE = 6
const POOL_MAX = 400
/** Part of the runs spent before memory is looked at: caches fill, code is compiled. */
const WARM_UP = 0.3

/**
 * @param runs requests in all, about
 * @param port the server's; the two that follow are of the identity providers
 */
export async function runCampaign(options: {
  runs: number
  seed: number
  port: number
  say?: (sentence: string) => void
}): Promise<Campaign> {
  const { runs, seed, port, say = () => {} } = options
  const target = await startTarget(port)
  const faults: string[] = []
  try {
    const document = readDocument(bodyOf(await get(port, '/api/openapi.json')))
    addPools(target.scene, document)
    const campaign = new Fuzzing(target, document)
    const each = Math.ceil(runs / (document.routes.length * 2 + 2))
    const warm = Math.max(5, Math.round(each * WARM_UP))
    say(`seed ${seed}: ${document.routes.length} routes, ${each} cases of each kind`)
    const first = await campaign.round(warm, seed)
    const before = await target.ask('memory', null)
    const from = campaign.requests
    const second = await campaign.round(each - warm, seed + 1)
    await pause(300)
    const after = await target.ask('memory', null)
    const outcomes = first.map((outcome, n): Outcome => (outcome.fault ? outcome : (second[n] ?? outcome)))
    outcomes.push(
      { name: 'every route succeeded at least once, for somebody who may', fault: blind(document, campaign.answers) },
      { name: 'memory does not grow', fault: growth(before, after, campaign.requests - from) },
      { name: 'nothing stays open', fault: leftOpen(after) },
      { name: 'the main job still works', fault: await walk(target).then(() => null, String) },
    )
    const { requests, answers } = campaign
    faults.push(...(await target.stop()))
    outcomes.push({ name: 'no log and no mail tells what was typed, nor a secret', fault: faults.join('\n') || null })
    return { outcomes, requests, answers, before, after }
  } catch (fault) {
    faults.push(...(await target.stop()))
    throw new Error(`the campaign could not go on: ${faults.join('\n')}`, { cause: fault })
  }
}

class Fuzzing {
  readonly target: Target
  readonly document: ApiDocument
  readonly answers = new Map<string, Map<string, number>>()
  requests = 0

  constructor(target: Target, document: ApiDocument) {
    this.target = target
    this.document = document
  }

  /** Every property of every route, some at once. */
  async round(cases: number, seed: number): Promise<Outcome[]> {
    const { document, target } = this
    const jobs = [
      ...document.routes
        .filter(({ name }) => !UNSENT.has(name))
        .flatMap((route) => [
          () => this.#property(`${route.name} › allowed`, allowedPlan(route, document), cases, seed, this.#send(route)),
          () =>
            this.#property(
              `${route.name} › spoilt`,
              spoiltPlan(route, document),
              cases,
              seed,
              this.#send(route),
              this.#sure(route),
            ),
        ]),
      () => this.#property('the wire', wirePlan(document, target.scene), cases * 2, seed, this.#sendBytes, ALWAYS),
    ]
    const outcomes: Outcome[] = []
    const worker = async (from: number) => {
      for (let n = from; n < jobs.length; n += AT_ONCE) outcomes[n] = await jobs[n]!()
    }
    await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => worker(n)))
    return outcomes
  }

  /** As one who may call: the door has been tried by the others. */
  #sure(route: ApiRoute): Plan[] {
    const kinds = KINDS.filter((kind) => mayCall(kind, route))
    return sureCases(route, this.document, kinds.includes('practitioner') ? 'practitioner' : kinds[0]!)
  }

  async #property<T>(
    name: string,
    cases: fc.Arbitrary<T>,
    numRuns: number,
    seed: number,
    send: (one: T) => Promise<void>,
    always: T[] = [],
  ): Promise<Outcome> {
    // A server that has ended is told once, not by every property.
    if (this.target.ended()) return { name, fault: `the server ${this.target.ended()}` }
    const details = await fc.check(
      fc.asyncProperty(cases, async (one) => {
        await send(one)
      }),
      { seed, numRuns: numRuns + always.length, examples: always.map((one): [T] => [one]) },
    )
    if (!details.failed) return { name, fault: null }
    const [shrunk] = details.counterexample ?? []
    const reason = details.errorInstance instanceof Error ? details.errorInstance.message : 'interrupted'
    return { name, fault: `${reason}\ncase ${readable(shrunk)}\nseed ${seed}, path ${details.counterexamplePath}` }
  }

  #send(route: ApiRoute) {
    return async (plan: Plan): Promise<void> => {
      const { target, document } = this
      const { scene } = target
      const { kind } = plan
      // What ends or changes a session gets one of its own.
      const ends = route.path.startsWith('/api/session/')
      const cookie = ends ? await target.ask('signIn', kind) : scene.cookies[kind]
      // Drafts are thrown away and saved over all the time: there is always one as it was begun.
      const drafts = route.path.includes('{draftId}') ? scene.own[kind].draftId : undefined
      if (drafts && drafts.length < 3) drafts.push(await target.ask('newDraft', kind))
      const request = requestOf(plan, { route, document, scene, cookie })
      const heard = await this.#converse(request.bytes)
      if (heard !== 'closed') {
        this.#count(route.name, heard)
        if (heard.status < 400) learn(scene, request, heard)
      }
      // Five megabytes that nobody reads: what was being sent when the door closed may take the answer with it.
      if (heard === 'closed' && plan.spoil === 'huge') return
      raise(judge(heard, request, { document, scene }))
    }
  }

  #sendBytes = async (plan: WirePlan): Promise<void> => {
    const { target, document } = this
    const heard = await this.#converse(Buffer.from(plan.bytes, 'latin1'), plan)
    if (heard === 'closed' && plan.silence) return
    const asked = { kind: 'practitioner' as const, verdict: { must: 'any' as const, why: '' }, route: null }
    // An answer to HEAD has no body to look at.
    if (heard !== 'closed' && plan.head) {
      if (heard.status >= 500) raise([`answered ${heard.status}`])
      return
    }
    raise(judge(heard, asked, { document, scene: target.scene }))
  }

  async #converse(bytes: Buffer, more?: { end?: boolean; head?: boolean }): Promise<Heard> {
    this.requests++
    const once = () => converse(this.target.port, bytes, more)
    try {
      // On a busy machine anything may be late once; what hangs does so again.
      return await once().catch((fault) => (fault instanceof Hang ? once() : Promise.reject(fault)))
    } catch (fault) {
      throw this.target.ended() ? new Error(`the server ${this.target.ended()}`) : fault
    }
  }

  #count(route: string, answer: WireAnswer): void {
    const what = codeOf(answer) ?? String(answer.status)
    const of = this.answers.get(route) ?? new Map<string, number>()
    this.answers.set(route, of.set(what, (of.get(what) ?? 0) + 1))
  }
}

function raise(faults: string[]): void {
  if (faults.length > 0) throw new Error(faults.join('; '))
}

async function get(port: number, path: string): Promise<WireAnswer> {
  const heard = await converse(port, Buffer.from(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`))
  if (heard === 'closed') throw new Error(`${path} was not answered`)
  return heard
}

function addPools({ own, owner }: Scene, { problems }: ApiDocument): void {
  const anybodys = { organismId: ['01-941', '01-451', '02-941'], objet: ['ADMIN', 'AUTRE'] }
  for (const kind of KINDS)
    Object.assign(own[kind], { code: Object.keys(problems), issuerId: ['demonstration'], ...anybodys })
  Object.assign(owner, anybodys)
}

/** Things that this answer made or ended, for the next requests to name, or to leave. */
function learn(scene: Scene, { kind, route, params }: Request, answer: WireAnswer): void {
  const keep = (pools: Pools, name: string, value: unknown) => {
    if (typeof value !== 'string') return
    pools[name] = [...(pools[name] ?? []).slice(1 - POOL_MAX), value]
  }
  const forget = (name: string) => {
    for (const pools of Object.values(scene.own))
      if (pools[name]) pools[name] = pools[name].filter((id) => id !== params[name])
  }
  if (/^(PUT|DELETE) \/api\/drafts\/\{draftId\}/.test(route.name)) forget('draftId')
  if (route.name === 'POST /api/exchanges/{exchangeId}/closure') forget('exchangeId')
  if (route.path.endsWith('/{blockId}/lifting')) forget('blockId')
  if (/\/queue\/\{inquiryId\}\/(closure|return|redirection)$/.test(route.path)) forget('inquiryId')
  if (route.name === 'DELETE /api/account/connections/{sessionId}') forget('sessionId')
  const own = scene.own[kind]
  if (answer.status === 302) {
    const state = new URL(header(answer, 'location') ?? '/', scene.url).searchParams.get('state')
    const cookies = answer.headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value)
    const browser = cookies.map((value) => /-sign-in=([^;]+)/.exec(value)?.[1]).find((value) => value)
    if (state && browser) {
      own.state = [state]
      own.browser = [browser]
    }
    return
  }
  const body = bodyOf(answer)
  if (!body) return
  // What a practitioner opens is the adviser's too; what either begins is its own.
  if (route.name === 'POST /api/exchanges') {
    for (const each of kind === 'otherAdviser' ? [own] : [scene.own.practitioner, scene.own.adviser])
      keep(each, 'exchangeId', body.exchangeId)
  }
  // A general message of anybody is in the agent's queue too.
  if (route.name === 'POST /api/contact/inquiries')
    for (const each of [own, scene.own.agent]) keep(each, 'inquiryId', body.inquiryId)
  if (route.name === 'POST /api/exchanges/carried-texts') keep(own, 'carriedId', body.carriedId)
  if (route.name === 'POST /api/drafts') keep(own, 'draftId', body.draftId)
  if (route.name === 'GET /api/exchanges') keep(own, 'cursor', body.next)
  for (const patient of (body.beneficiaries as { patientId: string }[] | undefined) ?? [])
    keep(own, 'patientId', patient.patientId)
}

/** They close every other session of the person (by password), those that the rest of the campaign is at work in. */
const UNSENT = new Set(['POST /api/account/connections/closure', 'PUT /api/account/password'])

/**
 * What succeeds with a secret of its holder only (the password, a link, a ticket, an authenticator, a fresh proof), or where
 * more things fit together than chance brings: grants have their own tests (test/integration/delegations/).
 */
const NOT_BY_CHANCE = new Set([
  'POST /api/delegations',
  'POST /api/sign-in/password',
  'POST /api/sign-in/password/passkey-options',
  'POST /api/sign-in/password/second-factor',
  'POST /api/password/by-link',
  'POST /api/account/password/proof',
  'POST /api/account/password/passkeys',
  'POST /api/account/password/totp',
  'DELETE /api/account/password/factors/{factorId}',
  'POST /api/account/password/recovery-codes',
])

/** A fuzzer that never gets past the door proves nothing of the room. */
function blind({ routes }: ApiDocument, answers: Campaign['answers']): string | null {
  const opened = ({ name, success }: ApiRoute) => answers.get(name)?.has(String(success.status))
  const never = routes.filter(
    (route) => !route.form && !UNSENT.has(route.name) && !NOT_BY_CHANCE.has(route.name) && !opened(route),
  )
  return never.length > 0 ? `never: ${never.map(({ name }) => name).join(', ')}` : null
}

const MB = 1024 * 1024

/** Generous; a kilobyte kept per request shows after ten thousand. */
function growth(before: Memory, after: Memory, requests: number): string | null {
  // The log is kept by the test; one byte a character, and a pointer.
  const heap = after.heap - before.heap - (after.logged - before.logged) * 1.3
  const rss = after.rss - before.rss
  if (heap < 8 * MB + requests * 150 && rss < 160 * MB) return null
  return `${requests} requests left ${Math.round(heap / MB)} MB of heap and ${Math.round(rss / MB)} MB of RSS`
}

function leftOpen({ streams, connections }: Memory): string | null {
  return streams + connections > 0 ? `${streams} streams and ${connections} connections` : null
}

/** A case as one reads it: texts shortened, what cannot be printed escaped. */
function readable(one: unknown): string {
  const text = JSON.stringify(one, (_name, value) =>
    typeof value === 'string' && value.length > 300 ? `${value.slice(0, 120)}… (${value.length} characters)` : value,
  )
  return text.replaceAll(/[^\x20-\x7e\u00a0-\u024f⟦⟧…’]/gu, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`)
}
