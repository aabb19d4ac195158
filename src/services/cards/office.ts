// What the card's listener needs over time: authorities, lists that are refreshed, alarms, a server that listens. It runs
// within the portal's process or in one of its own (`consilium card`).
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { faultKind } from '../../platform/http/server.ts'
import type { Outbox } from '../../platform/outbox/outbox.ts'
import type { Platform } from '../../platform/platform.ts'
import type { FindPractitioner } from '../accounts/contract.ts'
import { admitCard } from './admit-card.ts'
import { CardSettingsFault, readAuthorities } from './authorities.ts'
import { checkCard } from './check-card.ts'
import { closeRevoked } from './close-revoked.ts'
import { createListener, type ListenerParts, type TlsMaterial } from './listener.ts'
import { createPeers } from './peers.ts'
import { raiseAlarm } from './raise-alarm.ts'
import { createRevocationLists } from './revocation.ts'

export type CardOffice = {
  url: string
  /** Looks for newer revocation lists and server certificate now, and not at the next turn. */
  refresh(): Promise<void>
  stop(): Promise<void>
}

export type OfficeParts = Pick<Platform, 'configuration' | 'clock' | 'log' | 'database'> & {
  outbox: Pick<Outbox, 'wake'>
  findPractitioner: FindPractitioner
}

/** @throws CardSettingsFault, or when the port is taken */
export async function openCardOffice(parts: OfficeParts): Promise<CardOffice> {
  const { configuration, clock, log } = parts
  const { card, publicUrl, securityContact, dataFolder } = configuration
  const authorities = await readAuthorities(card.authorities, card.issuers)
  const lists = createRevocationLists({
    source:
      'folder' in card.lists
        ? { folder: card.lists.folder, addresses: [] }
        : { folder: join(dataFolder, 'cards/fetched-lists'), addresses: card.lists.addresses },
    authorities,
    clock,
    log,
  })
  const material = async (): Promise<TlsMaterial> => ({
    certificate: await readSetting('CONSILIUM_CARD_TLS_CERTIFICATE', card.tls?.certificate),
    key: await readSetting('CONSILIUM_CARD_TLS_KEY', card.tls?.key),
    authorities: authorities.pem,
  })
  const common: Pick<ListenerParts, 'portal' | 'log' | 'check' | 'admit'> = {
    portal: publicUrl,
    log,
    check: (der) => checkCard(der, { authorities, listOf: lists.listOf, now: clock.now() }),
    admit: (input) => admitCard(parts, input),
  }
  const listener = createListener(
    card.forwardedHeader
      ? { ...common, kind: 'forwarded', header: card.forwardedHeader, isProxy: createPeers(configuration.proxies) }
      : { ...common, kind: 'tls', material: await material() },
  )

  async function refresh(): Promise<void> {
    try {
      await lists.refresh()
      // Also when no list is new: a ticket given just before the last one may have opened a session since.
      await closeRevoked(parts, { origin: card.url, authorities, lists })
      if (!card.forwardedHeader) listener.renew(await material())
      await raiseAlarm({ ...parts, securityContact }, lists.ageing())
    } catch (fault) {
      log.warn({ fault: faultKind(fault) }, 'card lists not refreshed, will be tried again')
    }
  }

  const { server } = listener
  await refresh()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(card.port, card.host, resolve)
  })
  const timer = setInterval(refresh, card.refreshMs)
  timer.unref()
  return {
    url: card.url,
    refresh,
    stop: () =>
      new Promise((resolve) => {
        clearInterval(timer)
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readSetting(name: string, file: string | undefined): Promise<string> {
  const text = file ? await readFile(file, 'utf8').catch(() => null) : null
  if (!text) throw new CardSettingsFault(`${name}: the file cannot be read.`)
  return text
}
