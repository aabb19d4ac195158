// Rules of delegations, pure: whom, for how long, in which state.
import type { delegationsProblems } from './problems.ts'

export type DelegateReading =
  | { subject: string; kind: 'colleague' | 'employee' }
  | { fault: keyof typeof delegationsProblems & ('delegate-shape' | 'delegate-rpps-key') }

/**
 * Reads what a practitioner typed: an RPPS (11 digits with its Luhn key, « 8 » in front accepted, spaces too), or the
 * identifier of a card of a structure, whose form is known by a few examples only (IDENTITY: parts 0.5 and 2.1).
 */
export function readDelegate(typed: string): DelegateReading {
  const given = typed.replaceAll(/[\s.]/g, '').toUpperCase()
  const rpps = /^8?(\d{11})$/.exec(given)?.[1]
  if (rpps) return luhn(rpps) ? { subject: `8${rpps}`, kind: 'colleague' } : { fault: 'delegate-rpps-key' }
  if (/^\d[0-9A-Z]{5,19}\/[0-9A-Z]{3,20}$/.test(given)) return { subject: given, kind: 'employee' }
  return { fault: 'delegate-shape' }
}

/** How such an identifier is shown. */
export function shownDelegate(subject: string): string {
  const rpps = /^8(\d{11})$/.exec(subject)?.[1]
  return rpps ? `RPPS ${rpps}` : subject
}

function luhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const weighed = i % 2 === 1 ? digit * 2 : digit
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}

/** The faulty field of a period, or null: from today on at the earliest, within a year, for a year at most. */
export function faultOfPeriod(from: string, to: string, today: string): { pointer: string; detail: string } | null {
  if (from < today) return { pointer: '/validFrom', detail: 'Le premier jour ne peut pas être passé.' }
  if (from > yearAfter(today)) return { pointer: '/validFrom', detail: 'Le premier jour doit être dans l’année.' }
  if (to < from) return { pointer: '/validTo', detail: 'Le dernier jour doit suivre le premier.' }
  if (to > yearAfter(from)) return { pointer: '/validTo', detail: 'Une délégation dure un an au plus.' }
  return null
}

/** The same day of the next year; the 29th of February has the 28th. */
export function yearAfter(day: string): string {
  const [year, month, date] = day.split('-') as [string, string, string]
  return `${String(Number(year) + 1).padStart(4, '0')}-${month}-${month === '02' && date === '29' ? '28' : date}`
}

/** The day in France at a moment, « 2026-11-24 ». */
export const dayInFrance = (at: Date): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(at)

/** The moment a day begins in France; clocks change later in the night, so the offset is that of this very moment. */
export function startOfDay(day: string): Date {
  const offset = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Paris', timeZoneName: 'longOffset' })
    .formatToParts(new Date(`${day}T00:00:00Z`))
    .find(({ type }) => type === 'timeZoneName')!
    .value.replace('GMT', '')
  return new Date(`${day}T00:00:00${offset || 'Z'}`)
}

/** The moment a day has ended in France. */
export function endOfDay(day: string): Date {
  const next = new Date(`${day}T12:00:00Z`)
  next.setUTCDate(next.getUTCDate() + 1)
  return startOfDay(next.toISOString().slice(0, 10))
}

export type State = 'active' | 'upcoming' | 'ended' | 'revoked'

export function stateOf(
  { valid_from, valid_to, revoked_at }: { valid_from: Date; valid_to: Date; revoked_at: Date | null },
  now: Date,
): State {
  if (revoked_at) return 'revoked'
  if (now < valid_from) return 'upcoming'
  return now < valid_to ? 'active' : 'ended'
}
