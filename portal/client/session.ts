// Who is signed in, as the whole portal sees it. Kept in memory only.
import { computed, readonly, ref, shallowRef } from 'vue'
import type { Session } from '../../src/services/accounts/contract.ts'
import { call, serverNow, whenSessionEnds } from './call.ts'

export type { Session }

/** Name of the channel by which the windows of this browser tell each other of a sign-in or a sign-out. */
export const SESSION_CHANNEL = 'consilium-session'

/**
 * `loading` not known yet; `known` see `session`; `expired` was signed in, is no more, and the page stays with its
 * text; `unreachable` the first question got no answer.
 */
export type SessionStatus = 'loading' | 'known' | 'expired' | 'unreachable'

const current = shallowRef<Session | null>(null)
const status = ref<SessionStatus>('loading')
const restoredListeners = new Set<() => void>()
let loading: Promise<void> | undefined

export const session = readonly(current) as Readonly<typeof current>
export const sessionStatus = readonly(status)
export const isPractice = computed(() => current.value?.person?.side === 'practice')
export const isDesk = computed(() => current.value?.person?.side === 'desk')

/** Asks once who is signed in; `passive` because opening a page is already a request of its own. */
export function loadSession(): Promise<void> {
  loading ??= refreshSession().finally(() => {
    loading = undefined
  })
  return loading
}

/** Resolves once the session is known (or known to be unreachable). */
export async function sessionKnown(): Promise<void> {
  if (status.value === 'loading' || status.value === 'unreachable') await loadSession()
}

/** Takes the session that a call answered (choice of place, address for notices). */
export function setSession(next: Session): void {
  current.value = next
  status.value = 'known'
}

async function refreshSession(): Promise<void> {
  try {
    await accept(await call('GET /api/session', { passive: true }))
  } catch {
    if (status.value === 'loading') status.value = 'unreachable'
  }
}

async function accept(next: Session): Promise<void> {
  const before = current.value
  const wasSignedIn = before !== null && before.state !== 'signedOut'
  if (wasSignedIn && next.state === 'signedOut') {
    status.value = 'expired'
    return
  }
  if (wasSignedIn && next.person?.nationalId !== before.person?.nationalId) {
    // Somebody else signed in on this browser: the page of the first person must not go on under the other's name.
    location.assign('/')
    return
  }
  // Also where a card takes over from a password: what waits behind may be saved again.
  const restored =
    status.value === 'expired' || (before?.level !== 'substantial' && next.level === 'substantial' && wasSignedIn)
  setSession(await atTheSamePlace(next, before))
  if (restored) for (const listener of restoredListeners) listener()
}

/** A new sign-in asks for the place again; the page that waited goes on from the place it was opened at. */
async function atTheSamePlace(next: Session, before: Session | null): Promise<Session> {
  const activityId = before?.place?.activityId
  if (next.state !== 'placeRequired' || !activityId) return next
  try {
    return await call('PUT /api/session/place', { body: { activityId } })
  } catch {
    return next
  }
}

/** Called after a sign-in beside the page has brought the session back: pending savings are tried again. */
export function onSessionRestored(listener: () => void): () => void {
  restoredListeners.add(listener)
  return () => restoredListeners.delete(listener)
}

/** Marks the session as ended; a stranger who never signed in is simply signed out. */
export function sessionEnded(): void {
  if (current.value !== null && current.value.state !== 'signedOut') status.value = 'expired'
}
whenSessionEnds(sessionEnded)

let channel: BroadcastChannel | undefined
/** One channel for telling and for listening: a channel does not hear itself, so neither does this window. */
function windows(): BroadcastChannel {
  channel ??= new BroadcastChannel(SESSION_CHANNEL)
  return channel
}

/** Watches the legal ends of the session and the other windows; started once by the frame. */
export function watchSession(): void {
  windows().addEventListener('message', ({ data }) => {
    if (data === 'signed-in' || data === 'place-changed' || data === 'extended') void loadSession()
    if (data === 'signed-out') forget('/')
  })
  // A page that the browser kept as it was, after a sign-out or before: it is loaded anew, and asks who is there.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload()
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && status.value === 'expired') void loadSession()
  })
  // Every half minute is enough: the server is the judge, this only tells the person.
  setInterval(() => {
    const { expiresAt, idleExpiresAt, state } = current.value ?? {}
    if (status.value !== 'known' || state === undefined || state === 'signedOut') return
    const ends = [expiresAt, idleExpiresAt].filter((end) => typeof end === 'string').map((end) => Date.parse(end))
    // Idle time moves with each gesture, which this copy does not see: the server is asked again.
    if (ends.length > 0 && Math.min(...ends) <= serverNow()) void loadSession()
  }, 30_000)
}

/** Tells the other windows of this browser. */
export function tellWindows(news: 'signed-in' | 'signed-out' | 'place-changed' | 'extended'): void {
  windows().postMessage(news)
}

/** True once the person has signed out here or in another window: nothing holds the page back any more. */
let leaving = false
export const isLeaving = (): boolean => leaving

/** A whole navigation, in place of this page: what was in memory is gone, and the way back leads to no page of before. */
function forget(address: string): void {
  leaving = true
  location.replace(address)
}

/** Closes the session, tells the other windows of this browser, and leaves every one of them. */
export async function signOut(): Promise<void> {
  const { redirect } = await call('POST /api/session/sign-out')
  tellWindows('signed-out')
  forget(redirect)
}
