// Notices to send: written in the transaction of what they tell of, sent by a worker with a lease, so that nothing
// acknowledged is ever unsent, whoever dies when.
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { type Database, statement } from '../database/database.ts'
import { faultKind } from '../http/server.ts'
import { newId } from '../identifiers.ts'
import type { Mail, Mailer } from './mail.ts'

/** A notice whose turn has come, with the address it goes to. */
export type Notice = {
  outboxId: string
  /** What it tells of: `exchange`, or a kind that a service composes. */
  kind: string
  email: string
  personId: string | null
  exchangeId: string | null
  /** Identifiers, times and labels: no name, no number, no secret. */
  details: Record<string, unknown>
  attempts: number
}

/** Makes the mail of a notice; its Message-ID is the outbox id's, so that a second copy is recognisable. */
export type Compose = (notice: Notice) => Mail | Promise<Mail>

export type Outbox = {
  /** Something was just committed: look at once. */
  wake(): void
  start(): void
  stop(): Promise<void>
}

/** How long a notice stays in the hands of a worker that says nothing more; one that lives says it three times in that. */
const LEASE_MS = 60_000
const POLL_MS = 1_000
/** Notices in hand at once: enough to keep the three connections of the mailer busy. */
const HANDS = 9
/** At the end, how long a mail server is waited for. */
const STOP_PATIENCE_MS = 5_000
const LONGEST_WAIT_MS = 10 * 60_000
/** How far apart the clocks of two servers may stand, or two readings of one clock. */
const SKEW_MS = 60_000

// A notice to someone without an address waits untouched until there is one. A time further ahead than anyone writes
// ($4, $5) means that the clock was set back: the notice is due.
const CLAIM = statement(
  'outbox.claim',
  `with due_ as (
     select o.outbox_id, coalesce(o.recipient, p.email) as email
     from portal.outbox o left join portal.person p using (person_id)
     where o.done_at is null and coalesce(o.recipient, p.email) is not null
       and (o.due_at <= $1 or o.due_at > $4)
       and (o.locked_until is null or o.locked_until <= $1 or o.locked_until > $5)
     order by o.due_at limit $3 for update of o skip locked)
   update portal.outbox o set locked_until = $2, attempts = least(o.attempts + 1, 30000) from due_
   where o.outbox_id = due_.outbox_id
   returning o.outbox_id as "outboxId", o.kind, due_.email, o.person_id as "personId", o.exchange_id as "exchangeId",
     o.details, o.attempts`,
)
const DONE = statement(
  'outbox.done',
  'update portal.outbox set done_at = $2, locked_until = null, last_fault = null where outbox_id = any($1::uuid[])',
)
const KEEP = statement(
  'outbox.keep',
  'update portal.outbox set locked_until = $2 where outbox_id = any($1::uuid[]) and done_at is null',
)
const LATER = statement(
  'outbox.later',
  'update portal.outbox set due_at = $2, locked_until = null, last_fault = $3 where outbox_id = $1',
)

/** A mail to put in the outbox, to a person's own address or to one of the settings. */
export type NewMail = {
  kind: string
  personId: string | null
  recipient?: string | null
  details?: Record<string, unknown>
}

/** The six values that `mailCte` reads, in order. */
export const mailValues = (clock: Clock, mail: NewMail): unknown[] => [
  newId(),
  mail.kind,
  mail.personId,
  mail.recipient ?? null,
  JSON.stringify(mail.details ?? {}),
  clock.now(),
]

/**
 * The part of a statement that puts one mail in the outbox: a common table expression `mail_`. Wake the outbox after it.
 * @param first number of the first of six parameters, as `mailValues` gives them
 * @param source a common table expression; the mail is put once when it has a row, and not at all when it has none
 * @param personColumn column of `source` that names the person, where only the row knows to whom it goes
 */
export function mailCte(first: number, source: string, personColumn?: string): string {
  const [id, kind, person, recipient, details, at] = Array.from({ length: 6 }, (_, i) => `$${first + i}`)
  return `
mail_ as (
  insert into portal.outbox (outbox_id, kind, person_id, recipient, details, created_at, due_at)
  select ${id}::uuid, ${kind}::text, ${personColumn ? `coalesce(${person}::uuid, one.${personColumn})` : `${person}::uuid`}, ${recipient}::text, ${details}::jsonb, ${at}::timestamptz, ${at}::timestamptz
  from (select ${personColumn ?? 1} from ${source} limit 1) as one
)`
}

/** After the nth failure: 1 s, 2 s, 4 s… up to ten minutes. */
export const waitAfter = (attempts: number): number => Math.min(1000 * 2 ** (attempts - 1), LONGEST_WAIT_MS)

export type OutboxParts = {
  database: Database
  clock: Clock
  mailer: Mailer
  compose: Compose
  log: Logger
  pollMs?: number
  leaseMs?: number
}

export function createOutbox(parts: OutboxParts): Outbox {
  const { database, clock, mailer, compose, log, pollMs = POLL_MS, leaseMs = LEASE_MS } = parts
  const { administrative } = database
  const inHand = new Map<string, Promise<void>>()
  /** Handed over while PostgreSQL was away: to be recorded before anything else, or they would leave a second time. */
  const unrecorded = new Set<string>()
  let running: Promise<void> | null = null
  let again = false
  let more = false
  let stopped = true
  let keptAt = 0
  let timer: NodeJS.Timeout | null = null

  const after = (ms: number) => new Date(clock.now().getTime() + ms)

  async function send(notice: Notice): Promise<void> {
    try {
      await mailer.send(await compose(notice))
      unrecorded.add(notice.outboxId)
    } catch (fault) {
      const code = String((fault as { responseCode?: unknown; code?: unknown }).responseCode ?? faultKind(fault).code)
      log.warn({ outbox: notice.outboxId, attempts: notice.attempts, code }, 'notice not sent, will be tried again')
      await administrative.run(LATER, [notice.outboxId, after(waitAfter(notice.attempts)), code.slice(0, 40)])
    }
  }

  /** Each is recorded as soon as it is sent: a copy can only double when this process dies in between. */
  async function record(): Promise<void> {
    const ids = [...unrecorded]
    if (ids.length === 0) return
    await administrative.run(DONE, [ids, clock.now()])
    for (const id of ids) unrecorded.delete(id)
  }

  function take(notice: Notice): void {
    const handing = send(notice)
      .then(record)
      .catch((fault) => log.warn({ fault: faultKind(fault) }, 'notice not recorded, will be tried again'))
      .finally(() => {
        inHand.delete(notice.outboxId)
        if (more && inHand.size <= HANDS / 2) look()
      })
    inHand.set(notice.outboxId, handing)
  }

  /** A mail server may take minutes to accept (RFC 5321, 4.5.3.2): what it is at stays ours meanwhile. */
  async function keep(): Promise<void> {
    if (inHand.size === 0 || performance.now() - keptAt < leaseMs / 3) return
    await administrative.run(KEEP, [[...inHand.keys()], after(leaseMs)])
    keptAt = performance.now()
  }

  async function drain(): Promise<void> {
    do {
      again = false
      await record()
      await keep()
      const free = HANDS - inHand.size
      if (free === 0) return
      if (inHand.size === 0) keptAt = performance.now()
      const notices = await administrative.run<Notice>(CLAIM, [
        clock.now(),
        after(leaseMs),
        free,
        after(LONGEST_WAIT_MS + SKEW_MS),
        after(leaseMs + SKEW_MS),
      ])
      more = notices.length === free
      // Ours already, when the clock has jumped over a lease.
      for (const notice of notices) if (!inHand.has(notice.outboxId)) take(notice)
    } while (again && !stopped)
  }

  function look(): void {
    if (stopped) return
    if (running) {
      again = true
      return
    }
    running = drain()
      .catch((fault) => log.warn({ fault: faultKind(fault) }, 'outbox could not be read, will be tried again'))
      .finally(() => {
        running = null
        if (again) look()
      })
  }

  return {
    wake: look,
    start() {
      stopped = false
      timer = setInterval(look, pollMs)
      timer.unref()
      look()
    },
    async stop() {
      stopped = true
      if (timer) clearInterval(timer)
      await running
      let patience: NodeJS.Timeout | undefined
      await Promise.race([
        Promise.all(inHand.values()),
        new Promise((resolve) => {
          patience = setTimeout(resolve, STOP_PATIENCE_MS)
        }),
      ])
      clearTimeout(patience)
      await mailer.close()
    },
  }
}
