// What was acknowledged, as the writers understood it: the database must say the same, no more and no less.
import type { DraftContent } from '../../src/services/exchanges/content.ts'
import type { Side } from '../../src/services/exchanges/limits.ts'

export type WrittenMessage = {
  exchangeId: string
  side: Side
  author: string
  text: string
  /** Null for the first message of an exchange, whose answer does not name it. */
  messageId: string | null
  seq: number
}

export type WrittenExchange = {
  exchangeId: string
  practitioner: string
  subject: string
  /** True when one writer alone speaks for both sides, so that the order of everything is known. */
  sole: boolean
  closed: boolean
  unread: Record<Side, boolean>
  /** When the practitioner's readings were answered (milliseconds). */
  reads: number[]
}

export type WrittenDraft = { personId: string; version: number; content: DraftContent }

export type Ledger = {
  /** By text: every text is different. */
  messages: Map<string, WrittenMessage>
  exchanges: Map<string, WrittenExchange>
  /** Those not sent and not thrown away. */
  drafts: Map<string, WrittenDraft>
  /** Answers by person and idempotency key. */
  answers: Map<string, unknown>
  counts: Counts
  /** What should never have happened, in words. */
  faults: string[]
}

export type Counts = {
  acts: number
  /** Requests sent again, because the answer was lost, or the service said that it was away. */
  lost: number
  away: number
  /** The same request sent once more although it had been answered, or twice at once. */
  repeated: number
  longestMs: number
}

export const createLedger = (): Ledger => ({
  messages: new Map(),
  exchanges: new Map(),
  drafts: new Map(),
  answers: new Map(),
  counts: { acts: 0, lost: 0, away: 0, repeated: 0, longestMs: 0 },
  faults: [],
})
