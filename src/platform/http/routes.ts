// A service's routes: one handler per operation of its contract, checked by the compiler to be complete.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Principal } from '../sessions/principal.ts'
import type { AnswerOf, Contract, Operation, ValidatedOf } from './contract.ts'

/** What a handler receives: everything validated, the person known as far as the level asks. */
export type Call<O extends Operation = Operation> = ValidatedOf<O> & {
  /** Null only where the right is `anyone` and nobody is signed in. */
  principal: O['right'] extends 'anyone' ? Principal | null : Principal
  /** The Idempotency-Key; empty where the operation asks for none. */
  idempotencyKey: string
  /** True when the request is not a gesture of the person (automatic saving, live refresh). */
  passive: boolean
  request: FastifyRequest
  reply: FastifyReply
}

export type Handlers<C extends Contract> = {
  [K in keyof C]: C[K] extends Operation ? (call: Call<C[K]>) => Promise<AnswerOf<C[K]>> : never
}

export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  operation: Operation
  handle: (call: Call) => Promise<unknown>
}

/** Joins a contract and its handlers. */
export function routes<C extends Contract>(contract: C, handlers: Handlers<C>): Route[] {
  return Object.entries(contract).map(([key, operation]) => {
    const [method, url] = key.split(' ') as [Route['method'], string]
    return { method, url, operation, handle: handlers[key as keyof C] as unknown as Route['handle'] }
  })
}
