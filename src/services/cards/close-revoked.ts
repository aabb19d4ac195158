import type { Clock } from '../../platform/clock.ts'
import { type Database, statement } from '../../platform/database/database.ts'
import { nobody } from '../../platform/trace/events.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import type { Authorities } from './authorities.ts'
import { isRevoked } from './check-card.ts'
import type { RevocationLists } from './revocation.ts'

const OPEN = statement(
  'cards.open-sessions',
  'select distinct idp_sid as certificate from portal.session where issuer = $1 and idp_sid is not null',
)
const CLOSE = statement(
  'cards.close-revoked',
  `with closed_ as (delete from portal.session where issuer = $1 and idp_sid = $2 returning 1),
   ${traceCte(3, 'closed_')} select 1 from lane_`,
)

/** A card, or its authority, that was revoked after its holder had signed in: the sessions it opened end now. */
export async function closeRevoked(
  { database, clock }: { database: Database; clock: Clock },
  { origin, authorities, lists }: { origin: string; authorities: Authorities; lists: RevocationLists },
): Promise<void> {
  const open = await database.administrative.run<{ certificate: string }>(OPEN, [origin])
  for (const { certificate } of open) {
    const [fingerprint, serial = ''] = certificate.split(':')
    const issuer = authorities.all.find((authority) => authority.fingerprint === fingerprint)
    if (!issuer || !isRevoked({ issuer, serial }, lists.listOf)) continue
    const traced = entry(clock, PORTAL_CHAIN, nobody, { type: 'session.closed', reason: 'rightTaken' })
    await database.administrative.run(CLOSE, [origin, certificate, ...traceValues(traced)])
  }
}
