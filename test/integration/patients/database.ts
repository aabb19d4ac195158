// What acts stand on, without a server around them: a fresh database, migrated, and a vault with keys of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../../src/platform/database/database.ts'
import { migrate } from '../../../src/platform/database/migrate.ts'
import { createKeyFiles, fileKeys } from '../../../src/platform/vault/keys.ts'
import { createVault, type Vault } from '../../../src/platform/vault/vault.ts'
import { freshDatabase } from '../postgres.ts'

export type Ground = {
  database: Database
  vault: Vault
  /** Whatever the owner of the database would see, past the roles. */
  asOwner(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

export async function openGround(): Promise<Ground> {
  const fresh = await freshDatabase()
  await migrate(fresh.connection)
  const database = openDatabase(fresh.connection)
  const folder = mkdtempSync(join(tmpdir(), 'consilium-keys-'))
  await createKeyFiles(folder)
  return {
    database,
    vault: createVault(await fileKeys(folder)),
    asOwner: (text, values) => fresh.sql(text, values),
    async close() {
      await database.close()
      await fresh.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
