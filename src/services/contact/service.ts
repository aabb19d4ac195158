// « Contacter l'Assurance Maladie »: what src/services/index.ts plugs in.
import type { Outbox } from '../../platform/outbox/outbox.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Service } from '../../platform/service.ts'
import type { Organisms } from '../organisms/contract.ts'
import { createDetector } from './detector/detector.ts'
import { readLexicon } from './detector/lexicon.ts'
import { contactMails } from './mails.ts'
import { readContactReference } from './reference.ts'
import { contactRoutes } from './routes.ts'

/** @throws Error when a data file is missing or says something that cannot be */
export async function createContact(
  { database, clock, vault, configuration }: Platform,
  more: { organisms: Organisms; outbox: Pick<Outbox, 'wake'> },
): Promise<Service> {
  const [reference, lexicon] = await Promise.all([readContactReference(), readLexicon()])
  const detector = createDetector(lexicon)
  return {
    routes: contactRoutes({ database, clock, vault, ...more, reference, detector }),
    mails: contactMails(configuration.publicUrl),
  }
}
