import { statement } from '../../platform/database/database.ts'
import type { InHand } from './in-hand.ts'

/** Look-ups are compared over three days at most (guard/identification-limits.ts), and an hour more. */
const LOOKUPS_KEPT_MS = 73 * 3_600_000

const IN_HAND = statement('patients.sweep-in-hand', 'delete from medical.patient_in_hand where expires_at < $1')
const LOOKUPS = statement('patients.sweep-lookups', 'delete from medical.lookup where at < $1')
const COUNTS = statement('patients.sweep-counts', 'delete from medical.lookup_count where ends_at < $1')

/** Removes patients no longer in hand, and look-ups too old to be compared. */
export async function sweep({ database, clock }: Pick<InHand, 'database' | 'clock'>): Promise<void> {
  const now = clock.now()
  await database.medical.run(IN_HAND, [now])
  await database.medical.run(LOOKUPS, [new Date(now.getTime() - LOOKUPS_KEPT_MS)])
  await database.medical.run(COUNTS, [now])
}
