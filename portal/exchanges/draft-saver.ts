// Saving by itself of the text being written: pure of the screen and of HTTP, so that every order of events is tested.
import { delayBefore } from './backoff.ts'

export type Saved = { draftId: string; version: number; updatedAt: string }
export type Stored<C> = Saved & { content: C }

/**
 * Why the text on screen is not on the server:
 * `offline` no answer, tried again by itself · `session` ended, tried again once it is back · `conflict` another window
 * saved another text, the person chooses · `tooLong` it would be refused · `refused` for good, until the text changes.
 */
export type Trouble<C> =
  | { kind: 'offline' | 'session' | 'tooLong' }
  | { kind: 'conflict'; stored: Stored<C> }
  | { kind: 'refused'; sentence: string }

/** A failure of a call, as the saver handles it; `gone`: the draft does not exist any more. */
export type Failure<C> = Exclude<Trouble<C>, { kind: 'tooLong' }> | { kind: 'gone'; sentence: string }

export type SaverParts<C> = {
  create(content: C, options: { key: string; passive: boolean }): Promise<Saved>
  save(draftId: string, version: number, content: C, options: { passive: boolean }): Promise<Saved>
  remove(draftId: string): Promise<void>
  sort(failure: unknown): Failure<C>
  /** False: a draft that is gone cannot be begun again from here. */
  canCreate: boolean
  /** A first character is written. */
  worthCreating(content: C): boolean
  tooLong(content: C): boolean
  newKey(): string
  /** Told at each change of `state`. */
  changed(state: DraftState<C>): void
}

export type DraftState<C> = {
  draftId: string | null
  /** Nothing on the screen is missing on the server. */
  saved: boolean
  savedAt: string | null
  trouble: Trouble<C> | null
  /** The text that was not chosen in a conflict: shown until the page is left. */
  setAside: C | null
}

/** A pause in typing this long saves; typing without a pause saves this often. */
export const PAUSE_MS = 1_500
export const LONGEST_MS = 10_000

export type DraftSaver<C> = ReturnType<typeof createDraftSaver<C>>

/**
 * @param blank what an untouched screen holds
 * @param stored the draft the screen was opened with, if any
 */
export function createDraftSaver<C>(parts: SaverParts<C>, blank: C, stored: Stored<C> | null) {
  let draftId = stored?.draftId ?? null
  let version = stored?.version ?? 0
  let savedAt = stored?.updatedAt ?? null
  let known = stored?.content ?? blank
  let content = known
  let trouble: Trouble<C> | null = null
  let setAside: C | null = null
  /** A creation without an answer is asked again as it was: same key, same content. */
  let creation: { key: string; content: C } | null = null
  let typed = false
  let unsavedSince: number | null = null
  let attempts = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | null = null
  let held = false
  let ended = false

  const same = (a: C, b: C) => JSON.stringify(a) === JSON.stringify(b)
  const isSaved = () => same(content, known) || (draftId === null && !parts.worthCreating(content))
  const tell = () => parts.changed({ draftId, saved: isSaved(), savedAt, trouble, setAside })

  function plan(): void {
    clearTimeout(timer)
    if (ended || held || running) return
    if (isSaved()) {
      unsavedSince = null
      return
    }
    // A conflict waits for the person, an ended session for a sign-in.
    if (trouble?.kind === 'conflict' || trouble?.kind === 'session' || trouble?.kind === 'refused') return
    const now = Date.now()
    unsavedSince ??= now
    const wait =
      trouble?.kind === 'offline' ? delayBefore(attempts) : Math.min(PAUSE_MS, unsavedSince + LONGEST_MS - now)
    timer = setTimeout(() => void run(), Math.max(0, wait))
  }

  function run(): Promise<void> {
    clearTimeout(timer)
    running ??= attempt().finally(() => {
      running = null
      tell()
      plan()
    })
    return running
  }

  async function attempt(): Promise<void> {
    if (ended || isSaved() || trouble?.kind === 'conflict') return
    if (parts.tooLong(content)) {
      trouble = { kind: 'tooLong' }
      return
    }
    // Tried again without a keystroke in between, it is no gesture of the person.
    const passive = !typed
    typed = false
    unsavedSince = null
    try {
      if (draftId === null) {
        creation ??= { key: parts.newKey(), content }
        const sent = creation.content
        adopt(await parts.create(sent, { key: creation.key, passive }), sent)
      } else {
        const sent = content
        adopt(await parts.save(draftId, version, sent, { passive }), sent)
      }
    } catch (failure) {
      failed(parts.sort(failure))
    }
  }

  function adopt(answer: Saved, sent: C): void {
    ;({ draftId, version, updatedAt: savedAt } = answer)
    known = sent
    creation = null
    trouble = null
    attempts = 0
  }

  function failed(failure: Failure<C>): void {
    if (failure.kind === 'offline') attempts++
    else if (failure.kind !== 'session') creation = null
    if (failure.kind !== 'gone') {
      trouble = failure
      return
    }
    if (draftId !== null && parts.canCreate) {
      // Sent or thrown away in another window: what is on this screen begins a new draft.
      draftId = null
      trouble = null
    } else trouble = { kind: 'refused', sentence: failure.sentence }
  }

  return {
    /** The text on the screen has changed under the person's hands. */
    change(next: C): void {
      if (same(next, content)) return
      content = next
      typed = true
      if (trouble?.kind === 'tooLong' || trouble?.kind === 'refused') trouble = null
      // While offline the pace stays that of the new tries.
      if (trouble?.kind !== 'offline') plan()
      tell()
    },
    /** The network or the session is back. */
    retry(): void {
      if (!held && (trouble?.kind === 'offline' || trouble?.kind === 'session')) void run()
    },
    /** Saves now; true when nothing is left unsaved. */
    async flush(): Promise<boolean> {
      await running
      if (!ended && !held && !isSaved()) await run()
      return ended || isSaved()
    },
    /** Before sending: no more saving, and what is under way has its answer. */
    async hold(): Promise<void> {
      held = true
      clearTimeout(timer)
      await running
    },
    /** The sending was refused or given up: saving goes on. */
    release(): void {
      held = false
      plan()
    },
    /** The text was sent, and the screen begins another. */
    begin(empty: C): void {
      draftId = null
      version = 0
      savedAt = null
      known = empty
      content = empty
      trouble = null
      setAside = null
      creation = null
      unsavedSince = null
      typed = false
      held = false
      tell()
    },
    /** The text was sent or is written no more. */
    end(): void {
      ended = true
      clearTimeout(timer)
    },
    /** Leaving the page: a draft that was emptied is not kept. */
    async leave(): Promise<void> {
      if (!ended && draftId !== null && !parts.worthCreating(content) && isSaved()) await parts.remove(draftId)
      clearTimeout(timer)
      ended = true
    },
    /**
     * The person's choice in a conflict; the other text is set aside, not dropped.
     * @returns what the screen must hold from now on
     */
    resolve(choice: 'mine' | 'stored'): C {
      if (trouble?.kind !== 'conflict') return content
      const other = trouble.stored
      ;({ draftId, version, updatedAt: savedAt } = other)
      known = other.content
      setAside = choice === 'mine' ? other.content : content
      if (choice === 'stored') content = other.content
      trouble = null
      typed = true
      tell()
      if (choice === 'mine') void run()
      return content
    },
    /** Takes the text that was set aside; what was on the screen is set aside in its place. */
    takeBack(): C {
      if (setAside === null) return content
      const other = setAside
      setAside = content
      content = other
      typed = true
      plan()
      tell()
      return content
    },
    state: (): DraftState<C> => ({ draftId, saved: isSaved(), savedAt, trouble, setAside }),
  }
}
