// The PostgreSQL of a test process: the server at DATABASE_URL when it is set, else an embedded one of its own.
// Every world gets a fresh database on it, dropped at the end.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Connection, settingsFor } from '../../src/platform/database/database.ts'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/platform/embedded-postgres/start-embedded-postgres.ts'
import { type Line, startLine } from './line.ts'

export type FreshDatabase = {
  connection: Connection
  /** Stands between the server and PostgreSQL: cut it, and PostgreSQL is away. */
  line: Line
  /** Runs a statement as the owner, past the line and the product. */
  sql<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  drop(): Promise<void>
}

let embedded: Promise<EmbeddedPostgres> | null = null
let users = 0
let folder = ''

/** The embedded server of this process; null when DATABASE_URL is used. */
export async function embeddedServer(): Promise<EmbeddedPostgres | null> {
  if (process.env.DATABASE_URL) return null
  if (!embedded) {
    folder = mkdtempSync(join(tmpdir(), 'consilium-it-'))
    chmodSync(folder, 0o755)
    embedded = startEmbeddedPostgres({ folder: join(folder, 'postgres') })
  }
  return embedded
}

/** Makes a database of its own on the test's server. */
export async function freshDatabase(): Promise<FreshDatabase> {
  users++
  const server = await embeddedServer()
  const name = `consilium_test_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`
  const direct = (database: string): Connection => {
    if (server) return { kind: 'embedded', host: server.connection.host, port: server.connection.port, database }
    const url = new URL(process.env.DATABASE_URL!)
    url.pathname = `/${database}`
    return { kind: 'url', owner: url.href }
  }
  await asOwner(server ? direct('postgres') : { kind: 'url', owner: process.env.DATABASE_URL! }, (client) =>
    client.query(`create database ${name}`),
  )
  const line = await startLine(settingsOf(direct(name)))
  const own = direct(name)
  const owner = new pg.Client(settingsFor(own, 'owner'))
  owner.on('error', () => {})
  await owner.connect()
  return {
    connection: through(own, line),
    line,
    async sql<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
      return (await owner.query<Row>(text, values)).rows
    },
    async drop() {
      await line.close()
      await owner.end()
      await asOwner(server ? direct('postgres') : { kind: 'url', owner: process.env.DATABASE_URL! }, (client) =>
        client.query(`drop database ${name} with (force)`),
      )
      if (--users > 0 || !server) return
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
      embedded = null
    },
  }
}

/** A connection as one role, past the product, for the tests of the wall. */
export async function asRole<Result>(
  connection: Connection,
  role: 'owner' | 'medical' | 'administrative',
  act: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(settingsFor(connection, role))
  client.on('error', () => {})
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end()
  }
}

const asOwner = <Result>(connection: Connection, act: (client: pg.Client) => Promise<Result>) =>
  asRole(connection, 'owner', act)

function settingsOf(connection: Connection): { path: string } | { host: string; port: number } {
  if (connection.kind === 'embedded') return { path: join(connection.host, `.s.PGSQL.${connection.port}`) }
  const { host, port } = new pg.Client(connection.owner)
  return host.startsWith('/') ? { path: join(host, `.s.PGSQL.${port}`) } : { host, port }
}

function through(connection: Connection, line: Line): Connection {
  if (connection.kind === 'embedded') return { ...connection, host: line.folder, port: 5432 }
  const url = new URL(connection.owner)
  url.searchParams.delete('host')
  url.hostname = '127.0.0.1'
  url.port = String(line.port)
  return { kind: 'url', owner: url.href }
}
