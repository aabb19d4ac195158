// Where the key-encryption keys are. One implementation today, a folder of key files; a key server and a token have
// the same three calls.
import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Domain } from './vault.ts'
import { openBytes, sealBytes } from './vault.ts'

export type KeyProvider = {
  /** Wraps a data key under the current key of the organism's domain; `owner` is bound to it. */
  wrap(domain: Domain, organismId: string, key: Buffer, owner: string): Promise<{ keyId: string; wrapped: Buffer }>
  /** @throws when the key is not known here, or the wrapped key belongs to another owner. */
  unwrap(domain: Domain, organismId: string, keyId: string, wrapped: Buffer, owner: string): Promise<Buffer>
  /** The key of the organism's index (NIR); it never changes, or nothing could be found again. */
  indexKey(domain: Domain, organismId: string): Promise<KeyObject>
}

type KeyFile = { domain: Domain; current: string; secrets: Record<string, string>; index: string }

/** Makes the key files of a folder where they are missing (mode 0600); two processes may do it at once. */
export async function createKeyFiles(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const domain of ['medical', 'administrative'] as const) {
    const current = `${domain}-1`
    const content: KeyFile = {
      domain,
      current,
      secrets: { [current]: randomBytes(32).toString('base64') },
      index: randomBytes(32).toString('base64'),
    }
    await createWhole(folder, `${domain}.json`, `${JSON.stringify(content, null, 2)}\n`)
  }
  // The names too must be on the disk before anything is sealed under these keys.
  const names = await open(folder, 'r')
  await names.sync().finally(() => names.close())
}

/** Makes a file that is there whole or not at all, whoever dies when; one that is there already stays as it is. */
async function createWhole(folder: string, name: string, content: string): Promise<void> {
  const aside = join(folder, `.${name}.${process.pid}.${randomBytes(4).toString('hex')}`)
  const file = await open(aside, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
    await link(aside, join(folder, name))
  } catch (fault) {
    if ((fault as { code?: string }).code !== 'EEXIST') throw fault
  } finally {
    await file.close()
    await rm(aside, { force: true })
  }
}

/**
 * Keys from files: each file holds the secrets of a domain, and each organism's key is derived from them (HKDF-SHA-256,
 * RFC 5869), so that organisms have different keys and none is written while serving.
 * @throws Error when a file is missing or unreadable.
 */
export async function fileKeys(folder: string): Promise<KeyProvider> {
  const files = new Map<Domain, KeyFile>()
  for (const domain of ['medical', 'administrative'] as const)
    files.set(domain, JSON.parse(await readFile(join(folder, `${domain}.json`), 'utf8')) as KeyFile)
  const derived = new Map<string, KeyObject>()

  function derive(secret: string, purpose: string): KeyObject {
    const known = derived.get(purpose)
    if (known) return known
    const key = createSecretKey(new Uint8Array(hkdfSync('sha256', Buffer.from(secret, 'base64'), '', purpose, 32)))
    derived.set(purpose, key)
    return key
  }
  function keyOf(domain: Domain, organismId: string, keyId: string): KeyObject {
    const secret = files.get(domain)?.secrets[keyId]
    if (!secret) throw new Error(`key ${keyId} is not in the key files`)
    return derive(secret, `consilium/key/${domain}/${organismId}/${keyId}`)
  }

  return {
    async wrap(domain, organismId, key, owner) {
      const keyId = files.get(domain)!.current
      return { keyId, wrapped: sealBytes(keyOf(domain, organismId, keyId), `key/${organismId}/${owner}`, key) }
    },
    async unwrap(domain, organismId, keyId, wrapped, owner) {
      return openBytes(keyOf(domain, organismId, keyId), `key/${organismId}/${owner}`, wrapped)
    },
    async indexKey(domain, organismId) {
      return derive(files.get(domain)!.index, `consilium/index/${domain}/${organismId}`)
    },
  }
}
