// Sending a message, as a screen needs it: one gesture, one key, one message, whatever the clicks and the network do.
import { computed, onScopeDispose, ref } from 'vue'
import { useGesture } from '~/client/gesture.ts'
import { ApiProblem, isTransient } from '~/client/problem.ts'
import { onSessionRestored } from '~/client/session.ts'
import { deliver, GivenUp, type Waiting } from './delivery.ts'

/**
 * @param act the call; given the same payload again after a failure without an answer, with the same key
 * @returns `send` resolves with the answer, or null when it was given up or already under way; throws a final refusal
 */
export function useSend<P extends { draftId?: string | null }, T>(act: (key: string, payload: P) => Promise<T>) {
  const gesture = useGesture(act)
  const sending = ref(false)
  const waiting = ref<Waiting | null>(null)
  let last: P | undefined
  let tryNow: () => void = () => undefined
  let giveUp: () => void = () => undefined

  function wait(reason: Waiting, milliseconds: number): Promise<void> {
    waiting.value = reason
    return new Promise<void>((resolve, reject) => {
      tryNow = resolve
      giveUp = () => reject(new GivenUp())
      if (reason === 'offline') setTimeout(resolve, milliseconds)
    })
  }

  async function send(payload: P): Promise<T | null> {
    if (sending.value) return null
    // The same message again is the same demand, draft included; another one is another demand.
    if (last && alike(last, payload)) payload = last
    else gesture.forget()
    last = payload
    sending.value = true
    try {
      return await deliver(() => gesture.run(payload), { reason: whyAgain, wait })
    } catch (failure) {
      if (failure instanceof GivenUp) return null
      throw failure
    } finally {
      sending.value = false
      waiting.value = null
    }
  }

  const online = () => waiting.value === 'offline' && tryNow()
  addEventListener('online', online)
  const stopListening = onSessionRestored(() => tryNow())
  onScopeDispose(() => {
    removeEventListener('online', online)
    stopListening()
    giveUp()
  })

  return {
    send,
    sending: computed(() => sending.value),
    waiting: computed(() => waiting.value),
    /** Takes back a message that waits for the network or for a sign-in. */
    giveUp: () => giveUp(),
    tryNow: () => tryNow(),
    /** What the last demand named as its draft. */
    draftSent: () => last?.draftId ?? null,
  }
}

function whyAgain(failure: unknown): Waiting | null {
  if (isTransient(failure)) return 'offline'
  return failure instanceof ApiProblem && failure.status === 401 ? 'session' : null
}

function alike<P extends { draftId?: string | null }>(a: P, b: P): boolean {
  const content = ({ draftId: _draft, ...rest }: P) => JSON.stringify(rest)
  return content(a) === content(b)
}
