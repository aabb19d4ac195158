// A PostgreSQL that is not the embedded one, to prove that Consilium runs as well on a server the host brings.
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findBinaries, linkLibraries } from '../../src/platform/embedded-postgres/binaries.ts'
import { giveTo } from '../../src/platform/embedded-postgres/cluster.ts'
import { chooseUnprivileged, type Unprivileged } from '../../src/platform/embedded-postgres/unprivileged.ts'
import { installPackages, whyNoInstall } from './debian.ts'

const OLDEST = 15
const USER = 'consilium_owner'

export type ExternalPostgres = {
  /** Address of an empty database, with a password, as its owner, who is a superuser. */
  url: string
  version: string
  /** `embedded`: the machine has none and none could be installed, so it is a second server of our own binaries. */
  kind: 'machine' | 'embedded'
  stop(): Promise<void>
}

/** Finds, installs or replaces a PostgreSQL, and starts it on a free port of 127.0.0.1 in a temporary folder. */
export async function startExternalPostgres(say: (sentence: string) => void): Promise<ExternalPostgres> {
  let bin = findServer()
  if (!bin) {
    const reason = whyNoInstall()
    if (!reason) {
      say(`no PostgreSQL ≥ ${OLDEST} found: installing Debian’s`)
      await installPackages(['postgresql']).catch((error) => say(error.message))
      bin = findServer()
    }
    if (!bin) say(`no PostgreSQL ≥ ${OLDEST} here${reason ? `, and none may be installed (${reason})` : ''}`)
  }
  if (bin) return startServer(bin, 'machine')
  const binaries = findBinaries()
  linkLibraries(binaries)
  return startServer(join(binaries.root, 'bin'), 'embedded')
}

/** The oldest server of the machine that we support: the furthest from the embedded one. */
function findServer(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  for (const parent of ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt']) {
    if (!existsSync(parent)) continue
    const names = readdirSync(parent).filter((name) => /^(postgresql@?)?\d*$/.test(name))
    folders.push(...names.map((name) => join(parent, name, 'bin')))
  }
  return folders
    .filter((folder) => existsSync(join(folder, 'postgres')) && existsSync(join(folder, 'initdb')))
    .map((folder) => dirname(realpathSync(join(folder, 'postgres'))))
    .map((folder) => ({ folder, major: Number.parseInt(versionOf(folder), 10) }))
    .filter(({ major }) => major >= OLDEST)
    .sort((one, other) => one.major - other.major)[0]?.folder
}

function versionOf(bin: string): string {
  try {
    return /\d[\d.]*/.exec(execFileSync(join(bin, 'postgres'), ['--version'], { cwd: '/' }).toString())?.[0] ?? '0'
  } catch {
    return '0'
  }
}

async function startServer(bin: string, kind: ExternalPostgres['kind']): Promise<ExternalPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'consilium-external-'))
  chmodSync(folder, 0o755)
  const unprivileged = chooseUnprivileged([folder])
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  const password = randomBytes(12).toString('hex')
  const secret = join(folder, 'password')
  writeFileSync(secret, `${password}\n`, { mode: 0o600 })
  giveTo(unprivileged, data)
  giveTo(unprivileged, secret)
  const log = join(folder, 'log')
  try {
    await runOnce(unprivileged, join(bin, 'initdb'), [
      ...['-D', data, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${secret}`],
      ...['-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    ])
  } finally {
    rmSync(secret)
  }
  const port = await freePort()
  const { file, args, ...as } = unprivileged.command(join(bin, 'postgres'), [
    ...['-D', data, '-c', 'listen_addresses=127.0.0.1', '-c', `port=${port}`, '-c', 'unix_socket_directories='],
    // A throwaway: what it holds need not outlive a power cut.
    ...['-c', 'fsync=off', '-c', 'max_connections=100', '-c', 'log_min_messages=log', '-c', 'log_statement=none'],
  ])
  const output = openSync(log, 'a')
  const child = spawn(file, args, { ...as, cwd: '/', env: bareEnvironment(), stdio: ['ignore', output, output] })
  closeSync(output)
  const ended = new Promise<void>((resolve) => child.once('close', resolve).once('error', () => resolve()))
  const reap = () => child.kill('SIGQUIT')
  process.once('exit', reap)
  const stop = async () => {
    process.removeListener('exit', reap)
    child.kill('SIGINT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  const base = `postgres://${USER}:${password}@127.0.0.1:${port}`
  for (const deadline = Date.now() + 20_000; ; await sleep(20)) {
    const client = new pg.Client(`${base}/postgres`)
    client.on('error', () => {})
    try {
      await client.connect()
      await client.query('CREATE DATABASE consilium')
      const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
      return { url: `${base}/consilium`, version: rows[0]!.server_version, kind, stop }
    } catch (error) {
      if (Date.now() < deadline && child.exitCode === null) continue
      const said = readFileSync(log, 'utf8').slice(-1500)
      await stop()
      throw new Error(`The PostgreSQL of ${bin} does not start: ${(error as Error).message}\n${said}`)
    } finally {
      await client.end().catch(() => {})
    }
  }
}

function runOnce(unprivileged: Unprivileged, binary: string, words: string[]): Promise<void> {
  const { file, args, ...as } = unprivileged.command(binary, words)
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...as, cwd: '/', env: bareEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${binary}: ${said.trim() || code}`))))
  })
}

function bareEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C' }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
