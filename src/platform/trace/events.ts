// Every act, reading and refusal is an event of this one list. Identifiers only: a name or a text here could never be
// erased without breaking the chain.

export type TraceEvent =
  /** A session was opened. */
  | { type: 'session.opened'; via: string; authMode: string; acr: string }
  /**
   * A session was closed: by its holder (there, or from another session, which names the one `closed`), the identity
   * provider (which told it, or would not renew it), a right taken away.
   */
  | {
      type: 'session.closed'
      reason: 'signOut' | 'fromElsewhere' | 'backChannel' | 'notRenewed' | 'expired' | 'rightTaken'
      closed?: string
    }
  /** A session was prolonged on demand. */
  | { type: 'session.extended' }
  /** A sign-in was refused: authenticated, but not admitted. */
  | { type: 'session.refused'; code: string }
  /** The place of practice acted from was chosen. */
  | { type: 'place.chosen'; activity: string }
  /** The place of practice a person starts from was set. */
  | { type: 'place.default-set'; activity: string | null }
  /** The address for notices was set (not which one). */
  | { type: 'email.set' }
  /** A card was refused before it opened anything; `serial` of the certificate, which names nobody by itself. */
  | { type: 'card.refused'; code: string; serial: string }
  /** A revocation list grew old: half its life without a newer one, over, or never there. */
  | { type: 'card.list-ageing'; list: string; stage: 'half' | 'stale' | 'missing' }
  /** A one-time link (activation, reset, unlocking) was sent, or used. */
  | { type: 'link.sent' | 'link.used'; kind: string; link: string }
  /** A password was set, or refused at a sign-in (the person when the account exists). */
  | { type: 'password.set' }
  | { type: 'password.refused'; subject: string | null; code: string }
  /** A password account was locked after failures, blocked for want of use, or opened again. */
  | { type: 'password.locked' | 'password.dormant' | 'password.unlocked'; subject: string; by: string }
  /** A second factor was added, used, or taken away. */
  | { type: 'factor.added' | 'factor.used' | 'factor.removed'; kind: string; factor: string | null }
  /** What is told by mail of one's own sign-ins was set. */
  | { type: 'sign-in-notices.set'; every: boolean }
  /** A person of an insurer has another role or other organisms than before; `none` when no role is left. */
  | { type: 'role.changed'; subject: string; role: string; organisms: string[] }
  /** A delegation was granted, changed or revoked by its holder. */
  | {
      type: 'delegation.granted' | 'delegation.revoked'
      delegation: string
      capacity: string
      scope: string
      /** When such a person is known already. */
      delegate?: string
    }
  /** Identification was blocked for somebody, or opened again by an administrator. */
  | { type: 'identification.blocked'; subject: string; cause: string; block: string; means: string }
  | { type: 'identification.unblocked'; subject: string; block: string }
  /** A look-up was refused: one too many (per person, organism or address), or of somebody who is blocked. */
  | { type: 'identification.limited'; limit: string; means: string }
  /** A look-up was let through, and the directory of the insured did not answer. */
  | { type: 'identification.unanswered'; means: string }
  /** A number was looked up with a password: initials and rights only. */
  | { type: 'patient.identified-limited'; means: string; found: number }
  /** A number was looked up in the directory of the insured; `found` beneficiaries came back. */
  | { type: 'patient.identified'; means: string; found: number; patients: string[] }
  /** A general message (not medical) was sent; `flagged`: kinds of what the form had found in it, sent all the same. */
  | { type: 'inquiry.sent'; inquiry: string; objet: string; flagged: string[] }
  /** A general message was read, by its author or an agent; taken in hand, answered, sent back as medical, closed. */
  | {
      type: 'inquiry.read' | 'inquiry.taken' | 'inquiry.answered' | 'inquiry.returned' | 'inquiry.closed'
      inquiry: string
    }
  /** A general message was passed on to another organisme. */
  | { type: 'inquiry.redirected'; inquiry: string; to: string }
  /** An exchange was opened with its first message; `preparedBy`: the delegate who wrote it, when somebody else sent it. */
  | { type: 'exchange.opened'; exchange: string; message: string; motif: string; preparedBy?: string }
  /** A message was written into an exchange. */
  | { type: 'exchange.written'; exchange: string; message: string; preparedBy?: string }
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
  /** The holder for whom a delegate or locum acts; told only when there is one. */
  onBehalfOf?: string | null
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
