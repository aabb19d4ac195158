import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { isPostmaster } from './postmaster-file.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres.ts'
import type { Means } from './unprivileged.ts'

const root = mkdtempSync(join(tmpdir(), 'consilium-embedded-'))
chmodSync(root, 0o755)
// Making a data folder takes most of a second: tests that leave it sound take turns on this one.
const shared = join(root, 'shared')
after(() => rmSync(root, { recursive: true, force: true }))

async function query<Row extends object>(server: EmbeddedPostgres, sql: string, values: unknown[] = []) {
  const client = new pg.Client(server.connection)
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(sql, values)).rows
  } finally {
    await client.end()
  }
}

test('starts, is adopted by a second start, which does not stop it under the first', async () => {
  const folder = join(root, 'adopted')
  await using stack = new AsyncDisposableStack()
  const first = await startEmbeddedPostgres({ folder })
  stack.defer(() => first.stop())
  assert.deepEqual([first.firstStart, first.adopted], [true, false])

  const second = await startEmbeddedPostgres({ folder })
  assert.deepEqual([second.firstStart, second.adopted, second.pid], [false, true, first.pid])
  await second.stop()
  assert.equal((await query(first, 'SELECT 1')).length, 1, 'the first start still has its server')

  await first.stop()
  assert.equal(isPostmaster(first.pid, join(folder, 'data')), false, 'the last one out stops it')
  assert.throws(() => statSync(first.connection.host), { code: 'ENOENT' }, 'and leaves no socket behind')

  const third = await startEmbeddedPostgres({ folder })
  stack.defer(() => third.stop())
  assert.deepEqual([third.firstStart, third.adopted], [false, false])
})

test('is durable, closed to the network and to other accounts', async () => {
  const folder = shared
  await using stack = new AsyncDisposableStack()
  const server = await startEmbeddedPostgres({ folder })
  stack.defer(() => server.stop())
  const rows = await query<{ name: string; setting: string }>(
    server,
    `SELECT name, setting FROM pg_settings
     WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'server_encoding')`,
  )
  assert.deepEqual(Object.fromEntries(rows.map((row) => [row.name, row.setting])), {
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    listen_addresses: '',
    server_encoding: 'UTF8',
  })
  assert.equal(statSync(server.connection.host).mode & 0o777, 0o700)
  assert.equal(statSync(join(folder, 'data')).mode & 0o777, 0o700)
  const [sorted] = await query<{ up: string }>(server, "SELECT upper('é') AS up")
  assert.equal(sorted?.up, 'É')
})

test('writes no value to its log, whatever fails', async () => {
  const folder = shared
  await using stack = new AsyncDisposableStack()
  const server = await startEmbeddedPostgres({ folder })
  stack.defer(() => server.stop())
  await query(server, 'CREATE TABLE secret (name text PRIMARY KEY, age int CHECK (age < 200))')
  const canary = 'CANARI-7391'
  await query(server, 'INSERT INTO secret VALUES ($1, 1)', [canary])
  await assert.rejects(query(server, 'INSERT INTO secret VALUES ($1, 1)', [canary]), { code: '23505' })
  await assert.rejects(query(server, 'INSERT INTO secret VALUES ($1, 900)', [`${canary}-b`]), { code: '23514' })
  await assert.rejects(query(server, 'SELECT $1::uuid', [canary]), { code: '22P02' })
  await assert.rejects(query(server, `SELECT '${canary}'::int`), { code: '22P02' })
  await assert.rejects(query(server, `SELEC ${canary}`), { code: '42601' })
  await query(server, `DO $$ BEGIN RAISE WARNING '${canary}'; END $$`)
  const log = readFileSync(join(folder, 'server.log'), 'utf8')
  assert.match(log, /ready to accept connections/)
  assert.doesNotMatch(log, new RegExp(canary))
})

test('starts again by itself when the server is killed, without losing a committed row', async () => {
  const folder = join(root, 'killed')
  await using stack = new AsyncDisposableStack()
  const server = await startEmbeddedPostgres({ folder })
  stack.defer(() => server.stop())
  await query(server, 'CREATE TABLE kept (id int PRIMARY KEY)')

  const client = new pg.Client(server.connection)
  client.on('error', () => {})
  await client.connect()
  const killed = server.pid
  let acknowledged = 0
  const writing = (async () => {
    for (let id = 1; ; id++) {
      await client.query('INSERT INTO kept VALUES ($1)', [id])
      acknowledged = id
    }
  })()
  await sleep(200)
  process.kill(killed, 'SIGKILL')
  await assert.rejects(writing)
  assert.ok(acknowledged > 0, 'some rows were acknowledged before the kill')

  const again = await startEmbeddedPostgres({ folder })
  stack.defer(() => again.stop())
  assert.notEqual(again.pid, killed)
  const [{ count } = { count: 0 }] = await query<{ count: number }>(again, 'SELECT count(*)::int AS count FROM kept')
  // The row in flight may have been committed without its answer reaching us: one more, never one less.
  assert.ok(count === acknowledged || count === acknowledged + 1, `${acknowledged} acknowledged, ${count} found`)
  for (let tries = 0; server.pid === killed && tries < 100; tries++) await sleep(50)
  assert.equal(server.pid, again.pid, 'the first supervisor follows the new server')
})

test('survives the SIGKILL of Node and is adopted', async () => {
  const folder = join(root, 'orphan')
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(import.meta.resolve('./start-embedded-postgres.ts'))}
    const server = await startEmbeddedPostgres({ folder: ${JSON.stringify(folder)} })
    console.log(server.pid)
    setInterval(() => {}, 1000)`
  const node = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = Number(await new Promise((resolve) => node.stdout.once('data', (chunk) => resolve(String(chunk)))))
  node.kill('SIGKILL')
  await new Promise((resolve) => node.once('exit', resolve))

  await using stack = new AsyncDisposableStack()
  const server = await startEmbeddedPostgres({ folder })
  stack.defer(() => server.stop())
  assert.deepEqual([server.adopted, server.pid], [true, pid])
  await server.stop()
  assert.equal(isPostmaster(pid, join(folder, 'data')), false, 'a dead holder keeps nothing running')
})

test('four first starts at once make one server', async () => {
  const folder = join(root, 'together')
  await using stack = new AsyncDisposableStack()
  const servers = await Promise.all([1, 2, 3, 4].map(() => startEmbeddedPostgres({ folder })))
  for (const server of servers) stack.defer(() => server.stop())
  assert.equal(new Set(servers.map((server) => server.pid)).size, 1)
  for (const server of servers) assert.equal((await query(server, 'SELECT 1')).length, 1)
})

test('starts over the postmaster.pid of a crash whose number now belongs to another process', async () => {
  const folder = shared
  await using stack = new AsyncDisposableStack()
  const before = await startEmbeddedPostgres({ folder })
  await before.stop()
  writeFileSync(
    join(folder, 'data', 'postmaster.pid'),
    [process.pid, join(folder, 'data'), 1_700_000_000, 5432, before.connection.host, '', '', ''].join('\n'),
  )
  const server = await startEmbeddedPostgres({ folder })
  stack.defer(() => server.stop())
  assert.deepEqual([server.adopted, (await query(server, 'SELECT 1')).length], [false, 1])
})

test('uses another socket folder when somebody took the name', async () => {
  const folder = shared
  const first = await startEmbeddedPostgres({ folder })
  const taken = first.connection.host
  await first.stop()
  symlinkSync(root, taken)
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rmSync(taken))
  const server = await startEmbeddedPostgres({ folder })
  stack.defer(() => server.stop())
  assert.notEqual(server.connection.host, taken)
  assert.equal((await query(server, 'SELECT 1')).length, 1)
})

test('refuses the data of another major version with a sentence', async () => {
  const folder = shared
  const server = await startEmbeddedPostgres({ folder })
  await server.stop()
  writeFileSync(join(folder, 'data', 'PG_VERSION'), '14\n')
  await assert.rejects(startEmbeddedPostgres({ folder }), /PostgreSQL 14.*version \d+/)
})

const asRoot = process.getuid?.() === 0
for (const [means, closed] of [
  ['unshare', true],
  ['capability', true],
  ['user', false],
] as [Means, boolean][]) {
  test(`as root by « ${means} »${closed ? ', under a closed folder' : ''}, then by any other means`, {
    skip: !asRoot && 'not root',
  }, async (t) => {
    const parent = join(root, `by-${means}`)
    mkdirSync(parent, { mode: closed ? 0o700 : 0o755 })
    const folder = join(parent, 'deep'.repeat(40), 'postgres')
    if (!closed) mkdirSync(join(folder, '..'), { mode: 0o755 })
    let server: EmbeddedPostgres
    try {
      server = await startEmbeddedPostgres({ folder, means })
    } catch (error) {
      // Containers forbid one or the other; the choice between them is what matters there.
      if ((error as Error).message.startsWith('PostgreSQL refuse')) return t.skip(`« ${means} » does not work here`)
      throw error
    }
    await query(server, 'CREATE TABLE kept (id int)')
    await server.stop()
    const again = await startEmbeddedPostgres({ folder })
    try {
      assert.equal((await query(again, 'SELECT * FROM kept')).length, 0)
    } finally {
      await again.stop()
    }
  })
}
