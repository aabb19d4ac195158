import type { Logger } from 'pino'
import type { Clock } from '../../platform/clock.ts'
import { type Database, statement } from '../../platform/database/database.ts'
import { composeLetter } from '../../platform/outbox/letter.ts'
import { type Compose, mailCte, mailValues, type Outbox } from '../../platform/outbox/outbox.ts'
import { nobody } from '../../platform/trace/events.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import type { Ageing } from './revocation.ts'

export const LIST_ALARM = 'card-list'

const DAY_MS = 24 * 3_600_000

// Once for each list and stage, however many servers look at it; one that is missing, once a day.
const ALARM = statement(
  'cards.raise-alarm',
  `with alarm_ as (
     insert into portal.card_list_alarm (list, this_update, stage, alarmed_at) values ($1, $2, $3, $4)
     on conflict do nothing returning 1),
   ${mailCte(5, 'alarm_')},
   ${traceCte(11, 'alarm_')}
   select 1 from lane_`,
)

/** Tells the security contact of each revocation list that grows old: the log every time, a mail once. */
export async function raiseAlarm(
  parts: { database: Database; clock: Clock; log: Logger; outbox: Pick<Outbox, 'wake'>; securityContact: string },
  ageing: Ageing[],
): Promise<void> {
  const { database, clock, log, outbox, securityContact } = parts
  for (const { name, stage, list } of ageing) {
    const now = clock.now()
    const until = list?.nextUpdate.toISOString() ?? null
    log[stage === 'half' ? 'warn' : 'error']({ list: name, stage, until }, 'revocation list grows old')
    const thisUpdate = list?.thisUpdate ?? new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS)
    const mail = { kind: LIST_ALARM, personId: null, recipient: securityContact, details: { list: name, stage, until } }
    const traced = entry(clock, PORTAL_CHAIN, nobody, { type: 'card.list-ageing', list: name, stage })
    const rows = await database.administrative.run(ALARM, [
      name,
      thisUpdate,
      stage,
      now,
      ...mailValues(clock, mail),
      ...traceValues(traced),
    ])
    if (rows.length > 0) outbox.wake()
  }
}

const SENTENCE: Record<Ageing['stage'], string> = {
  half: 'a dépassé la moitié de sa durée de validité sans être renouvelée. Si rien ne change, plus aucune carte de cette autorité ne sera acceptée à son échéance.',
  stale:
    'n’est plus valable. Plus aucune carte de cette autorité n’est acceptée jusqu’à ce qu’une nouvelle liste soit obtenue.',
  missing: 'n’a jamais pu être obtenue. Aucune carte de cette autorité n’est acceptée.',
}

export const composeListAlarm: Compose = ({ outboxId, email, details }) => {
  const { list, stage, until } = details as { list: string; stage: Ageing['stage']; until: string | null }
  const ends = until ? [`Échéance de la liste : ${until.slice(0, 16).replace('T', ' à ')} (temps universel).`] : []
  return composeLetter({
    id: outboxId,
    to: email,
    subject: 'Connexion par carte : liste de révocation à surveiller',
    paragraphs: [
      `La liste de révocation de l’autorité « ${list} » ${SENTENCE[stage]}`,
      ...ends,
      'Vérifiez que le serveur peut joindre les adresses de CONSILIUM_CARD_CRL, ou que le dossier des listes est bien alimenté.',
    ],
  })
}
