// Sending until the outcome is known: the same demand, with the same key, again and again until the server has spoken.
import { delayBefore } from './backoff.ts'

/** `offline` no answer yet, tried again by itself · `session` waits for a sign-in beside the page. */
export type Waiting = 'offline' | 'session'

/** The person took the message back while it waited. */
export class GivenUp extends Error {}

export type DeliveryParts = {
  /** Why the demand may be made again as it is; null when the refusal is final. */
  reason(failure: unknown): Waiting | null
  /** Resolves when it is time for another try, rejects with {@link GivenUp}. */
  wait(reason: Waiting, milliseconds: number): Promise<void>
}

/**
 * Tries until the server accepts or refuses for good.
 * @throws the final refusal, or {@link GivenUp}
 */
export async function deliver<T>(attempt: () => Promise<T>, { reason, wait }: DeliveryParts): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt()
    } catch (failure) {
      const why = reason(failure)
      if (why === null) throw failure
      await wait(why, delayBefore(failures))
    }
  }
}
