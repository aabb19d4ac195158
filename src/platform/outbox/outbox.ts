// Notices to send: written in the transaction of what they tell of, sent by a worker with a lease, so that nothing
// acknowledged is ever unsent, whoever dies when.
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { type Database, statement } from '../database/database.ts'
import { faultKind } from '../http/server.ts'
import type { Mail, Mailer } from './mail.ts'

/** A notice whose turn has come, with the address it goes to. */
export type Notice = { outboxId: string; kind: string; email: string; exchangeId: string; attempts: number }

export type Outbox = {
  /** Something was just committed: look at once. */
  wake(): void
  start(): void
  stop(): Promise<void>
}

const LEASE_MS = 60_000
const POLL_MS = 1_000
/** Three connections, 15 s at worst each: a batch is over well before its lease. */
const BATCH = 9
const LONGEST_WAIT_MS = 10 * 60_000

// A notice to someone without an address waits untouched until there is one. A time further ahead than we ever write
// ($4, $2) means that the clock was set back: the notice is due.
const CLAIM = statement(
  'outbox.claim',
  `with due_ as (
     select o.outbox_id, p.email from portal.outbox o join portal.person p using (person_id)
     where o.done_at is null and p.email is not null
       and (o.due_at <= $1 or o.due_at > $4)
       and (o.locked_until is null or o.locked_until <= $1 or o.locked_until > $2)
     order by o.due_at limit $3 for update of o skip locked)
   update portal.outbox o set locked_until = $2, attempts = least(o.attempts + 1, 30000) from due_
   where o.outbox_id = due_.outbox_id
   returning o.outbox_id as "outboxId", o.kind, due_.email, o.exchange_id as "exchangeId", o.attempts`,
)
const DONE = statement(
  'outbox.done',
  'update portal.outbox set done_at = $2, locked_until = null, last_fault = null where outbox_id = any($1::uuid[])',
)
const LATER = statement(
  'outbox.later',
  'update portal.outbox set due_at = $2, locked_until = null, last_fault = $3 where outbox_id = $1',
)

/** After the nth failure: 1 s, 2 s, 4 s… up to ten minutes. */
export const waitAfter = (attempts: number): number => Math.min(1000 * 2 ** (attempts - 1), LONGEST_WAIT_MS)

export type OutboxParts = {
  database: Database
  clock: Clock
  mailer: Mailer
  /** Makes the mail of a notice; its Message-ID is the outbox id's, so that a second copy is recognisable. */
  compose: (notice: Notice) => Mail
  log: Logger
  pollMs?: number
}

export function createOutbox({ database, clock, mailer, compose, log, pollMs = POLL_MS }: OutboxParts): Outbox {
  let running: Promise<void> | null = null
  let again = false
  let stopped = true
  let timer: NodeJS.Timeout | null = null

  async function send(notice: Notice): Promise<string | null> {
    try {
      await mailer.send(compose(notice))
      return notice.outboxId
    } catch (fault) {
      const code = String((fault as { responseCode?: unknown; code?: unknown }).responseCode ?? faultKind(fault).code)
      log.warn({ outbox: notice.outboxId, attempts: notice.attempts, code }, 'notice not sent, will be tried again')
      const due = new Date(clock.now().getTime() + waitAfter(notice.attempts))
      await database.administrative.run(LATER, [notice.outboxId, due, code.slice(0, 40)])
      return null
    }
  }

  async function drain(): Promise<void> {
    do {
      again = false
      const now = clock.now()
      const after = (ms: number) => new Date(now.getTime() + ms)
      const notices = await database.administrative.run<Notice>(CLAIM, [
        now,
        after(LEASE_MS),
        BATCH,
        after(LONGEST_WAIT_MS),
      ])
      // Each is recorded as soon as it is sent: a copy can only double in the instant between the two.
      await Promise.all(
        notices.map(async (notice) => {
          const sent = await send(notice)
          if (sent) await database.administrative.run(DONE, [[sent], clock.now()])
        }),
      )
      if (notices.length === BATCH) again = true
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
      await mailer.close()
    },
  }
}
