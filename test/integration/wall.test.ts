// The wall between medical and administrative, and what the database really holds.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startServer } from '../../src/main.ts'
import { settingsFor } from '../../src/platform/database/database.ts'
import type { Client } from './client.ts'
import { freePort, identify, openExchange, startWorld, type World } from './harness.ts'
import { asRole } from './postgres.ts'

let world: World
let practitioner: Client
let adviser: Client
const secrets: string[] = []
before(async () => {
  world = await startWorld()
  practitioner = await world.signIn(await world.practitioner())
  adviser = await world.signIn(await world.staff())
  const secret = (label: string) => {
    const text = world.canary(label)
    secrets.push(text)
    return text
  }
  const exchangeId = await openExchange(practitioner, { subject: secret('objet'), text: secret('question') })
  const params = { exchangeId }
  await adviser.do('POST /api/exchanges/:exchangeId/messages', { params, body: { text: secret('avis') } })
  const patientId = await identify(practitioner)
  const banner = await practitioner.do('GET /api/patients/:patientId', { params: { patientId } })
  secrets.push(banner.lastName, banner.birthName, banner.birthDate, '2840588321025', banner.nir)
  const content = { motif: 'ALD', subject: secret('brouillon'), text: secret('brouillon'), practiceBoxId: null }
  await practitioner.do('POST /api/drafts', { body: { patientId, content } })
  await practitioner.do('POST /api/drafts', { body: { exchangeId, content } })
})
after(() => world.stop())

const tables = (schemas: string) =>
  world.database.sql<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in (${schemas})`,
  )

test('no clear text in any table, as text or as bytes', async () => {
  const all = await tables("'medical', 'portal', 'trace', 'public'")
  assert.ok(all.length > 15)
  for (const { name } of all) {
    const rows = await world.database.sql<{ text: string }>(`select to_jsonb(t)::text as text from ${name} t`)
    const content = rows.map((row) => row.text).join('\n')
    for (const secret of secrets) {
      // PostgreSQL writes bytes as hexadecimal; texts may also stand as base64 or UTF-16 in them.
      for (const bytes of [Buffer.from(secret), Buffer.from(secret, 'utf16le')])
        assert.ok(!content.includes(bytes.toString('hex')), `${name} holds the bytes of ${secret}`)
      assert.ok(!content.includes(secret), `${name} holds ${secret}`)
      assert.ok(!content.includes(Buffer.from(secret).toString('base64').slice(0, -4)), `${name} holds ${secret}`)
    }
  }
})

test('the search finds what is there: a text put in clear is met', async () => {
  await world.database.sql('update medical.exchange set header = header || convert_to($1, $2)', [secrets[0], 'UTF8'])
  const [row] = await world.database.sql<{ text: string }>('select to_jsonb(t)::text as text from medical.exchange t')
  assert.ok(row?.text.includes(Buffer.from(secrets[0]!).toString('hex')))
  await world.database.sql('update medical.exchange set header = substring(header for length(header) - $1)', [
    Buffer.byteLength(secrets[0]!),
  ])
})

test('what is sealed cannot be moved: another message, another exchange, another draft, another key', async () => {
  const one = await openExchange(practitioner, { text: 'Un' })
  const two = await openExchange(practitioner, { text: 'Deux' })
  await practitioner.do('POST /api/exchanges/:exchangeId/messages', {
    params: { exchangeId: one },
    body: { text: 'Un bis' },
  })
  const moves: [name: string, sql: string, values: unknown[]][] = [
    [
      'the body of another message of the same exchange',
      `update medical.message m set body = o.body from medical.message o
       where m.exchange_id = $1 and m.seq = 1 and o.exchange_id = $1 and o.seq = 2`,
      [one],
    ],
    [
      'the body of another exchange',
      `update medical.message m set body = o.body from medical.message o
       where m.exchange_id = $1 and m.seq = 1 and o.exchange_id = $2 and o.seq = 1`,
      [one, two],
    ],
    [
      'the header of another exchange',
      'update medical.exchange m set header = o.header from medical.exchange o where m.exchange_id = $1 and o.exchange_id = $2',
      [one, two],
    ],
    [
      'the key of another exchange',
      `update medical.exchange m set data_key = o.data_key, header = o.header
       from medical.exchange o where m.exchange_id = $1 and o.exchange_id = $2`,
      [one, two],
    ],
    [
      'a byte changed',
      'update medical.message set body = set_byte(body, 20, get_byte(body, 20) # 1) where exchange_id = $1 and seq = 1',
      [one],
    ],
  ]
  for (const [name, sql, values] of moves) {
    await world.database.sql('create table public.kept as table medical.message')
    await world.database.sql('create table public.kept_exchange as table medical.exchange')
    await world.database.sql(sql, values)
    const answer = await practitioner.call('GET /api/exchanges/:exchangeId', { params: { exchangeId: one } })
    assert.deepEqual([answer.status, answer.code], [500, 'internal-error'], name)
    assert.deepEqual(Object.keys(answer.json as object).toSorted(), ['code', 'requestId', 'status', 'title', 'type'])
    await world.database.sql(
      'update medical.message m set body = k.body from public.kept k where m.message_id = k.message_id',
    )
    await world.database.sql(
      `update medical.exchange m set header = k.header, data_key = k.data_key from public.kept_exchange k
       where m.exchange_id = k.exchange_id`,
    )
    await world.database.sql('drop table public.kept, public.kept_exchange')
    assert.equal(
      (await practitioner.call('GET /api/exchanges/:exchangeId', { params: { exchangeId: one } })).status,
      200,
    )
  }
})

test('a NIR is found by its index under one organism only', async () => {
  const rows = await world.database.sql<{ n: number; length: number }>(
    'select count(distinct nir_index)::int as n, max(length(nir_index)) as length from medical.exchange',
  )
  assert.deepEqual(rows, [{ n: 1, length: 32 }])
  await openExchange(practitioner, { number: '153124500723160' })
  const [after] = await world.database.sql<{ n: number }>(
    'select count(distinct nir_index)::int as n from medical.exchange',
  )
  assert.equal(after?.n, 2)
})

test('the administrative role reads no medical table, by any verb', async () => {
  await asRole(world.database.connection, 'administrative', async (client) => {
    for (const { name } of await tables("'medical'"))
      for (const sql of [
        `select 1 from ${name}`,
        `delete from ${name}`,
        `update ${name} set organism_id = ''`,
        `table ${name}`,
      ])
        await assert.rejects(client.query(sql), { code: '42501' }, sql)
  })
})

test('nobody but the owner changes or shortens the trace, an exchange’s messages, the schema', async () => {
  for (const role of ['medical', 'administrative'] as const)
    await asRole(world.database.connection, role, async (client) => {
      const { rows } = await client.query('select current_user as me')
      assert.equal(rows[0].me, `consilium_${role}`)
      for (const sql of [
        'update trace.event set event = event',
        'delete from trace.event',
        'truncate trace.event',
        'delete from trace.lane',
        'drop table trace.event',
        'alter table trace.event disable trigger all',
        'create table portal.mine (a int)',
        'create table public.mine (a int)',
        'delete from medical.message',
        'delete from medical.exchange',
        'delete from medical.box_entry',
        'delete from portal.person',
        'truncate portal.person',
      ])
        await assert.rejects(client.query(sql), { code: '42501' }, `${role}: ${sql}`)
    })
})

test('the medical role cannot make sessions, people or holders of boxes', async () => {
  await asRole(world.database.connection, 'medical', async (client) => {
    for (const sql of [
      "insert into portal.box_holder select box_id, box_id, 'x', now() from portal.box limit 1",
      "update portal.session set role = 'medecin_conseil'",
      'delete from portal.session',
      'select * from portal.sign_in_request',
      "update portal.person set email = 'x'",
    ])
      await assert.rejects(client.query(sql), { code: '42501' }, sql)
  })
})

test('an address of the database with options of its own keeps the role', () => {
  const owner = 'postgres://someone@db.example/consilium?options=-c%20work_mem%3D8MB&sslmode=disable'
  for (const role of ['medical', 'administrative'] as const) {
    const { options, connectionString } = settingsFor({ kind: 'url', owner }, role)
    assert.match(String(options), new RegExp(`^-c work_mem=8MB .*-c role=consilium_${role}$`))
    assert.ok(!connectionString?.includes('options'))
  }
})

test('nothing starts where the administrative connection could read the medical schema', async () => {
  const { connection } = world.database
  const owner =
    connection.kind === 'url'
      ? connection.owner
      : `postgres://consilium_owner@localhost/${connection.database}?host=${encodeURIComponent(connection.host)}`
  const started = startServer(
    { ...world.configuration, port: await freePort() },
    { kind: 'url', owner, administrative: owner },
    { log: world.server.app.log as never, mailer: world.mailer },
  )
  await assert.rejects(started, /DATABASE_URL_ADMINISTRATIVE/)
})

test('without the right keys nothing opens, and nothing is lost: with them again, it does', async () => {
  const keys = world.configuration.keysFolder
  const aside = mkdtempSync(join(tmpdir(), 'consilium-keys-aside-'))
  const port = await freePort()
  const other = await startServer(
    { ...world.configuration, port, keysFolder: join(aside, 'other') },
    world.database.connection,
    { clock: world.clock, log: world.server.app.log as never, mailer: world.mailer },
  )
  const answer = await practitioner
    .at(`http://localhost:${port}`)
    .call('GET /api/exchanges', { query: { folder: 'todo' } })
  assert.equal(answer.status, 500)
  for (const secret of secrets) assert.ok(!answer.text.includes(secret))
  await other.stop()
  cpSync(keys, join(aside, 'copy'), { recursive: true })
  const again = await startServer(
    { ...world.configuration, port, keysFolder: join(aside, 'copy') },
    world.database.connection,
    { clock: world.clock, log: world.server.app.log as never, mailer: world.mailer },
  )
  const list = await practitioner
    .at(`http://localhost:${port}`)
    .call('GET /api/exchanges', { query: { folder: 'todo' } })
  assert.equal(list.status, 200)
  await again.stop()
  rmSync(aside, { recursive: true, force: true })
})
