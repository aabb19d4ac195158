// Our own small supervisor of the embedded PostgreSQL: real server, unix socket only, no account to create.
import { type ChildProcess, spawn } from 'node:child_process'
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { copyBinaries, findBinaries, linkLibraries } from './binaries.ts'
import { BARE_ENVIRONMENT, checkVersion, createCluster, giveTo, type Place } from './cluster.ts'
import { hold } from './holders.ts'
import { isPostmaster, readPostmasterFile } from './postmaster-file.ts'
import { asArguments, serverSettings } from './settings.ts'
import { makeSocketFolder } from './socket-folder.ts'
import { chooseUnprivileged, type Means, traversable } from './unprivileged.ts'

const USER = 'consilium_owner'
const DATABASE = 'consilium'
const PORT = 5432
/** How long a start may go without any progress; recovery after a crash is progress. */
const PATIENCE_MS = 20_000
const STOP_PATIENCE_MS = 15_000
const WATCH_MS = 1000
const LOG_MAX_BYTES = 5_000_000

export type EmbeddedPostgres = {
  connection: { host: string; port: number; user: 'consilium_owner'; database: 'consilium' }
  /** True when the server was already running: Node died and left it, or another Node uses it. */
  adopted: boolean
  /** True when this call made the data folder. */
  firstStart: boolean
  readonly pid: number
  /** Stops the server, unless another living process still uses it. Fast: open transactions are rolled back. */
  stop(): Promise<void>
}

/**
 * Starts the embedded server on `folder`, or adopts the one that already runs there; resolves once it answers.
 * While Node lives, a server that dies is started again. If Node dies, the server lives on and is adopted later.
 * @param means for tests: how to give up root
 */
export async function startEmbeddedPostgres(options: {
  folder: string
  log?: (sentence: string) => void
  means?: Means
}): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => {})
  const place = prepare(options.folder, options.means)
  const holder = hold(join(place.folder, 'holders'))
  try {
    const firstStart = await createCluster(place, USER)
    checkVersion(place)
    giveTo(place.unprivileged, place.data)
    const running = await bringUp(place, log)
    const connection: EmbeddedPostgres['connection'] = {
      host: running.socketFolder,
      port: PORT,
      user: USER,
      database: DATABASE,
    }

    let restarting: Promise<void> | undefined
    const watch = setInterval(() => {
      if (restarting || isPostmaster(running.pid, place.data)) return
      log('the embedded PostgreSQL died: starting it again')
      restarting = bringUp(place, log)
        .then((again) => {
          running.pid = again.pid
          connection.host = again.socketFolder
        })
        .catch((error) => log(`the embedded PostgreSQL does not start: ${error.message}`))
        .finally(() => {
          restarting = undefined
        })
    }, WATCH_MS).unref()

    let stopped: Promise<void> | undefined
    return {
      connection,
      adopted: running.adopted,
      firstStart,
      get pid() {
        return running.pid
      },
      stop() {
        stopped ??= (async () => {
          clearInterval(watch)
          await restarting
          if (holder.release()) await shutDown(running.pid, place.data, connection.host)
        })()
        return stopped
      },
    }
  } catch (error) {
    holder.release()
    throw error
  }
}

function prepare(wanted: string, means?: Means): Place {
  let binaries = findBinaries()
  mkdirSync(resolve(wanted), { recursive: true, mode: 0o700 })
  const folder = realpathSync(resolve(wanted))
  const unprivileged = chooseUnprivileged([folder], means)
  const { owner } = unprivileged
  giveTo(unprivileged, folder)
  const reachable = unprivileged.means !== 'user' || !owner || traversable(join(binaries.root, 'bin'), owner)
  if (!reachable || !linkLibraries(binaries)) {
    binaries = copyBinaries(binaries, folder)
    linkLibraries(binaries)
    giveTo(unprivileged, join(folder, `binaries-${binaries.version}`))
  }
  return { folder, data: join(folder, 'data'), log: join(folder, 'server.log'), binaries, unprivileged }
}

/** Brings a server up on a cluster that exists: adopts, waits for, or spawns, until one answers. */
async function bringUp(place: Place, log: (sentence: string) => void) {
  let deadline = Date.now() + PATIENCE_MS
  let spawned: Spawned | undefined
  for (;;) {
    const found = readPostmasterFile(place.data)
    if (found && isPostmaster(found.pid, place.data)) {
      const state = await probe(found.socketFolder)
      if (state === 'ready') {
        const adopted = found.pid !== spawned?.child.pid
        if (adopted) log(`adopted the embedded PostgreSQL left running (process ${found.pid})`)
        return { pid: found.pid, socketFolder: found.socketFolder, adopted }
      }
      if (state === 'busy') deadline = Date.now() + PATIENCE_MS
      if (state === 'absent' && found.pid !== spawned?.child.pid && Date.now() > deadline - PATIENCE_MS / 2) {
        // It lives, but its socket was swept away with the temporary files: only a restart makes it reachable.
        log('the embedded PostgreSQL runs without its socket: stopping it')
        await shutDown(found.pid, place.data, found.socketFolder)
      }
    } else if (!spawned) {
      spawned = spawnServer(place)
    } else if (spawned.ended) {
      const said = spawned.said()
      // A backend of the server that died still ends, or the file of a crash names a number since given to another.
      if (!/lock file|shared memory block/.test(said) || Date.now() > deadline) {
        throw new Error(`PostgreSQL ne démarre pas dans ${place.folder} : ${said.trim() || spawned.ended}`)
      }
      const left = readPostmasterFile(place.data)
      if (left && left.pid === found?.pid && !isPostmaster(left.pid, place.data)) {
        rmSync(join(place.data, 'postmaster.pid'), { force: true })
      }
      spawned = undefined
      await sleep(50)
    }
    if (Date.now() > deadline) throw new Error(`PostgreSQL ne répond pas dans ${place.folder} (voir ${place.log}).`)
    await sleep(5)
  }
}

type Spawned = { child: ChildProcess; ended: string | undefined; said(): string }

function spawnServer(place: Place): Spawned {
  if ((statSync(place.log, { throwIfNoEntry: false })?.size ?? 0) > LOG_MAX_BYTES) {
    renameSync(place.log, `${place.log}.1`)
  }
  const output = openSync(place.log, 'a', 0o600)
  const from = fstatSync(output).size
  const settings = serverSettings(makeSocketFolder(place.data, place.unprivileged))
  const { file, args, ...as } = place.unprivileged.command(join(place.binaries.root, 'bin/postgres'), [
    ...['-D', place.data],
    ...asArguments(settings),
  ])
  // Its own session: Ctrl-C in a terminal must reach Node alone, which stops the server in order.
  const child = spawn(file, args, {
    ...as,
    cwd: '/',
    env: BARE_ENVIRONMENT,
    detached: true,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  child.unref()
  const spawned: Spawned = {
    child,
    ended: undefined,
    said: () => readFileSync(place.log).subarray(from).toString().slice(-2000),
  }
  child.on('error', (error) => {
    spawned.ended = error.message
  })
  child.on('exit', (code, signal) => {
    spawned.ended = `fin ${signal ?? code}`
  })
  return spawned
}

/** `busy`: starting, recovering or stopping. `absent`: nobody listens. The database is made when it is missing. */
async function probe(host: string): Promise<'ready' | 'busy' | 'absent'> {
  try {
    await query(host, DATABASE)
    return 'ready'
  } catch (error) {
    switch ((error as { code?: string }).code) {
      case '3D000': // invalid_catalog_name: first start, or one cut short
        await query(host, 'postgres', `CREATE DATABASE ${DATABASE}`).catch((fault) => {
          // Two starts at once: the other one made it.
          if (fault.code !== '42P04' && fault.code !== '23505' && fault.code !== '55006') throw fault
        })
        return 'busy'
      case '57P03': // cannot_connect_now
        return 'busy'
      case '53300': // too_many_connections: it works, and a lot
        return 'ready'
      case 'ENOENT':
      case 'ECONNREFUSED':
      case 'ECONNRESET':
        return 'absent'
      default:
        throw error
    }
  }
}

async function query(host: string, database: string, sql?: string): Promise<void> {
  const client = new pg.Client({ host, port: PORT, user: USER, database, ssl: false, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    if (sql) await client.query(sql)
  } finally {
    await client.end().catch(() => {})
  }
}

async function shutDown(pid: number, data: string, socketFolder: string): Promise<void> {
  const signal = (name: NodeJS.Signals) => isPostmaster(pid, data) && process.kill(pid, name)
  signal('SIGINT')
  const patience = Date.now() + STOP_PATIENCE_MS
  while (isPostmaster(pid, data)) {
    if (Date.now() > patience) signal('SIGQUIT')
    await sleep(5)
  }
  try {
    rmdirSync(socketFolder)
  } catch {
    // Somebody is already starting there again.
  }
}
