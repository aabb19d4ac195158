// Tries are counted before they are made, in one statement each: guesses that come together cannot slip through. An
// identifier that nobody has is counted like one that somebody has, so that neither answers nor waits tell them apart.
import type { Clock } from '../../platform/clock.ts'
import { type Database, statement } from '../../platform/database/database.ts'
import { networkOf } from '../../platform/network.ts'
import type { Vault } from '../../platform/vault/vault.ts'
import { refuse } from './problems.ts'

/** Tries of an identifier that cost no waiting. */
const FREE = 4
/** Many people may share one address: the reverse proxy of a hospital. */
const FREE_PER_ADDRESS = 20
const LONGEST_WAIT_S = 15 * 60
/** An address that has been quiet for so long begins anew. */
const ADDRESS_MEMORY_MS = 30 * 60_000

// Counted when it may be made, and not at all when it may not: who waits is not made to wait longer. No waiting is no
// time at all ('-infinity'): requests that come together have read the clock in any order.
const TAKE = statement(
  'passwords.take-attempt',
  `insert into portal.password_attempt as a (attempt_key, failures, wait_until, locked_at, updated_at)
   values ($1, 1, '-infinity', case when $5 = 1 then $2::timestamptz end, $2)
   on conflict (attempt_key) do update set
     failures = case when a.updated_at < $3 then 1 else a.failures + 1 end,
     wait_until = case when a.updated_at < $3 or a.failures + 1 <= $4 then '-infinity'
       else $2::timestamptz + make_interval(secs => least(power(2, least(a.failures - $4, 20)), ${LONGEST_WAIT_S})) end,
     locked_at = case when a.failures + 1 >= $5 then $2::timestamptz end,
     updated_at = $2
   where a.locked_at is null and (a.wait_until <= $2 or a.wait_until > $2::timestamptz + interval '${LONGEST_WAIT_S} seconds')
   returning failures, locked_at is not null as locked`,
)
const LOOK = statement(
  'passwords.look-at-attempts',
  `select wait_until as "waitUntil", locked_at is not null as locked from portal.password_attempt where attempt_key = $1`,
)
/** Of an identifier: all is forgotten. Of an address: this try is given back. */
const FORGET = statement('passwords.forget-attempts', 'delete from portal.password_attempt where attempt_key = $1')
const GIVE_BACK = statement(
  'passwords.give-attempt-back',
  `update portal.password_attempt set failures = greatest(failures - 1, 0), wait_until = '-infinity' where attempt_key = $1`,
)

type Parts = { database: Database; clock: Clock; vault: Vault }

export const keyOfIdentifier = (vault: Vault, identifier: string): Promise<Buffer> =>
  vault.index('administrative', 'portal', `attempt/identifier/${identifier}`)
const keyOfAddress = (vault: Vault, purpose: string, address: string): Promise<Buffer> =>
  vault.index('administrative', 'portal', `attempt/${purpose}/${networkOf(address)}`)

/** Takes one try of an identifier. `last`: the one after which it is locked, unless it succeeds. */
export async function takeAttempt(
  parts: Parts,
  attemptKey: Buffer,
  triesBeforeLock: number,
): Promise<{ last: boolean }> {
  const row = await take(parts, attemptKey, { forgetMs: null, free: FREE, lockAt: triesBeforeLock })
  return { last: row.locked }
}

/** Takes one try of an address (of its network: whoever has one of IPv6 has millions), for a purpose. @throws Refusal `password-slowed` */
export async function takeAttemptOf(
  parts: Parts,
  purpose: string,
  address: string,
): Promise<{ giveBack(): Promise<void> }> {
  const key = await keyOfAddress(parts.vault, purpose, address)
  await take(parts, key, { forgetMs: ADDRESS_MEMORY_MS, free: FREE_PER_ADDRESS, lockAt: null })
  return {
    async giveBack() {
      await parts.database.administrative.run(GIVE_BACK, [key])
    },
  }
}

/** Everything went well: the identifier begins anew. */
export async function forgetAttempts({ database }: Pick<Parts, 'database'>, attemptKey: Buffer): Promise<void> {
  await database.administrative.run(FORGET, [attemptKey])
}

async function take(
  { database, clock }: Parts,
  key: Buffer,
  rule: { forgetMs: number | null; free: number; lockAt: number | null },
): Promise<{ locked: boolean }> {
  const now = clock.now()
  const forgotten = new Date(rule.forgetMs === null ? 0 : now.getTime() - rule.forgetMs)
  const values = [key, now, forgotten, rule.free, rule.lockAt ?? 2_000_000_000]
  const [taken] = await database.administrative.run<{ locked: boolean }>(TAKE, values)
  if (taken) return taken
  const [row] = await database.administrative.run<{ waitUntil: Date | number; locked: boolean }>(LOOK, [key])
  if (row?.locked) throw refuse('password-locked')
  const retryAfter = Math.max(
    1,
    Math.ceil(((row?.waitUntil instanceof Date ? row.waitUntil.getTime() : 0) - now.getTime()) / 1000),
  )
  throw refuse('password-slowed', { extra: { retryAfter } })
}
