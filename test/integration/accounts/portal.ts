// The portal's sign-in on a real server and database, before simulated identity providers, with a browser in miniature.
import { createServer as createHttpServer } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { CookieJar } from '../../../simulators/openid/cookie-jar.ts'
import type { Configuration } from '../../../src/platform/configuration.ts'
import { readConfiguration } from '../../../src/platform/configuration.ts'
import { createCookies } from '../../../src/platform/http/cookies.ts'
import { createServer } from '../../../src/platform/http/server.ts'
import { createSessions, type Sessions } from '../../../src/platform/sessions/sessions.ts'
import type { Session } from '../../../src/services/accounts/contract.ts'
import { type Accounts, createAccounts } from '../../../src/services/accounts/service.ts'
import { createOrganisms } from '../../../src/services/organisms/service.ts'
import type { Ground } from '../patients/database.ts'

export type Portal = {
  url: string
  accounts: Accounts
  sessions: Sessions
  /** Times that notices waiting were to be looked at. */
  wakes(): number
  /** Sessions whose event streams were to be looked at. */
  looked: string[]
  /** Everything logged, as text. */
  log(): string
  close(): Promise<void>
}

/** @param change what differs from the configuration of a demonstration on this port */
export async function startPortal(
  ground: Ground,
  clock: { now(): Date },
  port: number,
  change: (configuration: Configuration) => void = () => {},
): Promise<Portal> {
  const configuration = readConfiguration({ PORT: String(port), CONSILIUM_CHECK_ANSWERS: '1' })
  change(configuration)
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const { database, vault } = ground
  const looked: string[] = []
  const organisms = await createOrganisms({ database, clock })
  const sessions = createSessions(
    database,
    clock,
    organisms.servicesOf,
    (sessionIds) => void looked.push(...sessionIds),
  )
  const cookies = createCookies(configuration.publicUrl)
  let wakes = 0
  const outbox = { wake: () => void wakes++ }
  const live = { lookAt: (sessionIds: string[]) => void looked.push(...sessionIds) }
  const platform = { configuration, clock, log, database, vault, live: live as never, cookies }
  const accounts = createAccounts(platform, {
    sessions,
    organisms,
    outbox,
    linkDelegations: async () => undefined,
  })
  const app: FastifyInstance = createServer({
    routes: accounts.routes,
    sessions,
    recheck: accounts.recheck,
    cookies,
    publicUrl: configuration.publicUrl,
    log,
    checkAnswers: configuration.checkAnswers,
  })
  await app.listen({ port, host: '127.0.0.1' })
  return {
    url: configuration.publicUrl,
    accounts,
    sessions,
    wakes: () => wakes,
    looked,
    log: () => lines.join(''),
    close: () => app.close(),
  }
}

/** A person before their browser. */
export class Visitor {
  readonly jar: CookieJar
  readonly portal: { url: string }

  constructor(portal: { url: string }, jar = new CookieJar()) {
    this.portal = portal
    this.jar = jar
  }

  /** Begins a sign-in and stops before the chooser of the provider, or on the portal's page that refuses. */
  async begin(path: string): Promise<{ url: URL; html: string }> {
    const { url, response } = await this.jar.navigate(`${this.portal.url}${path}`, {}, (at) => this.#page(at))
    return { url, html: await response.text() }
  }

  /** Clicks on a person; gives the address of the portal's callback, not yet visited. */
  async choose(chooser: { url: URL; html: string }, label: string, means = 'CARD', behaviour = 'usual'): Promise<URL> {
    const person = personOf(chooser.html, label)
    const { url } = await this.jar.submit(chooser, { means, person, behaviour }, (at) => at.origin === this.portal.url)
    return url
  }

  /** Visits an address of the portal; gives where the browser ends. */
  async visit(address: URL | string): Promise<URL> {
    return (await this.jar.navigate(address, {}, (at) => this.#page(at))).url
  }

  /** A whole sign-in; gives the page of the portal where it ends. */
  async signIn(path: string, label: string, means = 'CARD'): Promise<URL> {
    return this.visit(await this.choose(await this.begin(path), label, means))
  }

  async call(method: string, path: string, body?: unknown) {
    const response = await this.jar.request(`${this.portal.url}${path}`, {
      method,
      headers: {
        // As the portal's own page.
        origin: this.portal.url,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : null }
  }

  async session(): Promise<Session> {
    return (await this.call('GET', '/api/session')).body as Session
  }

  /** A page of the portal itself, as opposed to its addresses of sign-in. */
  #page(at: URL): boolean {
    return at.origin === this.portal.url && !at.pathname.startsWith('/api/')
  }
}

function personOf(html: string, label: string): string {
  for (const [, value, text] of html.matchAll(/<button[^>]*name="person" value="([^"]+)">([^<]*)/g)) {
    const readable = text!.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)))
    if (readable.startsWith(label)) return value!
  }
  throw new Error(`no button « ${label} »`)
}

/** A server that takes requests and never answers them. */
export async function startSilence(port: number): Promise<{ close(): Promise<void> }> {
  const server = createHttpServer(() => {})
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
