// `consilium card`: the card's own origin in a process of its own, since large revocation lists take memory and time.
import { systemClock } from './platform/clock.ts'
import { ConfigurationFault, readConfiguration } from './platform/configuration.ts'
import { openDatabase } from './platform/database/database.ts'
import { createLog } from './platform/log.ts'
import { findPractitioner } from './services/accounts/find-practitioner.ts'
import { openCardOffice } from './services/cards/office.ts'
import { openConnection, untilSignal } from './start.ts'

/** Listens for cards until a signal; gives the exit code. It migrates nothing: the portal does. */
export async function startCard(environment: Record<string, string | undefined>): Promise<number> {
  const configuration = readConfiguration(environment)
  if (!configuration.waysIn.card || configuration.card.listens)
    throw new ConfigurationFault([
      'CONSILIUM_CARD is not « apart »: set it so, here and for the portal, or the portal listens for cards itself.',
    ])
  const { connection, stop } = await openConnection(configuration, console.log)
  const database = openDatabase(connection)
  try {
    const office = await openCardOffice({
      configuration,
      clock: systemClock,
      log: createLog(configuration.logLevel),
      database,
      findPractitioner: (nationalId) => findPractitioner({ database }, nationalId),
      // The portal's own worker finds the mail at its next look, within a second.
      outbox: { wake: () => {} },
    })
    console.log(`Consilium listens for cards: ${office.url}`)
    await untilSignal()
    await office.stop()
    return 0
  } finally {
    await database.close()
    await stop()
  }
}
