// How many look-ups are allowed, and what among them looks like a walk: data/reference/identification-limits.json.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { PARTS } from './facets.ts'

const FILE = new URL('../../../../data/reference/identification-limits.json', import.meta.url)

/** A robot is stopped before its thirtieth success, whatever the host sets. */
const STOPPED_BEFORE = 30
/** Look-ups are kept a little longer than this (see src/platform/household.ts). */
const LONGEST_HOURS = 72

const count = z.int().min(1).max(1_000_000)
const hours = z.int().min(1).max(LONGEST_HOURS)
const hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const watched = z.strictObject({ hours, distinct: count })

export const IdentificationLimits = z.strictObject({
  /** `limitedDay`: by the limited identification, which a password opens; never more than thirty. */
  perPerson: z.strictObject({ hour: count, day: count, limitedDay: z.int().min(1).max(30) }),
  perAddress: z.strictObject({ hour: count, day: count }),
  /** Of all people together: the insured of one organisme, and what its own desk asks. */
  perOrganism: z.strictObject({ patientsHour: count, deskHour: count }),
  /** Hours of Paris. */
  night: z.strictObject({ from: hour, to: hour }),
  blocking: z.strictObject({
    /** Requests beyond a person's limit before their insistence counts as volume. */
    beyondLimit: count,
    volume: watched,
    night: watched,
    /** So many numbers of nobody when they are at least this share of all, or `always` whatever the share. */
    unknown: watched.extend({ share: z.number().min(0).max(1), always: count }),
    /** Numbers that stand within ten of another one. */
    crowding: watched.extend({ distinct: z.int().min(2).max(STOPPED_BEFORE) }),
    /** So many numbers alike in every part but those that vary. */
    runs: z
      .array(
        z.strictObject({
          varies: z.array(z.enum(PARTS)).min(1),
          hours,
          distinct: z.int().min(2).max(STOPPED_BEFORE),
        }),
      )
      .refine((rules) => rules.some(({ varies, hours }) => varies.join() === 'order' && hours >= 24), {
        error: 'numbers that differ by their order must be watched over a day at least',
      }),
  }),
})
export type IdentificationLimits = z.infer<typeof IdentificationLimits>

/** @throws when the file is missing or does not say what it must: nothing starts without limits. */
export function readLimits(): IdentificationLimits {
  return IdentificationLimits.parse(JSON.parse(readFileSync(FILE, 'utf8')))
}
