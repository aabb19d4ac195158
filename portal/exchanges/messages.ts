// The thread as it grows: pages of older messages before it, news after it.

/** The fresh messages over those known; an older page stays, what was read since is told. Oldest first. */
export function mergeMessages<M extends { messageId: string; seq: number }>(
  known: readonly M[],
  fresh: readonly M[],
): M[] {
  const all = new Map([...known, ...fresh].map((message) => [message.messageId, message]))
  return [...all.values()].sort((a, b) => a.seq - b.seq)
}

/** What the other side has written since. */
export function newFrom<M extends { messageId: string; side: string }>(
  known: readonly M[],
  fresh: readonly M[],
  side: string,
): M[] {
  const before = new Set(known.map(({ messageId }) => messageId))
  return fresh.filter((message) => message.side !== side && !before.has(message.messageId))
}
