// Ages as people say them, on the calendar of France.

const PARIS = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' })

/** The day people in France read on the calendar at this moment, « 2026-11-23 ». */
export function parisDay(now: Date): string {
  return PARIS.format(now)
}

/**
 * « 12 jours » in the first month of life, « 8 mois » before two years, « 42 ans » after.
 * @param birthDate full ISO date
 */
export function ageLabel(birthDate: string, now: Date): string {
  const today = parisDay(now)
  if (birthDate >= today) return '0 jour'
  const months = monthsBetween(birthDate, today)
  if (months < 1) return plural((Date.parse(today) - Date.parse(birthDate)) / 86_400_000, 'jour')
  if (months < 24) return `${months} mois`
  return plural(Math.floor(months / 12), 'an')
}

/** Whole years of age; none before the first birthday. */
export function ageOn(birthDate: string, now: Date): number {
  return Math.max(0, Math.floor(monthsBetween(birthDate, parisDay(now)) / 12))
}

function monthsBetween(from: string, to: string): number {
  const [year, month, day] = from.split('-').map(Number) as [number, number, number]
  const [toYear, toMonth, toDay] = to.split('-').map(Number) as [number, number, number]
  return (toYear - year) * 12 + toMonth - month - (toDay < day ? 1 : 0)
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count > 1 ? 's' : ''}`
}
