// The shape of `Finding` in the contract of the service, for a detector that stands by itself.

export type FindingKind =
  | 'nir'
  | 'name'
  | 'birth-date'
  | 'diagnosis'
  | 'treatment'
  | 'prescription'
  | 'sick-leave'
  | 'ald'

/** Something in a text that must not be there; offsets count UTF-16 units, as a browser does. */
export type Finding = { kind: FindingKind; start: number; end: number }

export type Detector = {
  /** What the text holds, in the order of the text, none overlapping. */
  find(text: string): Finding[]
}
