// `consilium start`: PostgreSQL, server, and on a demonstration the simulators; says where and who.
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from './platform/clock.ts'
import { type Configuration, readConfiguration } from './platform/configuration.ts'
import type { Connection } from './platform/database/database.ts'
import { lockFolder } from './platform/lock.ts'

/** A reason not to start that is no fault of the product; shown as it is. */
export class StartRefused extends Error {}

/** Opens the database of a configuration: the one at DATABASE_URL, or the embedded server. */
export async function openConnection(
  configuration: Configuration,
  say: (sentence: string) => void,
): Promise<{ connection: Connection; stop(): Promise<void> }> {
  if (configuration.database) return { connection: { kind: 'url', ...configuration.database }, stop: async () => {} }
  const { startEmbeddedPostgres } = await import('./platform/embedded-postgres/start-embedded-postgres.ts')
  const postgres = await startEmbeddedPostgres({ folder: join(configuration.dataFolder, 'postgres'), log: say })
  return { connection: { kind: 'embedded', ...postgres.connection }, stop: () => postgres.stop() }
}

/**
 * Starts everything and stays until a signal; gives the exit code.
 * @param parts for tests: another clock, and no build of the portal
 */
export async function start(
  environment: Record<string, string | undefined>,
  parts: { clock?: Clock; buildPortal?: () => Promise<void> } = {},
): Promise<number> {
  const began = performance.now()
  const configuration = readConfiguration(environment)
  await mkdir(configuration.dataFolder, { recursive: true, mode: 0o700 })
  const lock = await lockFolder(configuration.dataFolder, configuration.publicUrl)
  if ('heldBy' in lock) {
    console.log(
      `Consilium is already running on this data folder: ${lock.heldBy.url} (process ${lock.heldBy.pid}). Nothing was started.`,
    )
    return 1
  }
  const say = (sentence: string) => console.log(`  ${sentence}`)
  let connection: Awaited<ReturnType<typeof openConnection>> | null = null
  let stopServer: (() => Promise<void>) | null = null
  try {
    // The database starts while the code is read; the portal is built only when its sources changed.
    const [opened, { startServer }] = await Promise.all([
      openConnection(configuration, say),
      import('./main.ts'),
      (parts.buildPortal ?? buildPortalWhenStale)(),
    ])
    connection = opened
    if (configuration.simulators.card) await (await import('./demonstration.ts')).makeCards(configuration)
    // From here on everything is stopped in order, even what is still being started.
    const signal = untilSignal()
    const server = await startServer(configuration, opened.connection, { clock: parts.clock })
    stopServer = () => server.stop()
    console.log(`Consilium is ready: ${server.url} (${Math.round(performance.now() - began)} ms)`)
    const demonstration =
      configuration.mode === 'demonstration' ? await startDemonstration(configuration, server) : null
    await signal
    await demonstration?.stop()
    await server.stop()
    await opened.stop()
    return 0
  } catch (fault) {
    await stopServer?.()
    await connection?.stop()
    const { code, port = configuration.port } = fault as { code?: string; port?: number }
    if (code !== 'EADDRINUSE') throw fault
    const others = configuration.mode === 'demonstration' ? ' (a demonstration also takes the five that follow it)' : ''
    console.error(
      `Port ${port} is taken by another program, or by another Consilium: set PORT to a free one${others}. Nothing was started.`,
    )
    return 1
  } finally {
    await lock.release()
    // A mail server that does not answer must not keep a process that has stopped serving.
    setTimeout(() => process.exit(), 2000).unref()
  }
}

async function startDemonstration(
  configuration: Configuration,
  server: Awaited<ReturnType<typeof import('./main.ts').startServer>>,
) {
  const { startDemonstration } = await import('./demonstration.ts')
  return startDemonstration(configuration, server)
}

/** Builds the portal when its sources are here and changed since; an installation without them serves what was built. */
export async function buildPortalWhenStale(): Promise<void> {
  const tool = new URL('../tools/build-portal.ts', import.meta.url)
  if (!existsSync(tool) || !existsSync(new URL('../node_modules/vite', import.meta.url))) return
  const { buildPortal } = (await import(tool.href)) as { buildPortal(): Promise<unknown> }
  await buildPortal()
}

export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}
