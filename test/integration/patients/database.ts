// A database of its own for one test file, migrated: on the server at DATABASE_URL, else on an embedded one.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Connection, type Database, openDatabase } from '../../../src/platform/database/database.ts'
import { migrate } from '../../../src/platform/database/migrate.ts'
import { startEmbeddedPostgres } from '../../../src/platform/embedded-postgres/start-embedded-postgres.ts'
import { createKeyFiles, fileKeys } from '../../../src/platform/vault/keys.ts'
import { createVault, type Vault } from '../../../src/platform/vault/vault.ts'

export type Ground = {
  database: Database
  vault: Vault
  /** Whatever an administrator of the database would see: as owner, past the roles. */
  asOwner(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

export async function openGround(): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'consilium-patients-'))
  const server = process.env.DATABASE_URL ? await onServer(process.env.DATABASE_URL) : await embedded(folder)
  await migrate(server.connection)
  const database = openDatabase(server.connection)
  await createKeyFiles(join(folder, 'keys'))
  return {
    database,
    vault: createVault(await fileKeys(join(folder, 'keys'))),
    async asOwner(text, values) {
      const client = new pg.Client(server.owner)
      await client.connect()
      try {
        return (await client.query(text, values)).rows
      } finally {
        await client.end()
      }
    },
    async close() {
      await database.close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Server = { connection: Connection; owner: pg.ClientConfig; stop(): Promise<void> }

async function embedded(folder: string): Promise<Server> {
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres') })
  return {
    connection: { kind: 'embedded', ...postgres.connection },
    owner: postgres.connection,
    stop: () => postgres.stop(),
  }
}

async function onServer(address: string): Promise<Server> {
  const name = `consilium_patients_${process.pid}_${Date.now()}`
  const administer = async (text: string) => {
    const client = new pg.Client({ connectionString: address })
    await client.connect()
    await client.query(text)
    await client.end()
  }
  await administer(`create database ${name}`)
  const owner = new URL(address)
  owner.pathname = `/${name}`
  return {
    connection: { kind: 'url', owner: owner.href },
    owner: { connectionString: owner.href },
    stop: () => administer(`drop database ${name} with (force)`),
  }
}
