// Where the simulated providers keep sessions, codes and tokens: memory, bounded, nothing after a restart.

type Payload = Record<string, unknown> & { uid?: string; grantId?: string; consumed?: number }
type Entry = { payload: Payload; expiresAt: number }

const MAX_ENTRIES = 5000

/** Makes the adapter that oidc-provider asks for, one store for all its models. */
export function createMemoryAdapter() {
  const entries = new Map<string, Entry>()

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
      entries.set(key, { payload, expiresAt: expiresIn ? Date.now() + expiresIn * 1000 : Number.POSITIVE_INFINITY })
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
    },
    async destroy(id: string) {
      entries.delete(`${model}:${id}`)
    },
    async revokeByGrantId(grantId: string) {
      for (const [key, { payload }] of entries) {
        if (payload.grantId === grantId) entries.delete(key)
      }
    },
  })
}
