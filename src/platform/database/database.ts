// Two pools, one per PostgreSQL role: what an administrative act uses cannot read an exchange, whatever its code does.
import pg from 'pg'
import { unavailable } from './unavailable.ts'

/** A named statement: prepared once per connection (1.45 × quicker than unnamed, see docs/performance.md). */
export type Statement = { readonly name: string; readonly text: string }

const declared = new Map<string, string>()

/** Declares a statement; the name says whose it is (`exchanges.send`), is unique and at most 63 characters long. */
export function statement(name: string, text: string): Statement {
  if (name.length > 63) throw new Error(`statement name too long: ${name}`)
  if ((declared.get(name) ?? text) !== text) throw new Error(`two statements named ${name}`)
  declared.set(name, text)
  return { name, text }
}

/** Runs statements under one PostgreSQL role. */
export type Runner = {
  /** @throws Refusal `service-unavailable` when the server cannot be reached; other faults as pg gives them. */
  run<Row = Record<string, never>>(statement: Statement, values?: unknown[]): Promise<Row[]>
}

export type Database = {
  /** Exchanges, drafts, patients in hand. */
  medical: Runner
  /** Everything else; no right on the medical schema. */
  administrative: Runner
  /** A connection of its own, outside the pools, that listens; the caller ends it. */
  connect(): Promise<pg.Client>
  /** Told of each statement, for the tests that count them and for measures. */
  onStatement: ((name: string) => void) | null
  close(): Promise<void>
}

export type Connection =
  | { kind: 'embedded'; host: string; port: number; database: string }
  | { kind: 'url'; owner: string; medical?: string; administrative?: string }

pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/**
 * Settings of one connection. Embedded: each role logs in by its own name on the private socket. By address: the
 * role's own address where one is set, else the owner's address with the role taken at the start of the session.
 */
export function settingsFor(connection: Connection, role: 'owner' | 'medical' | 'administrative'): pg.ClientConfig {
  // Planning some of our statements takes four times as long as running them, and their plans never depend on the
  // values: every one of them walks an index. So they are planned once per connection; and since that may be on the
  // first day, when tables are empty and reading them whole looks cheap, nothing but walking the indexes is offered.
  const options = [
    'plan_cache_mode=force_generic_plan',
    'jit=off',
    'enable_seqscan=off',
    'enable_hashjoin=off',
    'enable_mergejoin=off',
  ]
    .map((setting) => `-c ${setting}`)
    .join(' ')
  const common: pg.ClientConfig = {
    application_name: `consilium ${role}`,
    ...(role !== 'owner' && { options }),
    connectionTimeoutMillis: 4000,
    keepAlive: true,
  }
  if (connection.kind === 'embedded')
    return {
      ...common,
      host: connection.host,
      port: connection.port,
      database: connection.database,
      user: `consilium_${role}`,
    }
  if (role === 'owner') return { ...common, connectionString: connection.owner }
  const own = connection[role]
  if (own) return withOptions(common, own, options)
  return withOptions(common, connection.owner, `${options} -c role=consilium_${role}`)
}

/** The address's own `options` would replace ours, and with them the role: both are kept, ours last. */
function withOptions(common: pg.ClientConfig, address: string, options: string): pg.ClientConfig {
  if (!/^[a-z]+:\/\//.test(address)) return { ...common, connectionString: address, options }
  const url = new URL(address)
  const given = url.searchParams.get('options')
  url.searchParams.delete('options')
  return { ...common, connectionString: url.href, options: given ? `${given} ${options}` : options }
}

/** Opens the pools; connections are made on demand. */
export function openDatabase(connection: Connection, sizes = { medical: 10, administrative: 5 }): Database {
  const pools: pg.Pool[] = []
  const database: Database = {
    medical: runner('medical', sizes.medical),
    administrative: runner('administrative', sizes.administrative),
    onStatement: null,
    async connect() {
      const client = new pg.Client({ ...settingsFor(connection, 'administrative'), query_timeout: 5_000 })
      client.on('error', () => {})
      await client.connect()
      return client
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
  return database

  function runner(role: 'medical' | 'administrative', max: number): Runner {
    const pool = new pg.Pool({
      ...settingsFor(connection, role),
      max,
      idleTimeoutMillis: 60_000,
      statement_timeout: 15_000,
      // A server that vanished without a word answers nothing at all.
      query_timeout: 20_000,
    } as pg.PoolConfig)
    // A connection that dies while idle is dropped by the pool; the next statement opens another.
    pool.on('error', () => {})
    // One that dies in our hands, between two answers, tells it by an event that would otherwise end the process.
    pool.on('connect', (client) => client.on('error', () => {}))
    pools.push(pool)
    return {
      async run<Row>(statement: Statement, values: unknown[] = []): Promise<Row[]> {
        database.onStatement?.(statement.name)
        let client: pg.PoolClient | undefined
        let broken = true
        try {
          client = await pool.connect()
          const result = await client.query({ name: statement.name, text: statement.text, values })
          broken = false
          return result.rows as Row[]
        } catch (fault) {
          const away = unavailable(fault)
          // A statement that was refused (a key taken) leaves its connection sound, with what it has prepared.
          broken = away !== null || !(fault instanceof pg.DatabaseError)
          throw away ?? fault
        } finally {
          client?.release(broken)
        }
      },
    }
  }
}
