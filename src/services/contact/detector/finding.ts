// What the detector gives: the `Finding` of the contract.
import type { Finding } from '../contract.ts'

export type { Finding }
export type FindingKind = Finding['kind']

export type Detector = {
  /** What the text holds, in the order of the text, none overlapping. */
  find(text: string): Finding[]
}
