// oidc-provider ships no types: what the simulators use of it.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export type Context = {
    type: string
    body: string
    set(header: string, value: string): void
    oidc: {
      route: string
      client: { clientId: string }
      result?: { login?: unknown; means?: string; delayMs?: number }
      session: {
        accountId: string
        acr: string
        ensureClientContainer(clientId: string): void
        sidFor(clientId: string): string
      }
      promptPending(prompt: string): boolean
    }
  }
  export class Check {
    static REQUEST_PROMPT: true
    static NO_NEED_TO_PROMPT: false
    constructor(reason: string, description: string, error: string, check: (ctx: Context) => boolean)
  }
  export class Prompt {
    name: string
    checks: { add(check: Check): void }
  }
  export const interactionPolicy: {
    Check: typeof Check
    base(): { get(name: string): Prompt }
  }

  type Grant = { addOIDCScope(scope: string): void; save(): Promise<string> }
  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>)
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
    Grant: new (fields: {
      clientId: string
      accountId: string
    }) => Grant
    Session: {
      findByUid(
        uid: string,
      ): Promise<{ accountId?: string; authorizations?: Record<string, unknown>; persist(): Promise<void> } | undefined>
    }
    interactionDetails(
      request: IncomingMessage,
      response: ServerResponse,
    ): Promise<{ uid: string; params: Record<string, string>; session?: { accountId?: string; uid?: string } }>
    /** As interactionFinished, but leaves the redirection to the caller: gives the address. */
    interactionResult(
      request: IncomingMessage,
      response: ServerResponse,
      result: Record<string, unknown>,
    ): Promise<string>
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: Record<string, unknown>,
    ): Promise<void>
  }
}
