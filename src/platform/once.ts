// Writing once: the key a client sends with a write makes a retry give the first answer, and change nothing.
import { type Runner, statement } from './database/database.ts'
import { refuse } from './http/problem.ts'
import type { Vault } from './vault/vault.ts'

const EARLIER = statement(
  'once.earlier',
  'select digest, result from portal.idempotency where person_id = $1 and key = $2',
)

/** Keyed digest of a request: tells whether the same came again, and nothing of what it holds. */
export const digestOf = (vault: Vault, operation: string, body: unknown): Promise<Buffer> =>
  vault.index('medical', 'once', `${operation}\n${JSON.stringify(body)}`)

/** True for the fault of two requests with one key. */
export const keyTaken = (fault: unknown): boolean =>
  (fault as { code?: string; constraint?: string }).code === '23505' &&
  (fault as { constraint?: string }).constraint === 'idempotency_pkey'

/**
 * The answer given to an earlier request with this key, or null when there was none.
 * @throws Refusal `idempotency-key-reused` when that request was another one
 */
export async function earlierAnswer<Result>(
  runner: Runner,
  personId: string,
  key: string,
  digest: Buffer,
): Promise<Result | null> {
  const [row] = await runner.run<{ digest: Buffer; result: Result }>(EARLIER, [personId, key])
  if (!row) return null
  if (!row.digest.equals(digest)) throw refuse('idempotency-key-reused')
  return row.result
}

/**
 * Runs a write statement once. It gives no row when the right or the state is missing, and fails on the key when it was
 * done before: both look for the earlier answer first.
 */
export async function once<Row, Result>(
  runner: Runner,
  who: { personId: string; key: string; digest: Buffer },
  write: () => Promise<Row[]>,
): Promise<{ done: Row } | { earlier: Result } | { refused: true }> {
  let rows: Row[] = []
  try {
    rows = await write()
  } catch (fault) {
    if (!keyTaken(fault)) throw fault
  }
  if (rows[0] !== undefined) return { done: rows[0] }
  const earlier = await earlierAnswer<Result>(runner, who.personId, who.key, who.digest)
  return earlier ? { earlier } : { refused: true }
}
