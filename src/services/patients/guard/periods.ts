// The hours and days in which look-ups are counted, and the night, on the clocks of France.
import { parisDay } from '../age.ts'
import type { IdentificationLimits } from './identification-limits.ts'

const HOUR_MS = 3_600_000
const PARIS_TIME = new Intl.DateTimeFormat('fr-FR', {
  timeZone: 'Europe/Paris',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** A stretch of time: its name (part of a counter's) and its end. */
export type Period = { name: string; endsAt: Date }

/** « 14:05 » in Paris. */
const parisTime = (at: Date): string => PARIS_TIME.format(at)

export function hourOf(now: Date): Period {
  const start = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS
  return { name: `hour/${new Date(start).toISOString().slice(0, 13)}`, endsAt: new Date(start + HOUR_MS) }
}

/** The calendar day of Paris, which is 23 or 25 hours long twice a year. */
export function dayOf(now: Date): Period {
  const day = parisDay(now)
  // Whole hours are whole in Paris too: the first one of another day is its midnight.
  let end = hourOf(now).endsAt
  while (parisDay(end) === day) end = new Date(end.getTime() + HOUR_MS)
  return { name: `day/${day}`, endsAt: end }
}

export function isNight(now: Date, { from, to }: IdentificationLimits['night']): boolean {
  const time = parisTime(now)
  return from <= to ? from <= time && time < to : time >= from || time < to
}

/** « à 15 h 00 », or « demain à 0 h 00 » when that is another day. */
export function whenSaid(at: Date, now: Date): string {
  const [hour, minute] = parisTime(at).split(':') as [string, string]
  const hours = `à ${Number(hour)} h ${minute}`
  return parisDay(at) === parisDay(now) ? hours : `demain ${hours}`
}
