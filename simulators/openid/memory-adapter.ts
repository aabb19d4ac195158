// Where the simulated providers keep sessions, codes and tokens: memory, bounded. What a portal counts on over a restart of
// its provider (refresh tokens, what they were granted for) is also kept in a file, where one is named.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

type Payload = Record<string, unknown> & { uid?: string; grantId?: string; consumed?: number }
type Entry = { payload: Payload; expiresAt: number }

const MAX_ENTRIES = 5000
const KEPT = /^(RefreshToken|Grant):/

/**
 * Makes the adapter that oidc-provider asks for, one store for all its models.
 * @param file what is kept over a restart; without it, nothing is
 */
export function createMemoryAdapter(file?: string) {
  const entries = new Map<string, Entry>(file ? readKept(file) : [])

  /** At once, and whole: a demonstration is killed as well as stopped. */
  function keep(key: string): void {
    if (!file || !KEPT.test(key)) return
    const kept = [...entries].filter(([name, { expiresAt }]) => KEPT.test(name) && expiresAt > Date.now())
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }

  const read = (key: string): Payload | undefined => {
    const entry = entries.get(key)
    if (!entry) return undefined
    if (entry.expiresAt > Date.now()) return entry.payload
    entries.delete(key)
    return undefined
  }

  return (model: string) => ({
    async upsert(id: string, payload: Payload, expiresIn?: number) {
      const key = `${model}:${id}`
      entries.delete(key)
      // Oldest first: a map keeps the order of insertion.
      if (entries.size >= MAX_ENTRIES) entries.delete(entries.keys().next().value!)
      // A time, and not infinity, which JSON has no word for.
      entries.set(key, { payload, expiresAt: expiresIn ? Date.now() + expiresIn * 1000 : Number.MAX_SAFE_INTEGER })
      keep(key)
    },
    async find(id: string) {
      return read(`${model}:${id}`)
    },
    async findByUid(uid: string) {
      for (const [key, { payload }] of entries) {
        if (key.startsWith(`${model}:`) && payload.uid === uid) return read(key)
      }
      return undefined
    },
    async findByUserCode() {
      return undefined
    },
    async consume(id: string) {
      const payload = read(`${model}:${id}`)
      if (payload) payload.consumed = Math.floor(Date.now() / 1000)
      keep(`${model}:${id}`)
    },
    async destroy(id: string) {
      entries.delete(`${model}:${id}`)
      keep(`${model}:${id}`)
    },
    async revokeByGrantId(grantId: string) {
      for (const [key, { payload }] of entries) {
        if (payload.grantId === grantId) entries.delete(key)
      }
      keep(`Grant:${grantId}`)
    },
  })
}

function readKept(file: string): [string, Entry][] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as [string, Entry][]
  } catch {
    // None yet, or one of another version: everybody signs in again.
    return []
  }
}
