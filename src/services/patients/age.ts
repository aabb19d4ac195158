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
  const [year, month, day] = birthDate.split('-').map(Number) as [number, number, number]
  const [nowYear, nowMonth, nowDay] = today.split('-').map(Number) as [number, number, number]
  const months = (nowYear - year) * 12 + nowMonth - month - (nowDay < day ? 1 : 0)
  if (months < 1) return plural((Date.parse(today) - Date.parse(birthDate)) / 86_400_000, 'jour')
  if (months < 24) return `${months} mois`
  return plural(Math.floor(months / 12), 'an')
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count > 1 ? 's' : ''}`
}
