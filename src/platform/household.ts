// What is over is removed: sessions, sign-ins begun and left, patients in hand, keys of old requests.
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
/** Look-ups are compared over three days at most (data/reference/identification-limits.json), and an hour more. */
const LOOKUPS_KEPT_MS = 73 * 3_600_000

const PATIENTS = statement('household.patients', 'delete from medical.patient_in_hand where expires_at < $1')
const LOOKUPS = statement('household.lookups', 'delete from medical.lookup where at < $1')
const COUNTS = statement('household.lookup-counts', 'delete from medical.lookup_count where ends_at < $1')
const CARRIED = statement('household.carried-texts', 'delete from medical.carried_text where expires_at < $1')
const KEYS = statement('household.keys', 'delete from portal.idempotency where created_at < $1')
const NOTICES = statement('household.notices', 'delete from portal.outbox where done_at < $1')

/** Sweeps every ten minutes. */
export function startHousehold(
  { database, clock, log }: { database: Database; clock: Clock; log: Logger },
  sessions: Sessions,
  /** What services remove of their own. */
  sweepServices: () => Promise<void> = async () => {},
): { sweep(): Promise<void>; stop(): void } {
  async function sweep() {
    const now = clock.now().getTime()
    await sessions.sweep()
    await database.medical.run(PATIENTS, [new Date(now)])
    await database.medical.run(CARRIED, [new Date(now)])
    await database.medical.run(LOOKUPS, [new Date(now - LOOKUPS_KEPT_MS)])
    await database.medical.run(COUNTS, [new Date(now)])
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
