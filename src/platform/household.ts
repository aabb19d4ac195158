// What is over is removed: sessions, sign-ins begun and left, keys of old requests, and what the services have of their own.
import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import { type Database, statement } from './database/database.ts'
import { faultKind } from './http/server.ts'
import type { Sessions } from './sessions/sessions.ts'

const EVERY_MS = 10 * 60_000
/** A retry comes within minutes; a week covers a computer put to sleep over a holiday. */
const KEYS_KEPT_MS = 7 * 24 * 3_600_000
/** Kept for « praticien prévenu le … »; the notice's identifiers stay on the exchange. */
const NOTICES_KEPT_MS = 400 * 24 * 3_600_000

const KEYS = statement('household.keys', 'delete from portal.idempotency where created_at < $1')
const NOTICES = statement('household.notices', 'delete from portal.outbox where done_at < $1')

/** Sweeps every ten minutes. */
export function startHousehold(
  { database, clock, log }: { database: Database; clock: Clock; log: Logger },
  sessions: Sessions,
  /** What the services remove of their own. */
  sweepServices: () => Promise<void>,
): { sweep(): Promise<void>; stop(): void } {
  async function sweep() {
    const now = clock.now().getTime()
    await sessions.sweep()
    await database.administrative.run(KEYS, [new Date(now - KEYS_KEPT_MS)])
    await database.administrative.run(NOTICES, [new Date(now - NOTICES_KEPT_MS)])
    await sweepServices()
  }
  const timer = setInterval(
    () => sweep().catch((fault) => log.warn({ fault: faultKind(fault) }, 'household not done, will be tried again')),
    EVERY_MS,
  )
  timer.unref()
  return { sweep, stop: () => clearInterval(timer) }
}
