// The draft of a screen: what is written is saved by itself, and nobody leaves with unsaved text unawares.
import { onScopeDispose, readonly, ref, shallowRef, watch } from 'vue'
import { onBeforeRouteLeave, onBeforeRouteUpdate } from 'vue-router'
import { type Answer, call } from '~/client/call.ts'
import { ApiProblem, isTransient, sentenceOf } from '~/client/problem.ts'
import { isLeaving, onSessionRestored } from '~/client/session.ts'
import { MESSAGE_MAX, SUBJECT_MAX } from '../../src/services/exchanges/limits.ts'
import { refreshCounters } from './counters.ts'
import { createDraftSaver, type DraftState, type Failure, type Stored } from './draft-saver.ts'
import { wellFormed } from './validation.ts'

export type DraftContent = Answer<'GET /api/drafts/:draftId'>['content']
export type StoredDraft = Stored<DraftContent>

/** Leaving waits for the last saving this long before it asks. */
const PATIENCE_MS = 4_000

/**
 * @param about the patient in hand or the exchange a new draft is about; null when only the stored one is known
 * @param content what is on the screen, followed as it changes
 * @param blank what an untouched screen holds
 */
export function useDraft(
  about: { patientId: string } | { exchangeId: string } | null,
  content: () => DraftContent,
  blank: DraftContent,
  stored: StoredDraft | null,
) {
  const isAnswer = about !== null && 'exchangeId' in about
  const saver = createDraftSaver<DraftContent>(
    {
      create: (content, { key, passive }) =>
        call('POST /api/drafts', { body: { ...about, content }, idempotencyKey: key, passive }),
      save: (draftId, version, content, { passive }) =>
        call('PUT /api/drafts/:draftId', { params: { draftId }, body: { version, content }, passive }),
      remove: async (draftId) => {
        await call('DELETE /api/drafts/:draftId', { params: { draftId }, passive: true }).catch(() => undefined)
      },
      sort,
      canCreate: about !== null,
      // The subject of an answer is that of its exchange: only its text is written.
      worthCreating: ({ subject, text }) => text !== '' || (!isAnswer && subject !== ''),
      tooLong: ({ subject, text }) => subject.length > SUBJECT_MAX || text.length > MESSAGE_MAX,
      newKey: () => crypto.randomUUID(),
      changed: (next) => {
        const begun = next.draftId !== state.value.draftId
        state.value = next
        if (begun) void refreshCounters()
      },
    },
    blank,
    stored,
  )
  const state = shallowRef<DraftState<DraftContent>>(saver.state())
  watch(content, (next) => saver.change(clean(next)), { deep: true })

  const leaving = ref(false)
  let decide: (leave: boolean) => void = () => undefined
  async function mayLeave(): Promise<boolean> {
    const patience = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE_MS, false))
    if (!state.value.saved && !(await Promise.race([saver.flush(), patience]))) {
      leaving.value = true
      const leave = await new Promise<boolean>((resolve) => {
        decide = resolve
      })
      leaving.value = false
      if (!leave) return false
    }
    await saver.leave()
    void refreshCounters()
    return true
  }
  onBeforeRouteLeave(mayLeave)
  onBeforeRouteUpdate((to, from) => (to.path === from.path && to.query.patient === from.query.patient) || mayLeave())

  const retry = () => saver.retry()
  const hidden = () => {
    if (document.visibilityState === 'hidden') void saver.flush()
  }
  const beforeUnload = (event: BeforeUnloadEvent) => {
    if (state.value.saved || isLeaving()) return
    void saver.flush()
    event.preventDefault()
  }
  addEventListener('online', retry)
  addEventListener('beforeunload', beforeUnload)
  document.addEventListener('visibilitychange', hidden)
  const stopListening = onSessionRestored(retry)
  onScopeDispose(() => {
    removeEventListener('online', retry)
    removeEventListener('beforeunload', beforeUnload)
    document.removeEventListener('visibilitychange', hidden)
    stopListening()
    saver.end()
  })

  return {
    saver,
    state: readonly(state) as Readonly<typeof state>,
    /** True while the dialog asks whether to leave with unsaved text. */
    leaving: readonly(leaving),
    decide: (leave: boolean) => decide(leave),
    async remove(draftId: string): Promise<void> {
      await call('DELETE /api/drafts/:draftId', { params: { draftId } })
    },
  }
}

function clean(content: DraftContent): DraftContent {
  return { ...content, subject: wellFormed(content.subject), text: wellFormed(content.text) }
}

function sort(failure: unknown): Failure<DraftContent> {
  if (isTransient(failure)) return { kind: 'offline' }
  if (!(failure instanceof ApiProblem)) throw failure
  if (failure.status === 401) return { kind: 'session' }
  if (failure.code === 'draft-conflict') return { kind: 'conflict', stored: failure.extra.stored as StoredDraft }
  if (failure.code === 'draft-not-found') return { kind: 'gone', sentence: failure.title }
  // A fault of the server may be over a moment later.
  if (failure.status >= 500) return { kind: 'offline' }
  return { kind: 'refused', sentence: sentenceOf(failure) }
}
