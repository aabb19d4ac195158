// What crosses the wire, said once: a service's contract.ts lists its operations, and from that list come the
// routes, their validation, the OpenAPI document and the portal's typed client (which imports the types only).
import { z } from 'zod'
import type { Scope } from '../sessions/holds.ts'

/**
 * Assurance of the sign-in behind a request (DESIGN.md part 4, rule 4):
 * `none` open to strangers, `low` password, `low2` password and second factor, `substantial` Pro Santé Connect,
 * card, or the insurer's own identity provider at its required level.
 */
export type Level = 'none' | 'low' | 'low2' | 'substantial'

/**
 * What a person must be to call an operation; `rights.ts` of the http room turns each into a check.
 * `anyone` needs no session. `signedIn` any session, even before a place of practice is chosen.
 * `practitioner` a practitioner with a place chosen. `adviser` someone of the service médical.
 * `party` either of the two (who is a party to *which* exchange is checked by the statement itself).
 * `practice` anyone of the practitioners' side, whatever their profession, even before a place is chosen.
 * `agent`, `administrator`, `auditor`: the insurer's people who see no exchange, by their role.
 */
export type Right =
  | 'anyone'
  | 'signedIn'
  | 'practitioner'
  | 'adviser'
  | 'party'
  | 'practice'
  | 'agent'
  | 'administrator'
  | 'auditor'

/** What a profession may be admitted to, or not: data/reference/admitted-professions.json tells which. */
export type Service = 'identification' | 'exchanges'

export type Operation = {
  /** Stable English name, the `operationId` of the OpenAPI document. */
  operationId: string
  summary: string
  level: Level
  right: Right
  /** The service whose professions the rights `practitioner` and `party` ask for; `exchanges` unless told. */
  service?: Service | 'any'
  /** The least scope of a delegation that may call it at somebody else's place; `send` unless told. */
  scope?: Scope
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  /** `form`: application/x-www-form-urlencoded, for a server that calls by a protocol that says so; JSON unless told. */
  consumes?: 'json' | 'form'
  /** Body of the successful answer; absent: 204 without a body, or a redirection or stream (see `kind`). */
  response?: z.ZodType
  /** Status of the successful answer; 200 unless told (204 when there is no response schema). */
  status?: 200 | 201 | 202 | 204 | 302
  /** `json` unless told; `redirect` answers 302 to a navigation, `events` is a server-sent event stream, `page` HTML. */
  kind?: 'json' | 'redirect' | 'events' | 'page'
  /** True when the client must send an Idempotency-Key (a UUID): a retry with the same key changes nothing. */
  idempotent?: boolean
  /** Codes of the act's own refusals that say who may not (403 above all); those of the gates are understood. */
  refusals?: readonly string[]
  /** Limit of the body in bytes; 64 KiB unless told. */
  bodyLimit?: number
}

/** An identifier as a client gives it: one spelling, since sealed texts are bound to it letter by letter. */
export const Id = z.uuid().toLowerCase()

/** No NUL, no lone surrogate: PostgreSQL and JSON could not give it back as it was. */
export const wellFormed = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed()

// The patterns say the same to whoever reads the OpenAPI document only.
export const WITHOUT_NUL = { pattern: '^[^\\u0000]*$' }
const NOT_BLANK = { pattern: '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$' }

/** Text people are at writing: anything that can be given back as it was. */
export const anyText = (max: number) =>
  z.string().max(max).refine(wellFormed, { error: 'malformed-text' }).meta(WITHOUT_NUL)

/** Text people have written: the same, with something in it. */
export const writtenText = (max: number) =>
  z
    .string()
    .max(max)
    .refine(wellFormed, { error: 'malformed-text' })
    .refine((text) => text.trim() !== '', { error: 'empty-text' })
    .meta(NOT_BLANK)

/** A whole number in a query, in digits alone: « +5 », « 0x10 » and « 1e3 » are numbers to JavaScript only. */
export const queryInteger = (min: number, max: number) =>
  z.preprocess(
    (given) => (typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : given),
    z.int().min(min).max(max),
  )

/** An Idempotency-Key: a UUID of any version (the nil one is nobody's choice). */
export const IDEMPOTENCY_KEY = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/

/** Operations by "METHOD /path/:parameter". */
export type Contract = Record<`${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`, Operation>

/** Keeps the literal types of a contract while checking its shape. */
export function contract<const C extends Contract>(operations: C): C {
  return operations
}

type Output<S> = S extends z.ZodType ? z.output<S> : undefined
type Input<S> = S extends z.ZodType ? z.input<S> : undefined

/** What the client of an operation passes and receives. */
export type CallOf<O extends Operation> = {
  params: Input<O['params']>
  query: Input<O['query']>
  body: Input<O['body']>
  response: Output<O['response']>
}

/** What the handler of an operation receives once validated. */
export type ValidatedOf<O extends Operation> = {
  params: Output<O['params']>
  query: Output<O['query']>
  body: Output<O['body']>
}
export type AnswerOf<O extends Operation> = O['response'] extends z.ZodType ? z.input<O['response']> : undefined
