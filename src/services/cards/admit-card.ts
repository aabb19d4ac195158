import { randomBytes } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import { type Database, statement } from '../../platform/database/database.ts'
import { hashOf } from '../../platform/sessions/sessions.ts'
import { nobody } from '../../platform/trace/events.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import type { FindPractitioner } from '../accounts/contract.ts'
import type { CardRefusal, Verdict } from './check-card.ts'

/** A ticket goes from one page to the next: a minute is long. */
export const TICKET_MS = 60_000
/** Cards tried in one sign-in; then it must be begun again. */
const TRIES = 20
const STATE = /^[\w-]{43}$/

const FIND = statement(
  'cards.find-sign-in',
  `select return_to as "returnTo" from portal.card_sign_in
   where state_hash = $1 and ticket_hash is null and expires_at > $2 and refusals < $3`,
)
const GIVE = statement(
  'cards.give-ticket',
  `update portal.card_sign_in set ticket_hash = $2, ticket_expires_at = $3, person_id = $4, certificate = $5, ends_at = $6
   where state_hash = $1 and ticket_hash is null and expires_at > $7 returning 1`,
)
const REFUSE = statement(
  'cards.refuse',
  `with counted_ as (update portal.card_sign_in set refusals = refusals + 1
     where state_hash = $1 and refusals < $2 returning 1),
   ${traceCte(3, 'counted_')} select 1 from lane_`,
)

export type Admission =
  | { ticket: string }
  | { refusal: CardRefusal | 'sign-in-expired'; returnTo: string; traced: boolean }

/**
 * Answers a card shown for a sign-in under way: a ticket for the holder of a good card, or the refusal, traced. What is
 * shown without a sign-in under way is not even looked at: a stranger learns nothing by it and fills no trace.
 * @param verdict judges the card, when its turn has come
 */
export async function admitCard(
  parts: { database: Database; clock: Clock; findPractitioner: FindPractitioner },
  input: { state: string; verdict: () => Verdict },
): Promise<Admission> {
  const { database, clock, findPractitioner } = parts
  const state = hashOf(input.state)
  const [begun] = STATE.test(input.state)
    ? await database.administrative.run<{ returnTo: string }>(FIND, [state, clock.now(), TRIES])
    : []
  if (!begun) return { refusal: 'sign-in-expired', returnTo: '/', traced: false }

  const refused = async (refusal: CardRefusal, serial: string): Promise<Admission> => {
    const traced = entry(clock, PORTAL_CHAIN, nobody, { type: 'card.refused', code: refusal, serial })
    const rows = await database.administrative.run(REFUSE, [state, TRIES, ...traceValues(traced)])
    return { refusal, returnTo: begun.returnTo, traced: rows.length > 0 }
  }

  const verdict = input.verdict()
  if ('refusal' in verdict) return refused(verdict.refusal, verdict.serial)
  const { certificate, issuer, nationalId } = verdict.card
  const holder = await findPractitioner(nationalId)
  if (!holder) return refused('card-holder-unknown', certificate.serial)

  const ticket = randomBytes(32).toString('base64url')
  const now = clock.now()
  const given = await database.administrative.run(GIVE, [
    state,
    hashOf(ticket),
    new Date(now.getTime() + TICKET_MS),
    holder.personId,
    `${issuer.fingerprint}:${certificate.serial}`,
    certificate.x509.validToDate,
    now,
  ])
  // Two windows of one sign-in: the first has the ticket.
  return given.length === 1 ? { ticket } : { refusal: 'sign-in-expired', returnTo: begun.returnTo, traced: false }
}
