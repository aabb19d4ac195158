import type { Clock } from '../../platform/clock.ts'
import { type Database, statement } from '../../platform/database/database.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import { hashOf } from '../../platform/sessions/sessions.ts'
import type { FindPractitioner, OpenSession } from '../accounts/contract.ts'
import { refuse as refuseSignIn } from '../accounts/problems.ts'
import { refuse } from './problems.ts'

/** How a session says that it was opened by the card itself. */
export const CARD_ACR = 'card'

// Removed by whoever comes with its state, ticket or not, this browser or not: nothing of it serves a second time.
const TAKE = statement(
  'cards.take-ticket',
  `delete from portal.card_sign_in t where state_hash = $1
   returning browser_hash as "browserHash", ticket_hash as "ticketHash", ticket_expires_at as "ticketExpiresAt",
     return_to as "returnTo", certificate, ends_at as "endsAt",
     (select p.subject from portal.person p where p.person_id = t.person_id) as "nationalId"`,
)

type Taken = {
  browserHash: Buffer
  ticketHash: Buffer | null
  ticketExpiresAt: Date
  returnTo: string
  certificate: string
  endsAt: Date
  nationalId: string
}

/**
 * Takes a ticket back from the card's own origin and opens the session of its holder.
 * @throws Refusal `sign-in-expired` when the ticket is not that of a sign-in of this browser, has served, or is a minute old
 */
export async function finishCardSignIn(
  parts: {
    database: Database
    clock: Clock
    openSession: OpenSession
    findPractitioner: FindPractitioner
    /** The card's own origin: the issuer of these sessions. */
    origin: string
  },
  input: { state: string; ticket: string; browser: string | null; principal: Principal | null; address: string },
): Promise<{ cookie: string; returnTo: string }> {
  const { database, clock, openSession, findPractitioner, origin } = parts
  const [taken] = await database.administrative.run<Taken>(TAKE, [hashOf(input.state)])
  const now = clock.now()
  const ours = taken && input.browser !== null && taken.browserHash.equals(hashOf(input.browser))
  if (!ours || !taken.ticketHash?.equals(hashOf(input.ticket)) || taken.ticketExpiresAt <= now)
    throw refuseSignIn('sign-in-expired')
  const holder = await findPractitioner(taken.nationalId)
  if (!holder) throw refuse('card-holder-unknown')
  const { cookie } = await openSession(
    {
      personId: holder.personId,
      side: 'practice',
      role: holder.role,
      level: 'substantial',
      via: 'card',
      authMode: 'CARD',
      acr: CARD_ACR,
      issuer: origin,
      activityId: holder.activityId,
      organismIds: [],
      authTime: now,
      idpSid: taken.certificate,
      sealedIdToken: null,
      endsAt: taken.endsAt,
      address: input.address,
    },
    input.principal,
  )
  return { cookie, returnTo: taken.returnTo }
}
