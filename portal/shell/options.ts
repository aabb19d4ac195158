// How one may sign in here; asked once.
import { ref } from 'vue'
import { type Answer, call } from '~/client/call.ts'

export type SignInOptions = Answer<'GET /api/sign-in/options'>

const options = ref<SignInOptions | null>(null)
let asked: Promise<SignInOptions> | undefined

/** Null until known; a failure is asked again at the next need. */
export function useSignInOptions() {
  void signInOptions().catch(() => undefined)
  return options
}

export function signInOptions(): Promise<SignInOptions> {
  asked ??= call('GET /api/sign-in/options', { passive: true }).then(
    (answer) => {
      options.value = answer
      return answer
    },
    (failure) => {
      asked = undefined
      throw failure
    },
  )
  return asked
}
