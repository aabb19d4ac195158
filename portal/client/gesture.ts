// One gesture of the person (a click on « Envoyer ») carries one Idempotency-Key, kept over its retries: a double click
// or a second try after a failure of the network changes nothing more.
import { ref } from 'vue'
import { ApiProblem, isTransient } from './problem.ts'

/**
 * @param act the call, given the key of the gesture
 * @returns `run` (a second click while it runs is the same gesture), `busy`, and `forget` for when the content changed
 */
export function useGesture<A extends unknown[], T>(act: (idempotencyKey: string, ...input: A) => Promise<T>) {
  const busy = ref(false)
  let key: string | undefined
  let running: Promise<T> | undefined
  function forget(): void {
    key = undefined
  }
  function run(...input: A): Promise<T> {
    running ??= perform(input).finally(() => {
      running = undefined
    })
    return running
  }
  async function perform(input: A): Promise<T> {
    busy.value = true
    key ??= crypto.randomUUID()
    try {
      const result = await act(key, ...input)
      forget()
      return result
    } catch (failure) {
      // Refused for good: the next try is another demand. Unknown or put off: it is the same one.
      if (failure instanceof ApiProblem && !isTransient(failure) && failure.status !== 401) forget()
      throw failure
    } finally {
      busy.value = false
    }
  }
  return { run, busy, forget }
}
