// Migrations are plain SQL files, those of all services in one dated sequence, run in order under an advisory lock.
// Thirty lines rather than a library: the files stay what a database administrator can read and run.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { type Connection, settingsFor } from './database.ts'

const LOCK = 0x434f4e53 // « CONS »

/** Folders that hold migrations: the platform's and each service's. */
async function folders(): Promise<string[]> {
  const services = join(import.meta.dirname, '../../services')
  const names = await readdir(services)
  return [join(import.meta.dirname, 'migrations'), ...names.map((name) => join(services, name, 'migrations'))]
}

async function readMigrations() {
  const found: { name: string; text: string; digest: string }[] = []
  for (const folder of await folders()) {
    const names = await readdir(folder).catch(() => [] as string[])
    for (const name of names.filter((n) => n.endsWith('.sql'))) {
      const text = await readFile(join(folder, name), 'utf8')
      found.push({ name, text, digest: createHash('sha256').update(text).digest('hex') })
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * Brings the database to the version of the code; returns the names of what was applied (none: it was there).
 * @throws Error when an applied file has changed since, or the database is newer than the code.
 */
export async function migrate(connection: Connection): Promise<string[]> {
  const migrations = await readMigrations()
  const client = new pg.Client(settingsFor(connection, 'owner'))
  client.on('error', () => {})
  await client.connect()
  try {
    const applied = await appliedMigrations(client)
    if (applied && migrations.length === applied.size && migrations.every((m) => applied.get(m.name) === m.digest))
      return []
    await client.query('select pg_advisory_lock($1)', [LOCK])
    try {
      return await apply(client, migrations)
    } finally {
      await client.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => {})
    }
  } finally {
    await client.end()
  }
}

async function apply(client: pg.Client, migrations: Awaited<ReturnType<typeof readMigrations>>): Promise<string[]> {
  await createRoles(client)
  await client.query(
    'create table if not exists public.consilium_migration (name text primary key, digest text not null, applied_at timestamptz not null default now())',
  )
  const applied = (await appliedMigrations(client)) ?? new Map<string, string>()
  for (const name of applied.keys())
    if (!migrations.some((m) => m.name === name))
      throw new Error(`The database has a migration this version does not know: ${name}. Start a newer version.`)
  const done: string[] = []
  for (const { name, text, digest } of migrations) {
    const before = applied.get(name)
    if (before === digest) continue
    if (before) throw new Error(`Migration ${name} was changed after it had been applied.`)
    await client.query('begin')
    try {
      await client.query(text)
      await client.query('insert into public.consilium_migration (name, digest) values ($1, $2)', [name, digest])
      await client.query('commit')
    } catch (fault) {
      await client.query('rollback')
      throw fault
    }
    done.push(name)
  }
  return done
}

async function appliedMigrations(client: pg.Client): Promise<Map<string, string> | null> {
  const { rows } = await client.query("select to_regclass('public.consilium_migration') is not null as there")
  if (!rows[0].there) return null
  const result = await client.query('select name, digest from public.consilium_migration')
  return new Map(result.rows.map((row) => [row.name, row.digest]))
}

/** Roles belong to the whole server, so another database of the same server may be making them right now. */
async function createRoles(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    `select rolsuper, current_setting('server_version_num')::int as version from pg_roles where rolname = current_user`,
  )
  const embedded = rows[0]?.rolsuper === true
  // From 16 on, whoever makes a role is its member and still may not take it.
  const right = rows[0]?.version >= 160_000 ? 'set' : 'member'
  for (const role of ['consilium_medical', 'consilium_administrative']) {
    await client.query(`do $$ begin
      create role ${role} login;
    exception when duplicate_object or unique_violation then null;
    end $$`)
    // An owner that is no superuser takes the role at the start of a session, and must be a member for it.
    if (!embedded)
      await client.query(`do $$ begin
        if not pg_has_role(current_user, '${role}', '${right}') then
          execute format('grant ${role} to %I', current_user);
        end if;
      exception when unique_violation or sqlstate 'XX000' then null;
      end $$`)
  }
}
