// How dates, names and numbers are written for people who read French, in the time of Paris.
const day = new Intl.DateTimeFormat('fr-FR', {
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  timeZone: 'Europe/Paris',
})
const longDay = new Intl.DateTimeFormat('fr-FR', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
const hour = new Intl.DateTimeFormat('fr-FR', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Paris' })

/** A date without hour (« 2024-05-07 ») → « 07/05/2024 ». */
export function birthDate(date: string): string {
  const [year, month, dayOfMonth] = date.split('-')
  return `${dayOfMonth}/${month}/${year}`
}
/** « 7 mai 2024 ». */
export function longDate(date: string): string {
  return longDay.format(new Date(`${date.slice(0, 10)}T00:00:00Z`))
}
/** An instant → « 23/11/2026 ». */
export function dateOf(instant: string): string {
  return day.format(new Date(instant))
}
/** An instant → « 14:05 ». */
export function hourOf(instant: string): string {
  return hour.format(new Date(instant))
}
/** An instant → « 23/11/2026 à 14:05 ». */
export function dateAndHour(instant: string): string {
  return `${dateOf(instant)} à ${hourOf(instant)}`
}
/** A counter bounded by the server at 100 → « 99+ ». */
export function bounded(count: number): string {
  return count > 99 ? '99+' : String(count)
}
