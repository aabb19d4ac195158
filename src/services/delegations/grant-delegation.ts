import type { z } from 'zod'
import { statement } from '../../platform/database/database.ts'
import { newId } from '../../platform/identifiers.ts'
import { digestOf, once } from '../../platform/once.ts'
import type { Scope } from '../../platform/sessions/holds.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, PORTAL_CHAIN, traceCte, traceValues, withFact } from '../../platform/trace/trace.ts'
import type { delegationsContract } from './contract.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { dayInFrance, endOfDay, faultOfPeriod, readDelegate, startOfDay } from './rules.ts'

type Input = z.output<(typeof delegationsContract)['POST /api/delegations']['body']>

/** A grant as it is written; moments, not days. */
export type Grant = {
  capacity: 'delegate' | 'locum'
  /** National id of the delegate, as identity providers assert it. */
  subject: string
  scope: Scope
  motifs: string[] | null
  places: string[] | null
  from: Date
  to: Date
}

// The lines of box_holder follow at once where such a person is known, else at their first sign-in (link-delegations.ts).
const GRANT = statement(
  'delegations.grant',
  `with delegate_ as (
     select person_id from portal.person where realm = 'ans' and subject = $4),
   delegation_ as (
     insert into portal.delegation (delegation_id, holder_id, capacity, delegate_subject, delegate_id, scope, motifs,
       activity_ids, valid_from, valid_to, created_at)
     select $1, $2, $3, $4, (select person_id from delegate_), $5::portal.scope, $6::text[], $7::uuid[], $8, $9, $10
     where (select count(*) from portal.motif m where m.code = any ($6)) = coalesce(cardinality($6), 0)
       and (select count(*) from portal.activity a where a.person_id = $2 and a.active and a.activity_id = any ($7))
         = coalesce(cardinality($7), 0)
       and not exists (select from portal.delegation d where d.holder_id = $2 and d.delegate_subject = $4
         and d.capacity = $3 and d.scope = $5::portal.scope and d.motifs is not distinct from $6::text[]
         and d.activity_ids is not distinct from $7::uuid[] and d.revoked_at is null
         and d.valid_from < $9 and d.valid_to > $8)
     returning *),
   held_ as (
     insert into portal.box_holder (box_id, person_id, capacity, scope, motifs, delegation_id, valid_from, valid_to)
     select b.box_id, d.delegate_id, d.capacity, d.scope, d.motifs, d.delegation_id, d.valid_from, d.valid_to
     from delegation_ d join portal.activity a on a.person_id = d.holder_id
       and (d.activity_ids is null or a.activity_id = any (d.activity_ids))
     join portal.box b using (activity_id) where d.delegate_id is not null),
   once_ as (
     insert into portal.idempotency (person_id, key, digest, result, created_at)
     select $2, $11, $12, jsonb_build_object('delegationId', $1::uuid::text), $10 from delegation_),
   event_ as (select ${withFact(13, 'delegate', '(select delegate_id from delegation_)')} as text),
   ${traceCte(13, 'delegation_', '(select text from event_)')}
   select d.delegation_id from delegation_ d, lane_`,
)
const DIAGNOSE = statement(
  'delegations.grant-diagnose',
  `select (select count(*) from portal.motif m where m.code = any ($2::text[])) = coalesce(cardinality($2), 0) as motifs,
     (select count(*) from portal.activity a where a.person_id = $1 and a.active and a.activity_id = any ($3::uuid[]))
       = coalesce(cardinality($3), 0) as places`,
)
const MYSELF = statement('delegations.myself', 'select subject, rpps from portal.person where person_id = $1')

/** Whether this person may grant, from where they stand: an own place, of a profession that is admitted. */
export const mayGrant = (principal: Principal): boolean =>
  principal.side === 'practice' &&
  principal.role === 'practitioner' &&
  principal.services.includes('exchanges') &&
  !principal.onBehalfOf

/**
 * Lets somebody act from one's places. The answer is the same whether or not such a person is known here.
 * @throws Refusal `delegation-not-allowed`, `delegate-shape`, `delegate-rpps-key`, `delegate-oneself`, `delegation-locum`,
 * `delegation-dates`, `delegation-motifs`, `delegation-places`, `delegation-duplicate`
 */
export async function grantDelegation(
  parts: Parts,
  principal: Principal,
  key: string,
  input: Input,
): Promise<{ delegationId: string }> {
  const { database, vault } = parts
  if (!mayGrant(principal)) throw refuse('delegation-not-allowed')
  const grant = await readGrant(parts, principal, input)
  const digest = await digestOf(vault, 'grantDelegation', input)
  const who = { personId: principal.personId, key, digest }
  const result = await once<{ delegation_id: string }, { delegationId: string }>(database.administrative, who, () =>
    writeGrant(parts, principal, grant, { key, digest }),
  )
  if ('done' in result) return { delegationId: result.done.delegation_id }
  if ('earlier' in result) return result.earlier
  const [found] = await database.administrative.run<{ motifs: boolean; places: boolean }>(DIAGNOSE, [
    principal.personId,
    grant.motifs,
    grant.places,
  ])
  if (!found?.motifs) throw refuse('delegation-motifs')
  if (!found.places) throw refuse('delegation-places')
  throw refuse('delegation-duplicate')
}

/** Writes a grant with its trace; no row when it may not be. */
export function writeGrant(
  { database, clock }: Pick<Parts, 'database' | 'clock'>,
  principal: Principal,
  grant: Grant,
  once: { key: string; digest: Buffer },
): Promise<{ delegation_id: string }[]> {
  const delegationId = newId()
  const { capacity, scope } = grant
  return database.administrative.run(GRANT, [
    delegationId,
    principal.personId,
    capacity,
    grant.subject,
    scope,
    grant.motifs,
    grant.places,
    grant.from,
    grant.to,
    clock.now(),
    once.key,
    once.digest,
    ...traceValues(
      entry(clock, PORTAL_CHAIN, traceActor(principal), {
        type: 'delegation.granted',
        delegation: delegationId,
        capacity,
        scope,
      }),
    ),
  ])
}

async function readGrant({ database, clock }: Parts, principal: Principal, input: Input): Promise<Grant> {
  const { capacity, scope } = input
  const reading = readDelegate(input.delegate)
  if ('fault' in reading) throw faulty(reading.fault, '/delegate')
  const [me] = await database.administrative.run<{ subject: string; rpps: string }>(MYSELF, [principal.personId])
  if (reading.subject === me?.subject || reading.subject === `8${me?.rpps}`)
    throw faulty('delegate-oneself', '/delegate')
  if (capacity === 'locum') {
    if (reading.kind !== 'colleague') throw faulty('delegation-locum', '/delegate')
    if (scope !== 'send') throw faulty('delegation-locum', '/scope')
    if (input.motifs) throw faulty('delegation-locum', '/motifs')
  }
  const period = faultOfPeriod(input.validFrom, input.validTo, dayInFrance(clock.now()))
  if (period) throw refuse('delegation-dates', { faults: [{ code: 'delegation-dates', ...period }] })
  return {
    capacity,
    subject: reading.subject,
    scope,
    motifs: distinct(input.motifs),
    places: distinct(input.places),
    from: startOfDay(input.validFrom),
    to: endOfDay(input.validTo),
  }
}

/** Sorted, so that the same choice in another order is the same. */
const distinct = (values: string[] | null) => values && [...new Set(values)].toSorted()

function faulty(code: Parameters<typeof refuse>[0], pointer: string) {
  const { message } = refuse(code)
  return refuse(code, { faults: [{ pointer, code, detail: message }] })
}
