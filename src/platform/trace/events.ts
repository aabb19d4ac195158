// Every act, reading and refusal is an event of this one list. Identifiers only: a name or a text here could never be
// erased without breaking the chain.

export type TraceEvent =
  /** A session was opened. */
  | { type: 'session.opened'; via: string; authMode: string; acr: string }
  /** A session was closed by its holder, or by the identity provider. */
  | { type: 'session.closed'; reason: 'signOut' | 'backChannel' | 'expired' }
  /** A sign-in was refused: authenticated, but not admitted. */
  | { type: 'session.refused'; code: string }
  /** The place of practice acted from was chosen. */
  | { type: 'place.chosen'; activity: string }
  /** The address for notices was set (not which one). */
  | { type: 'email.set' }
  /** A number was looked up in the directory of the insured; `found` beneficiaries came back. */
  | { type: 'patient.identified'; means: string; found: number; patients: string[] }
  /** An exchange was opened with its first message. */
  | { type: 'exchange.opened'; exchange: string; message: string; motif: string }
  /** A message was written into an exchange. */
  | { type: 'exchange.written'; exchange: string; message: string }
  /** An exchange was read, up to message `upTo`. */
  | { type: 'exchange.read'; exchange: string; upTo: number }
  /** The patient of an exchange was taken in hand, to write another one. */
  | { type: 'patient.taken'; exchange: string; patient: string }
  /** An exchange was closed by the service médical. */
  | { type: 'exchange.closed'; exchange: string }
  /** Someone asked for an exchange that is not theirs, or does not exist. */
  | { type: 'exchange.refused'; exchange: string; act: string }

/** Who acted, by which means, from where: the same for every event. */
export type TraceActor = {
  person: string | null
  session: string | null
  role: string
  via: string
  authMode: string
  level: string
  activity: string | null
}

/** Events of nobody: refused sign-ins. */
export const nobody: TraceActor = {
  person: null,
  session: null,
  role: 'none',
  via: 'none',
  authMode: '',
  level: 'none',
  activity: null,
}
