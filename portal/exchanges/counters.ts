// The counters of the folders, shared by the menu and the pages that bring fresh ones along.
import { readonly, shallowRef } from 'vue'
import { type Answer, call } from '~/client/call.ts'
import { coalesced } from './coalesce.ts'

export type Counters = Answer<'GET /api/exchanges/counters'>

const current = shallowRef<Counters | null>(null)
export const counters = readonly(current) as Readonly<typeof current>

export function setCounters(next: Counters): void {
  current.value = next
}

/** Asks for the counters again, without prolonging the session; a failure leaves the last known ones. */
export const refreshCounters = coalesced(async () => {
  try {
    current.value = await call('GET /api/exchanges/counters', { passive: true })
  } catch {
    // The next change of a folder asks again.
  }
})
