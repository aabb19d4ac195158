// Configuration → platform → services → listen.
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { type Clock, systemClock } from './platform/clock.ts'
import type { Configuration } from './platform/configuration.ts'
import { type Connection, type Database, openDatabase, statement } from './platform/database/database.ts'
import { migrate } from './platform/database/migrate.ts'
import { startHousehold } from './platform/household.ts'
import { createCookies } from './platform/http/cookies.ts'
import type { Route } from './platform/http/routes.ts'
import { createServer } from './platform/http/server.ts'
import { servePortal } from './platform/http/static.ts'
import { systemRoutes } from './platform/http/system.ts'
import { createLive, type Live } from './platform/live/live.ts'
import { createLog } from './platform/log.ts'
import { createMailer, type Mailer } from './platform/outbox/mail.ts'
import { createOutbox } from './platform/outbox/outbox.ts'
import type { Platform } from './platform/platform.ts'
import { createSessions } from './platform/sessions/sessions.ts'
import { createKeyFiles, fileKeys } from './platform/vault/keys.ts'
import { createVault } from './platform/vault/vault.ts'
import type { CardOffice } from './services/cards/office.ts'
import { allProblems, createServices, type Services } from './services/index.ts'
import { createOrganisms } from './services/organisms/service.ts'

export type Running = {
  url: string
  app: FastifyInstance
  database: Database
  live: Live
  services: Services
  /** The card's own origin, where this process keeps it. */
  cards: CardOffice | null
  /** Every route there is, the product's own included. */
  routes: Route[]
  stop(): Promise<void>
}

export const PORTAL_FOLDER = join(import.meta.dirname, '../dist/portal')

/**
 * Starts one server on a database that answers; resolves once it listens and everything is ready.
 * @throws when the port is taken, the keys are missing, or the database is newer than the code
 */
export async function startServer(
  configuration: Configuration,
  connection: Connection,
  parts: { clock?: Clock; log?: Logger; mailer?: Mailer; outboxPollMs?: number; aliveMs?: number } = {},
): Promise<Running> {
  const { clock = systemClock, log = createLog(configuration.logLevel) } = parts
  await migrate(connection)
  const database = openDatabase(connection)
  // In the order of opening; what fails to start leaves nothing open behind it.
  const closing: (() => unknown)[] = [() => database.close()]
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close()
  }
  try {
    await checkWall(database)
    if (configuration.keysGenerated) await createKeyFiles(configuration.keysFolder)
    const vault = createVault(await fileKeys(configuration.keysFolder))
    const live = createLive(database, log, undefined, parts.aliveMs)
    const cookies = createCookies(configuration.publicUrl)
    const platform: Platform = { configuration, clock, log, database, vault, live, cookies }

    const organisms = await createOrganisms(platform)
    const sessions = createSessions(database, clock, organisms.servicesOf, (sessionIds) => live.lookAt(sessionIds))
    // The services put notices in the outbox, and the outbox asks them for the mail of each.
    let services: Services | null = null
    const outbox = createOutbox({
      database,
      clock,
      log,
      mailer: parts.mailer ?? createMailer(configuration.smtpUrl, configuration.mailFrom),
      compose: (notice) => services!.compose(notice),
      pollMs: parts.outboxPollMs,
    })
    closing.push(() => outbox.stop())
    services = await createServices(platform, { sessions, organisms, outbox })

    const system = systemRoutes({
      database,
      services: services.routes,
      problems: allProblems,
      publicUrl: configuration.publicUrl,
    })
    const routes = [...system, ...services.routes]
    const app = createServer({
      routes,
      sessions,
      recheck: services.accounts.recheck,
      cookies,
      publicUrl: configuration.publicUrl,
      proxies: configuration.proxies,
      log,
      checkAnswers: configuration.checkAnswers,
    })
    await servePortal(app, PORTAL_FOLDER, configuration.publicUrl)
    closing.push(() => app.close())
    closing.push(() => live.stop())
    await live.start()
    await app.listen({ port: configuration.port, host: configuration.host })
    outbox.start()
    const cards = await services.cards.listen()
    closing.push(() => cards?.stop())
    const household = startHousehold(platform, sessions, () => services!.sweep())
    closing.push(() => household.stop())
    return { url: configuration.publicUrl, app, database, live, services, cards, routes, stop }
  } catch (fault) {
    await stop()
    throw fault
  }
}

const WALL = statement('main.wall', "select has_schema_privilege('medical', 'usage') as through")

/** The wall between medical and administrative stands in PostgreSQL's GRANTs: without it nothing starts. */
async function checkWall(database: Database): Promise<void> {
  const [seen] = await database.administrative.run<{ through: boolean }>(WALL)
  if (seen?.through !== false)
    throw new Error(
      'The administrative connection can reach the medical schema: DATABASE_URL_ADMINISTRATIVE must sign in as consilium_administrative (or a role with its rights only).',
    )
}
