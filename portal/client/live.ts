// The stream of changes (server-sent events), one connection for the whole window.
import { onScopeDispose, watch } from 'vue'
import { loadSession, session } from './session.ts'

type Listener = (exchangeId: string | null) => void
const listeners = new Set<Listener>()
let source: EventSource | undefined
let retry: ReturnType<typeof setTimeout> | undefined
let sleep: ReturnType<typeof setTimeout> | undefined
let watching = false

/** A hidden window gives its connection back after this time: a browser has few per server. */
const SLEEP_MS = 60_000
const RETRY_MS = 5_000

function tell(exchangeId: string | null): void {
  for (const listener of listeners) listener(exchangeId)
}

function open(): void {
  clearTimeout(retry)
  if (source || listeners.size === 0 || !session.value?.may.useExchanges) return
  let opened = false
  source = new EventSource('/api/live')
  source.addEventListener('open', () => {
    // After a cut, something may have been missed: everyone looks again.
    if (opened) tell(null)
    opened = true
  })
  source.addEventListener('change', ({ data }) => {
    try {
      const { exchangeId } = JSON.parse(data) as { exchangeId?: string }
      tell(exchangeId ?? null)
    } catch {
      tell(null)
    }
  })
  source.addEventListener('resync', () => tell(null))
  source.addEventListener('session', () => {
    close()
    void loadSession()
  })
  source.addEventListener('error', () => {
    // The browser retries a cut by itself; a refusal closes for good, and this tries again later.
    if (source?.readyState !== EventSource.CLOSED) return
    close()
    retry = setTimeout(() => {
      open()
      tell(null)
    }, RETRY_MS)
  })
}

function close(): void {
  clearTimeout(retry)
  source?.close()
  source = undefined
}

function watchVisibility(): void {
  if (watching) return
  watching = true
  document.addEventListener('visibilitychange', () => {
    clearTimeout(sleep)
    if (document.visibilityState === 'hidden') {
      sleep = setTimeout(close, SLEEP_MS)
    } else if (!source) {
      open()
      tell(null)
    }
  })
}

/**
 * Calls the listener at each change of a folder of the person signed in, until the component goes away.
 * The exchange that changed, or null when it is not known (look again at everything).
 */
export function useLive(listener: Listener): void {
  listeners.add(listener)
  watchVisibility()
  open()
  onScopeDispose(() => {
    listeners.delete(listener)
    if (listeners.size === 0) close()
  })
}

// Another place is other boxes: the stream begins anew.
watch(
  () => session.value?.place?.activityId,
  (_now, before) => {
    if (!source || before === undefined) return
    close()
    open()
    tell(null)
  },
)

/** Opens the stream again after the session came back. */
export function resumeLive(): void {
  open()
  tell(null)
}
