// A typed number on its way to the server: checked here by the very lines the server runs, kept whatever happens, and
// nowhere but in this form.
import { type Ref, ref, shallowRef } from 'vue'
import { ApiProblem, sentenceOf } from '~/client/problem.ts'
import { focusFirstFault } from '~/ui/focus.ts'
import { parseNir } from '../../src/services/patients/nir.ts'

/** Why no number at all may be looked up for now. */
export type Stopped = { cause: 'blocked' | 'limited'; title: string; detail: string | undefined }

export function useLookUp(form: Readonly<Ref<HTMLElement | null>>) {
  const number = ref('')
  const numberFault = ref<string>()
  const failure = ref<string>()
  const stopped = shallowRef<Stopped | null>(null)
  const busy = ref(false)

  /** Runs `ask` with a number that has the right shape, and shows what comes instead of an answer. */
  async function lookUp(ask: () => Promise<void>): Promise<void> {
    if (busy.value) return
    failure.value = undefined
    stopped.value = null
    const reading = parseNir(number.value)
    numberFault.value = reading.ok ? undefined : reading.detail
    if (!reading.ok) return focusFirstFault(form.value)
    busy.value = true
    try {
      await ask()
    } catch (caught) {
      stopped.value = stoppedBy(caught)
      if (stopped.value) return
      if (caught instanceof ApiProblem && caught.status < 500 && caught.status !== 401 && caught.status !== 429) {
        numberFault.value = caught.faultAt('/number') ?? caught.title
        await focusFirstFault(form.value)
      } else failure.value = sentenceOf(caught)
    } finally {
      busy.value = false
    }
  }
  return { number, numberFault, failure, stopped, busy, lookUp }
}

function stoppedBy(caught: unknown): Stopped | null {
  if (!(caught instanceof ApiProblem)) return null
  const { code, title, detail } = caught
  if (code === 'identification-blocked') return { cause: 'blocked', title, detail }
  if (code === 'too-many-requests' && detail) return { cause: 'limited', title, detail }
  return null
}
