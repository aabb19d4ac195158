// The product as a host starts it (`consilium start`), in a process of its own, on a data folder of its own: it can be
// killed as a whole, started again on what it left, and read from outside.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { readPostmasterFile } from '../../src/platform/embedded-postgres/postmaster-file.ts'

const BIN = fileURLToPath(new URL('../../bin/consilium.js', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const START_PATIENCE_MS = 60_000

export type Mail = {
  to: string
  subject: string
  text: string
  html: string
  date: string
  messageId: string
  headers: { name: string; value: string }[]
  raw: string
}

export type Product = {
  url: string
  dataFolder: string
  /** Everything the server has written on its standard output and error, over all its lives. */
  output(): string
  /** What the demonstration mail box received, oldest first. */
  mails(): Promise<Mail[]>
  /** Waits for the `count`th mail to an address. */
  mail(to: string, count?: number): Promise<Mail>
  /** One statement as the owner of the database. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  /** SIGKILL to the server, and to PostgreSQL and all its processes when asked. */
  kill(what?: { postgres: boolean }): Promise<void>
  /** Stops the server as the kernel can: nothing answers, nothing is closed. */
  freeze(): void
  thaw(): void
  start(): Promise<void>
  /** Ends everything and removes the data folder. */
  end(): Promise<void>
}

/** @param port first of five: portal, simulators, mail box, SMTP */
export async function startProduct(port: number, environment: Record<string, string> = {}): Promise<Product> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'consilium-e2e-'))
  const url = `http://localhost:${port}`
  let output = ''
  let child: ChildProcess | null = null
  let ended: Promise<void> = Promise.resolve()

  const postmaster = () => readPostmasterFile(join(dataFolder, 'postgres/data'))
  const reap = () => {
    if (child?.pid) signal(child.pid, 'SIGKILL')
    killPostgres(postmaster()?.pid)
    rmSync(dataFolder, { recursive: true, force: true })
  }
  process.once('exit', reap)

  async function start(): Promise<void> {
    const own = spawn(process.execPath, [BIN, 'start'], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PORT: String(port),
        CONSILIUM_DATA: dataFolder,
        CONSILIUM_CHECK_ANSWERS: '1',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = own
    const keep = (chunk: Buffer) => {
      output += chunk
    }
    own.stdout.on('data', keep)
    own.stderr.on('data', keep)
    ended = new Promise((resolve) => own.once('close', () => resolve()))
    const told = output.length
    for (const deadline = Date.now() + START_PATIENCE_MS; ; await sleep(50)) {
      // The last line printed: simulators and mail box answer too.
      if (output.slice(told).includes('Patients to try')) return
      if (own.exitCode !== null || own.signalCode !== null || Date.now() > deadline)
        throw new Error(`Consilium does not start:\n${output.slice(told)}`)
    }
  }

  const product: Product = {
    url,
    dataFolder,
    output: () => output,
    start,
    async mails() {
      const answer = await fetch(`http://localhost:${port + 3}/api/messages`)
      return (await answer.json()) as Mail[]
    },
    async mail(to, count = 1) {
      for (const deadline = Date.now() + 8_000; ; await sleep(50)) {
        const mail = (await product.mails()).filter((mail) => mail.to === to)[count - 1]
        if (mail) return mail
        if (Date.now() > deadline) throw new Error(`no mail number ${count} to ${to}`)
      }
    },
    async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
      const client = new pg.Client({
        host: postmaster()?.socketFolder,
        port: 5432,
        user: 'consilium_owner',
        database: 'consilium',
      })
      await client.connect()
      try {
        return (await client.query<Row>(text, values)).rows
      } finally {
        await client.end()
      }
    },
    async kill({ postgres } = { postgres: true }) {
      if (child?.pid) signal(child.pid, 'SIGKILL')
      if (postgres) await killPostgresAndWait(postmaster()?.pid)
      await ended
    },
    freeze: () => signal(child!.pid!, 'SIGSTOP'),
    thaw: () => signal(child!.pid!, 'SIGCONT'),
    async end() {
      process.removeListener('exit', reap)
      if (child?.pid && child.exitCode === null) {
        signal(child.pid, 'SIGCONT')
        signal(child.pid, 'SIGTERM')
        await Promise.race([ended, sleep(15_000)])
      }
      reap()
    },
  }
  try {
    await start()
  } catch (fault) {
    process.removeListener('exit', reap)
    reap()
    throw fault
  }
  return product
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone already.
  }
}

/** The server and its children at once: a postmaster that dies alone lets them finish what they do. */
function killPostgres(pid: number | undefined): number[] {
  if (!pid) return []
  const family = [pid, ...childrenOf(pid)]
  for (const one of family) signal(one, 'SIGKILL')
  return family
}

async function killPostgresAndWait(pid: number | undefined): Promise<void> {
  const family = killPostgres(pid)
  for (const deadline = Date.now() + 5_000; family.some(lives) && Date.now() < deadline; ) await sleep(20)
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => fieldsOf(pid)?.[1] === String(parent))
}

const lives = (pid: number) => {
  const state = fieldsOf(pid)?.[0]
  return state !== undefined && state !== 'Z'
}

/** State, parent… of a process, or undefined when there is none. */
function fieldsOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
