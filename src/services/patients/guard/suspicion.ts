// Whether look-ups are the work of a practice, or a walk through numbers. Pure: counts in, cause out.
import type { IdentificationLimits } from './identification-limits.ts'

export type Cause = 'run' | 'unknown' | 'volume' | 'night'

/** What one person has looked up, the look-up in hand included; all are numbers of different numbers. */
export type Watched = {
  volume: number
  /** How far beyond what is allowed the person's hour and day are, repeats included; negative below. */
  beyond: number[]
  night: number
  /** Whether the look-up in hand is made by night. */
  byNight: boolean
  unknown: number
  /** All those of the time in which the unknown ones are counted. */
  unknownAmong: number
  crowding: number
  /** For each rule of the data: those alike with the number in hand. */
  runs: number[]
}

/** Why this person must be blocked before the number in hand is asked for; null when nothing is the matter. */
export function causeOf(watched: Watched, { blocking }: Pick<IdentificationLimits, 'blocking'>): Cause | null {
  const { unknown } = blocking
  if (blocking.runs.some((rule, at) => (watched.runs[at] ?? 0) >= rule.distinct)) return 'run'
  if (watched.crowding >= blocking.crowding.distinct) return 'run'
  const many = watched.unknown >= unknown.distinct && watched.unknown >= unknown.share * watched.unknownAmong
  if (many || watched.unknown >= unknown.always) return 'unknown'
  if (watched.byNight && watched.night > blocking.night.distinct) return 'night'
  if (watched.volume > blocking.volume.distinct) return 'volume'
  // Once, at the passing: a block that was lifted must not come back for what the counters still hold.
  if (watched.beyond.includes(blocking.beyondLimit + 1)) return 'volume'
  return null
}
