// How long an exchange has been waiting, in words.
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const some = (count: number, one: string, many = `${one}s`) => `${count} ${count > 1 ? many : one}`

/**
 * « depuis 3 jours », « depuis 5 minutes », « à l’instant »: whole units passed, never more than were.
 * @param instant ISO instant; one a little ahead of this machine's clock is « à l’instant »
 */
export function waitingSince(instant: string, now: number): string {
  const passed = now - Date.parse(instant)
  return passed < MINUTE ? 'à l’instant' : `depuis ${length(passed)}`
}

/** « il y a 3 jours ». */
export function ago(instant: string, now: number): string {
  const passed = now - Date.parse(instant)
  return passed < MINUTE ? 'à l’instant' : `il y a ${length(passed)}`
}

function length(passed: number): string {
  if (passed < HOUR) return some(Math.floor(passed / MINUTE), 'minute')
  if (passed < DAY) return some(Math.floor(passed / HOUR), 'heure')
  const days = Math.floor(passed / DAY)
  if (days < 61) return some(days, 'jour')
  // Mean months and years: the exact day stands beside.
  if (days < 730) return some(Math.floor(days / 30.44), 'mois', 'mois')
  return some(Math.floor(days / 365.25), 'an')
}
