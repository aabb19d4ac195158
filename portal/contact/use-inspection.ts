// Looks at a text while it is typed: the server says what must not be in it. Nothing is kept anywhere.
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { call } from '~/client/call.ts'
import type { Finding } from '../../src/services/contact/contract.ts'

const PAUSE_MS = 900

/** @param text what is on the screen; asked about after a pause in the typing */
export function useInspection(text: () => string, max: number) {
  const findings = shallowRef<Finding[]>([])
  /** The text they were found in: marks are drawn on it, not on what was typed since. */
  const inspected = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking: AbortController | undefined

  function set(next: Finding[], of: string): void {
    findings.value = next
    inspected.value = of
  }
  async function ask(of: string): Promise<void> {
    asking?.abort()
    asking = new AbortController()
    try {
      const answer = await call('POST /api/contact/inspections', {
        body: { text: of },
        passive: true,
        signal: asking.signal,
      })
      if (of === text()) set(answer.findings, of)
    } catch {
      // Only a help while typing: the server looks again when the message is sent.
    }
  }
  watch(text, (next) => {
    clearTimeout(timer)
    // What was found is no longer where it was.
    if (next !== inspected.value && findings.value.length > 0) set([], '')
    if (next.trim() !== '' && next.length <= max) timer = setTimeout(() => void ask(next), PAUSE_MS)
  })
  onScopeDispose(() => {
    clearTimeout(timer)
    asking?.abort()
  })
  return { findings, inspected, set }
}
