// An installation of the product in a folder of its own: a server process that is killed and started again, the
// PostgreSQL under it, and a mail box that outlives both.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type MailBox, startMailBox } from '../../simulators/mail-box/start.ts'
import type { Connection } from '../../src/platform/database/database.ts'
import { isPostmaster, readPostmasterFile } from '../../src/platform/embedded-postgres/postmaster-file.ts'

export type Installation = {
  folder: string
  url: string
  mailBox: MailBox
  /** The server process that was started last. */
  server(): ServerProcess
  /** Starts the server and waits until it is healthy. */
  start(more?: { clockAheadMs?: number }): Promise<ServerProcess>
  /** Starts the server and waits for nothing; `environment` goes on top of the usual one. */
  launch(environment?: Record<string, string | undefined>): ServerProcess
  /** The living postmaster, or undefined. */
  postmaster(): number | undefined
  /** Processes of PostgreSQL that serve sessions or work in the background. */
  backends(): number[]
  /** How to reach PostgreSQL past the server. */
  connection(): Connection
  healthy(timeoutMs?: number): Promise<void>
  /** Everything that the server processes have printed. */
  printed(): string
  /** Stops everything and removes the folder. */
  close(): Promise<void>
}

export type ServerProcess = {
  pid: number
  /** Undefined while it lives. */
  ended: string | undefined
  end: Promise<string>
  kill(signal: NodeJS.Signals): void
}

const PRODUCT = join(import.meta.dirname, 'product.ts')

/**
 * @param port the server's
 * @param options.folder where the data lie; a temporary one unless told
 */
export async function createInstallation(port: number, options: { folder?: string } = {}): Promise<Installation> {
  const mailBox = await startMailBox({ port: 0, smtpPort: 0, capacity: 1_000_000 })
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'consilium-crash-'))
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o755)
  const data = join(folder, 'postgres/data')
  const url = `http://localhost:${port}`
  const printed: string[] = []
  let current: ServerProcess | undefined

  const installation: Installation = {
    folder,
    url,
    mailBox,
    server() {
      if (!current) throw new Error('the server was never started')
      return current
    },
    async start({ clockAheadMs = 0 } = {}) {
      current = run({ TEST_CLOCK_AHEAD_MS: String(clockAheadMs) })
      await installation.healthy()
      return current
    },
    launch(environment = {}) {
      current = run(environment)
      return current
    },
    postmaster() {
      const pid = readPostmasterFile(data)?.pid
      return pid && isPostmaster(pid, data) ? pid : undefined
    },
    backends() {
      const parent = installation.postmaster()
      return parent ? childrenOf(parent) : []
    },
    connection() {
      const host = readPostmasterFile(data)?.socketFolder
      if (!host) throw new Error('PostgreSQL does not run')
      return { kind: 'embedded', host, port: 5432, database: 'consilium' }
    },
    async healthy(timeoutMs = 30_000) {
      const deadline = Date.now() + timeoutMs
      for (;;) {
        const ok = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5000) }).then(
          (answer) => answer.ok,
          () => false,
        )
        if (ok) return
        if (current?.ended) throw new Error(`the server ended (${current.ended}):\n${printed.slice(-30).join('')}`)
        if (Date.now() > deadline) throw new Error(`not healthy after ${timeoutMs} ms:\n${printed.slice(-30).join('')}`)
        await sleep(15)
      }
    },
    printed: () => printed.join(''),
    async close() {
      if (current && !current.ended) {
        current.kill('SIGTERM')
        await Promise.race([current.end, sleep(10_000, undefined, { ref: false })])
        current.kill('SIGKILL')
      }
      const left = installation.postmaster()
      if (left) process.kill(left, 'SIGQUIT')
      await mailBox.close()
      while (installation.postmaster()) await sleep(20)
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }

  function run(environment: Record<string, string | undefined>): ServerProcess {
    const child: ChildProcess = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PRODUCT], {
      env: {
        PATH: process.env.PATH,
        TMPDIR: process.env.TMPDIR,
        PORT: String(port),
        CONSILIUM_DATA: folder,
        CONSILIUM_LOG_LEVEL: 'warn',
        CONSILIUM_SMTP_URL: mailBox.smtpUrl,
        // Set, so that no simulator of an identity provider is started: nobody signs in here.
        CONSILIUM_PSC_DISCOVERY: 'http://localhost:9/none',
        CONSILIUM_ORGANISM_ISSUERS: JSON.stringify([
          {
            issuerId: 'none',
            label: 'Aucun',
            discovery: 'http://localhost:9/none',
            issuer: 'http://localhost:9',
            clientId: 'none',
            clientSecret: 'none',
            organisms: ['01-941'],
          },
        ]),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => printed.push(String(chunk)))
    const process_: ServerProcess = {
      pid: child.pid!,
      ended: undefined,
      end: new Promise((resolve) => {
        child.once('exit', (code, signal) => {
          process_.ended = `${signal ?? code}`
          resolve(process_.ended)
        })
      }),
      kill: (signal) => void child.kill(signal),
    }
    return process_
  }
  return installation
}

/** Children of a process, from what the kernel tells of every process. */
function childrenOf(parent: number): number[] {
  const children: number[] = []
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const [, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (Number(ppid) === parent) children.push(Number(name))
    } catch {
      // It ended meanwhile.
    }
  }
  return children
}
