// One exchange, read and kept fresh while it is open. Reading is an act, shown to the other side: a hidden window waits.
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { type Answer, call } from '~/client/call.ts'
import { useLive } from '~/client/live.ts'
import { ApiProblem, sentenceOf } from '~/client/problem.ts'
import { coalesced } from './coalesce.ts'
import { mergeMessages, newFrom } from './messages.ts'

export type Exchange = Answer<'GET /api/exchanges/:exchangeId'>
export type Message = Exchange['messages'][number]

/** @param arrived told what the other side has just written */
export function useExchange(exchangeId: string, arrived: (messages: Message[]) => void) {
  const exchange = shallowRef<Exchange | null>(null)
  const failure = ref<{ sentence: string; missing: boolean; beyond: boolean }>()
  const busy = ref(false)
  /** Messages that were unread when this page first showed them: they stay marked while it is open. */
  const fresh = ref(new Set<string>())
  let stale = false
  let earlier = false

  const read = (before: number | undefined, passive: boolean) =>
    call('GET /api/exchanges/:exchangeId', { params: { exchangeId }, query: { before }, passive })

  function take(next: Exchange): void {
    const known = exchange.value?.messages ?? []
    for (const message of newFrom(known, next.messages, next.side)) {
      if (message.readAt === null) fresh.value.add(message.messageId)
    }
    const messages = mergeMessages(known, next.messages)
    // Once older pages are shown, what they say of what is before them holds.
    exchange.value = { ...next, messages, earlier: known.length > 0 ? earlier : next.earlier }
    earlier = exchange.value.earlier
  }

  async function begin(passive: boolean): Promise<void> {
    failure.value = undefined
    try {
      take(await read(undefined, passive))
    } catch (caught) {
      const missing = caught instanceof ApiProblem && [400, 404].includes(caught.status)
      const beyond = caught instanceof ApiProblem && caught.code === 'delegation-scope'
      failure.value = {
        sentence: missing ? 'Cet échange n’existe pas, ou ne vous est pas accessible.' : sentenceOf(caught),
        missing,
        beyond,
      }
    }
  }

  async function showEarlier(): Promise<void> {
    const first = exchange.value?.messages[0]
    if (!first || busy.value) return
    busy.value = true
    try {
      const page = await read(first.seq, false)
      earlier = page.earlier
      if (exchange.value) {
        exchange.value = { ...exchange.value, messages: mergeMessages(page.messages, exchange.value.messages), earlier }
      }
    } finally {
      busy.value = false
    }
  }

  const refresh = coalesced(async () => {
    // Back from a failure (an ended session, say); what is missing stays missing.
    if (!exchange.value) return failure.value && !failure.value.missing ? begin(true) : undefined
    if (document.visibilityState === 'hidden') {
      stale = true
      return
    }
    stale = false
    try {
      const next = await read(undefined, true)
      const news = newFrom(exchange.value.messages, next.messages, next.side)
      take(next)
      if (news.length > 0) arrived(news)
    } catch {
      // What is shown stays; the next change asks again.
    }
  })
  const visible = () => {
    if (stale && document.visibilityState === 'visible') void refresh()
  }
  document.addEventListener('visibilitychange', visible)
  onScopeDispose(() => document.removeEventListener('visibilitychange', visible))
  useLive((changed) => {
    if (changed === null || changed === exchangeId) void refresh()
  })
  const load = () => begin(false)
  void load()
  return { exchange, failure, busy, fresh: computed(() => fresh.value), load, refresh, showEarlier }
}
