import { statement } from '../../platform/database/database.ts'
import { newId } from '../../platform/identifiers.ts'
import { mailCte, mailValues } from '../../platform/outbox/outbox.ts'
import { nobody } from '../../platform/trace/events.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues } from '../../platform/trace/trace.ts'
import { takeAttemptOf } from './attempts.ts'
import { holderByIdentifier } from './holder.ts'
import type { Parts } from './parts.ts'

export const LINK_MINUTES = 30
/** Nobody's mail box is filled: one link a minute, and ten a day. */
const QUIET_MS = 60_000
const DAY_MS = 24 * 3_600_000
const PER_DAY = 10
/** Every answer takes at least so long, whatever was done meanwhile. */
const FLOOR_MS = 250

// The former links end with the new one. None is made when the person has just been sent one.
const SEND = statement(
  'passwords.send-link',
  `with recent_ as (
     select count(*) filter (where created_at > $5) as now, count(*) as today from portal.account_link
     where person_id = $2 and created_at > $6),
   link_ as (
     insert into portal.account_link (link_id, person_id, created_at, expires_at)
     select $1, $2, $3, $4 from recent_ where recent_.now = 0 and recent_.today < ${PER_DAY} returning 1),
   former_ as (
     update portal.account_link set ended_at = $3
     where person_id = $2 and ended_at is null and link_id <> $1 and exists (select 1 from link_)),
   ${mailCte(7, 'link_')}, ${traceCte(13, 'link_')}
   select 1 from lane_`,
)

/**
 * Sends a one-time link to the practitioner of an identifier, when there is one with an address. The caller learns
 * nothing of it: same answer, same time.
 * @throws Refusal `password-slowed` when the same network address asks too often
 */
export async function sendLink(
  parts: Parts,
  input: { identifier: string; address: string },
): Promise<{ minutes: number }> {
  await takeAttemptOf(parts, 'link', input.address)
  await Promise.all([sendWhereThereIsOne(parts, input.identifier), new Promise((done) => setTimeout(done, FLOOR_MS))])
  return { minutes: LINK_MINUTES }
}

async function sendWhereThereIsOne({ database, clock, outbox }: Parts, identifier: string): Promise<void> {
  const holder = await holderByIdentifier(database, identifier)
  if (!holder?.email) return
  const now = clock.now()
  const after = (ms: number) => new Date(now.getTime() + ms)
  const link = newId()
  const kind = holder.active ? 'reset' : 'activation'
  const mail = { kind: 'password-link', personId: holder.personId, details: { link, kind } }
  const trace = entry(clock, PORTAL_CHAIN, nobody, { type: 'link.sent', kind, link })
  await database.administrative.run(SEND, [
    link,
    holder.personId,
    now,
    after(LINK_MINUTES * 60_000),
    after(-QUIET_MS),
    after(-DAY_MS),
    ...mailValues(clock, mail),
    ...traceValues(trace),
  ])
  outbox.wake()
}
