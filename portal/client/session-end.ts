// When a session ends, as the screens tell it: pure, so that it can be tested without waiting half an hour.

/** The person is warned this long before the end. */
export const WARNING_MS = 5 * 60_000
/** Announced again when this is left: whoever put the warning away sees it a second time. */
export const LAST_CALL_MS = 60_000

export type Ends = { expiresAt: string | null; idleExpiresAt: string | null }

export type SessionEnd =
  | { phase: 'none' }
  | {
      phase: 'calm' | 'warning' | 'lastCall' | 'over'
      /** Milliseconds to the end; 0 when it is over. */
      left: number
      /** The end in all (four hours, or the identity provider's own): nothing pushes it back. */
      final: boolean
      /** Names this end: a warning put away stays so until there is another one. */
      endsAt: number
    }

/** @param now by the clock of the server */
export function readEnd(ends: Ends | null | undefined, now: number): SessionEnd {
  const expires = Date.parse(ends?.expiresAt ?? '')
  const idle = Date.parse(ends?.idleExpiresAt ?? '')
  const endsAt = Math.min(...[expires, idle].filter((end) => !Number.isNaN(end)))
  if (!Number.isFinite(endsAt)) return { phase: 'none' }
  const left = Math.max(0, endsAt - now)
  const phase = left === 0 ? 'over' : left <= LAST_CALL_MS ? 'lastCall' : left <= WARNING_MS ? 'warning' : 'calm'
  return { phase, left, final: expires <= endsAt, endsAt }
}

/** How long the page may leave it alone before it looks again; a second once the person is warned. */
export function lookAgainIn(end: SessionEnd): number {
  if (end.phase === 'none' || end.phase === 'over') return 30_000
  if (end.phase !== 'calm') return 1000
  // A timer may sleep with the computer: it never runs for long.
  return Math.min(30_000, Math.max(1000, end.left - WARNING_MS))
}

/** « 4 min 05 s », « 58 s »: what is seen. */
export function countdown(left: number): string {
  const seconds = Math.ceil(left / 1000)
  const minutes = Math.floor(seconds / 60)
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`
}

/** What is heard, and no more often than that: a countdown read out each second would hide the page. */
export function announcement(end: SessionEnd): string {
  if (end.phase === 'warning') return 'Votre session se ferme dans moins de 5 minutes.'
  if (end.phase === 'lastCall') return 'Votre session se ferme dans moins d’une minute.'
  return ''
}
