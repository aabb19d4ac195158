// Sign-in by the card itself (CPS, CPE): what src/services/index.ts plugs in.
import type { Outbox } from '../../platform/outbox/outbox.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Service } from '../../platform/service.ts'
import type { FindPractitioner, OpenSession } from '../accounts/contract.ts'
import { type CardOffice, openCardOffice } from './office.ts'
import { composeListAlarm, LIST_ALARM } from './raise-alarm.ts'
import { cardsRoutes } from './routes.ts'

export type Cards = Service & {
  /** Opens the card's own origin, where this process is the one that keeps it; null elsewhere. */
  listen(): Promise<CardOffice | null>
}

export function createCards(
  platform: Platform,
  more: { openSession: OpenSession; findPractitioner: FindPractitioner; outbox: Pick<Outbox, 'wake'> },
): Cards {
  const parts = { ...platform, ...more }
  return {
    routes: cardsRoutes(parts, platform),
    mails: { [LIST_ALARM]: composeListAlarm },
    listen: async () => (platform.configuration.card.listens ? openCardOffice(parts) : null),
  }
}
