// Mes délégations (delegates and locums): what crosses the wire.
import { z } from 'zod'
import { contract, Id } from '../../platform/http/contract.ts'
import { SCOPES } from '../../platform/sessions/holds.ts'

export const Scope = z.enum(SCOPES).meta({ id: 'DelegationScope' })
export const Capacity = z.enum(['delegate', 'locum']).meta({ id: 'DelegationCapacity' })

/** `upcoming` before its first day, `ended` after its last one, `revoked` by its holder before that. */
export const DelegationState = z.enum(['active', 'upcoming', 'ended', 'revoked']).meta({ id: 'DelegationState' })

const common = {
  delegationId: z.uuid(),
  capacity: Capacity,
  scope: Scope,
  /** Null: all. */
  motifs: z.array(z.strictObject({ code: z.string(), label: z.string() })).nullable(),
  /** Names of the places; null: all, also those to come. */
  places: z.array(z.string()).nullable(),
  /** First and last day, in France. */
  validFrom: z.iso.date(),
  validTo: z.iso.date(),
  state: DelegationState,
  revokedAt: z.iso.datetime().nullable(),
}

export const GrantedDelegation = z
  .strictObject({
    ...common,
    delegate: z.strictObject({
      /** « RPPS 99709990016 » or the identifier of a CPE. */
      nationalId: z.string(),
      /** Told once they have signed in since: nobody learns here whether a number is known. */
      displayName: z.string().nullable(),
    }),
  })
  .meta({ id: 'GrantedDelegation' })
export type GrantedDelegation = z.infer<typeof GrantedDelegation>

export const ReceivedDelegation = z.strictObject({ ...common, holder: z.string() }).meta({ id: 'ReceivedDelegation' })
export type ReceivedDelegation = z.infer<typeof ReceivedDelegation>

export const delegationsContract = contract({
  'GET /api/delegations': {
    operationId: 'listDelegations',
    summary: 'The delegations granted by the person signed in, and those received; newest first, at most 200 of each',
    level: 'substantial',
    right: 'practice',
    response: z.strictObject({
      granted: z.array(GrantedDelegation),
      received: z.array(ReceivedDelegation),
      /** Whether this person may grant one, from where they stand. */
      mayGrant: z.boolean(),
    }),
  },
  'POST /api/delegations': {
    operationId: 'grantDelegation',
    summary: 'Let a delegate or a locum act from one’s places, within dates',
    level: 'substantial',
    right: 'practice',
    idempotent: true,
    refusals: ['delegation-not-allowed'],
    body: z.strictObject({
      capacity: Capacity,
      /** RPPS number of a colleague, or identifier of a CPE (« 30B0168811/CPET00001 »). */
      delegate: z.string().min(1).max(60),
      /** `send` for a locum. */
      scope: Scope,
      /** Codes; null for all, as for a locum. */
      motifs: z.array(z.string().min(1).max(32)).min(1).max(50).nullable(),
      /** One’s own places (activityId); null for all, also those to come. */
      places: z.array(Id).min(1).max(50).nullable(),
      validFrom: z.iso.date(),
      /** The last day; a year at most. */
      validTo: z.iso.date(),
    }),
    status: 201,
    response: z.strictObject({ delegationId: z.uuid() }),
  },
  'POST /api/delegations/:delegationId/revocation': {
    operationId: 'revokeDelegation',
    summary: 'End a delegation at once, in open sessions too',
    level: 'substantial',
    right: 'practice',
    params: z.strictObject({ delegationId: Id }),
    status: 204,
  },
})
