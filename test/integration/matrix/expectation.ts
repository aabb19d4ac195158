// How a service tells the walk what its routes must answer. The gates are computed (gates.ts) from the level and the
// right of the route: an expectation says only how to call it, and what those who pass the gates are answered.
import type { Contract } from '../../../src/platform/http/contract.ts'
import type { CallOptions } from '../client.ts'
import type { Kind } from './kinds.ts'
import type { Scene } from './scene.ts'

/** A status, or the code of a refusal. */
export type Answer = number | string

/** `{}` is whole: called with nothing, and answered to all who pass as the OpenAPI document says of success. */
export type Expectation = {
  /**
   * Parameters, query, body: those of the owner's objects, for everybody. May make fresh objects where the route uses
   * them up (scene.open(), scene.begin()…).
   */
  call?: (scene: Scene, kind: Kind) => CallOptions | Promise<CallOptions>
  /** What is put right after each call, where it spoils the scene. */
  after?: (scene: Scene) => Promise<void>
  /** The parties (`stands` of kinds.ts); the documented success unless told. */
  own?: Answer
  /** Delegates and locums at the owner's place; as the owner unless told. */
  acting?: Answer
  /** Everybody else who passes the gates; the documented success unless told. */
  other?: Answer
  /** What differs for some kinds, even at the gates. Say why, in a line. */
  but?: Partial<Record<Kind, Answer>>
}

/** One for each route of a contract: a route without expectation does not compile, and fails the walk. */
export type Expectations<C extends Contract> = { [K in keyof C]: Expectation }
