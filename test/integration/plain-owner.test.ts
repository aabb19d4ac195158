// A hosted PostgreSQL gives no superuser: an owner who may make roles and databases is enough, and the wall stands.
import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { type Connection, openDatabase, statement } from '../../src/platform/database/database.ts'
import { migrate } from '../../src/platform/database/migrate.ts'
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/start-embedded-postgres.ts'

test('an owner that is no superuser migrates, twice, and each pool takes its role', async () => {
  await using stack = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'consilium-owner-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  chmodSync(folder, 0o755)
  const server = await startEmbeddedPostgres({ folder: join(folder, 'postgres') })
  stack.defer(() => server.stop())
  const superuser = new pg.Client(server.connection)
  await superuser.connect()
  await superuser.query('create role hosted login createrole createdb')
  await superuser.query('create database hosted owner hosted')
  await superuser.end()

  const owner = `postgres://hosted@localhost/hosted?host=${encodeURIComponent(server.connection.host)}`
  const connection: Connection = { kind: 'url', owner }
  assert.ok((await migrate(connection)).length >= 3)
  assert.deepEqual(await migrate(connection), [])
  const database = openDatabase(connection)
  stack.defer(() => database.close())
  const who = statement('test.who', 'select current_user::text as me')
  assert.deepEqual(await database.medical.run(who), [{ me: 'consilium_medical' }])
  assert.deepEqual(await database.administrative.run(who), [{ me: 'consilium_administrative' }])
  const reach = statement('test.reach', 'select 1 from medical.exchange')
  assert.deepEqual(await database.medical.run(reach), [])
  await assert.rejects(database.administrative.run(reach), { code: '42501' })
})
