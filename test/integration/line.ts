// A line that can be cut: stands between the server and PostgreSQL.
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection, createServer, type NetConnectOpts, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Line = {
  /** Folder of the unix socket, named as PostgreSQL names it. */
  folder: string
  port: number
  /** Cuts every connection and refuses new ones, until `restore`. */
  cut(): void
  /** Lets what is asked through, and no answer back, until `restore` (which cuts what was held). */
  swallowAnswers(): void
  restore(): void
  close(): Promise<void>
}

export async function startLine(target: { path: string } | { host: string; port: number }): Promise<Line> {
  const folder = mkdtempSync(join(tmpdir(), 'consilium-proxy-'))
  const open = new Set<Socket>()
  let state: 'through' | 'cut' | 'swallow' = 'through'

  function accept(near: Socket): void {
    if (state === 'cut') return void near.destroy()
    const far = createConnection(target as NetConnectOpts)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
    near.on('data', (chunk) => far.write(chunk))
    far.on('data', (chunk) => {
      if (state === 'through') near.write(chunk)
    })
  }
  const servers = [createServer(accept), createServer(accept)] as const
  await new Promise<void>((resolve) => servers[0].listen(join(folder, '.s.PGSQL.5432'), resolve))
  await new Promise<void>((resolve) => servers[1].listen(0, '127.0.0.1', resolve))
  const dropAll = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    folder,
    port: (servers[1].address() as { port: number }).port,
    cut() {
      state = 'cut'
      dropAll()
    },
    swallowAnswers() {
      state = 'swallow'
    },
    restore() {
      if (state === 'swallow') dropAll()
      state = 'through'
    },
    async close() {
      dropAll()
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
