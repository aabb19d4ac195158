// What a look-up is counted under, and how much of it is allowed.
import type { Principal } from '../../../platform/sessions/principal.ts'
import type { IdentificationLimits } from './identification-limits.ts'
import { dayOf, hourOf, type Period } from './periods.ts'

export type Counter = {
  /** Names the row; the period stands in it. */
  counter: string
  period: Period
  most: number
  /** How the trace names the limit. */
  limit: 'personHour' | 'personDay' | 'limitedDay' | 'addressHour' | 'addressDay' | 'deskHour' | 'organismPatientsHour'
  /** Said to whoever reaches it, without its end. */
  sentence: string
}

/**
 * The counters that a look-up adds one to before anything is asked.
 * @param network keyed hash of the network it comes from
 * @param limited by the limited identification, which has a limit of its own
 */
export function countersOf(
  { personId, side, organismIds }: Pick<Principal, 'personId' | 'side' | 'organismIds'>,
  { network, limited, now, limits }: { network: string; limited: boolean; now: Date; limits: IdentificationLimits },
): Counter[] {
  const { perPerson, perAddress, perOrganism } = limits
  const [hour, day] = [hourOf(now), dayOf(now)]
  const own = (most: number, what: string, time: string) => `Vous avez fait les ${most} ${what} permises en ${time}`
  const shared = (what: string, time: string) => `Les identifications ${what} ont atteint le nombre permis en ${time}`
  const counters: Counter[] = []
  const add = (holder: string, period: Period, rest: Pick<Counter, 'limit' | 'most' | 'sentence'>) =>
    counters.push({ counter: `${holder}/${period.name}`, period, ...rest })

  const person = `person/${personId}`
  const { hour: most, day: mostDay, limitedDay } = perPerson
  add(person, hour, { limit: 'personHour', most, sentence: own(most, 'identifications', 'une heure') })
  add(person, day, { limit: 'personDay', most: mostDay, sentence: own(mostDay, 'identifications', 'un jour') })
  if (limited) {
    const sentence = own(limitedDay, 'identifications limitées', 'un jour')
    add(`limited/${personId}`, day, { limit: 'limitedDay', most: limitedDay, sentence })
  }
  const address = `address/${network}`
  const fromHere = (time: string) => shared('venues de votre réseau', time)
  add(address, hour, { limit: 'addressHour', most: perAddress.hour, sentence: fromHere('une heure') })
  add(address, day, { limit: 'addressDay', most: perAddress.day, sentence: fromHere('un jour') })
  if (side === 'desk') {
    const sentence = shared('demandées par votre organisme', 'une heure')
    for (const organismId of organismIds)
      add(`desk/${organismId}`, hour, { limit: 'deskHour', most: perOrganism.deskHour, sentence })
  }
  return counters
}

/**
 * The counter of the insured of an organisme, whoever asks.
 * @param organismId null when a number is nobody's: then it only takes the same time
 */
export function organismCounter(organismId: string | null, now: Date, limits: IdentificationLimits): Counter {
  const period = hourOf(now)
  return {
    counter: `patients/${organismId ?? 'nobody'}/${period.name}`,
    period,
    most: organismId ? limits.perOrganism.patientsHour : Number.MAX_SAFE_INTEGER,
    limit: 'organismPatientsHour',
    sentence: 'Les identifications d’assurés de cet organisme ont atteint le nombre permis en une heure',
  }
}
