// A text cut where something was found in it.
import type { Finding } from '../../src/services/contact/contract.ts'

export type Piece = { text: string; kind: Finding['kind'] | null }

/** @param findings in the order of the text, none overlapping; offsets in UTF-16 units */
export function piecesOf(text: string, findings: readonly Finding[]): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const { kind, start, end } of findings) {
    if (start < at || end > text.length || start >= end) continue
    if (start > at) pieces.push({ text: text.slice(at, start), kind: null })
    pieces.push({ text: text.slice(start, end), kind })
    at = end
  }
  if (at < text.length) pieces.push({ text: text.slice(at), kind: null })
  return pieces
}
