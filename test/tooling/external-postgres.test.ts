import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { startExternalPostgres } from './external-postgres.ts'

test('starts a server of the machine that asks for its password, and removes it', async () => {
  const server = await startExternalPostgres(() => {})
  const connect = async (url: string) => {
    const client = new pg.Client(url)
    client.on('error', () => {})
    try {
      await client.connect()
      return (await client.query('SELECT current_database() AS name')).rows[0].name
    } finally {
      await client.end().catch(() => {})
    }
  }
  try {
    assert.ok(Number.parseInt(server.version, 10) >= 15, server.version)
    assert.equal(await connect(server.url), 'consilium')
    const wrong = new URL(server.url)
    wrong.password = 'wrong'
    await assert.rejects(connect(wrong.href), { code: '28P01' })
  } finally {
    await server.stop()
  }
  await assert.rejects(connect(server.url), { code: 'ECONNREFUSED' })
})
