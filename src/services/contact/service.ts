// « Contacter l'Assurance Maladie »: what src/services/index.ts plugs in.
import type { Route } from '../../platform/http/routes.ts'
import type { Compose, Outbox } from '../../platform/outbox/outbox.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Organisms } from '../organisms/contract.ts'
import { createDetector } from './detector/detector.ts'
import { readLexicon } from './detector/lexicon.ts'
import { contactMails } from './mails.ts'
import { readContactReference } from './reference.ts'
import { contactRoutes } from './routes.ts'

export type Contact = {
  routes: Route[]
  /** The mails of this service, by kind of notice. */
  mails: Record<string, Compose>
}

/** @throws Error when a data file is missing or says something that cannot be */
export async function createContact(
  { database, clock, vault, configuration }: Platform,
  more: { organisms: Organisms; outbox: Pick<Outbox, 'wake'> },
): Promise<Contact> {
  const [reference, lexicon] = await Promise.all([readContactReference(), readLexicon()])
  const detector = createDetector(lexicon)
  return {
    routes: contactRoutes({ database, clock, vault, ...more, reference, detector }),
    mails: contactMails(configuration.publicUrl),
  }
}
