// A worker of the outbox in a process of its own, to be killed after the mail server has accepted and before the worker
// has noted it. Says the id of what was accepted, and waits for its end.
import { pino } from 'pino'
import { type Connection, openDatabase } from '../../src/platform/database/database.ts'
import { createOutbox } from '../../src/platform/outbox/outbox.ts'
import { composeNotice } from '../../src/services/exchanges/notice.ts'

const { connection, aheadMs } = JSON.parse(process.argv[2]!) as { connection: Connection; aheadMs: number }
createOutbox({
  database: openDatabase(connection),
  clock: { now: () => new Date(Date.now() + aheadMs) },
  log: pino({ level: 'silent' }),
  compose: (notice) => composeNotice('http://localhost', notice),
  mailer: {
    async send(mail) {
      process.stdout.write(`${mail.id}\n`)
      await new Promise(() => {})
    },
    async close() {},
  },
}).start()
// The worker's own timer holds nobody back.
setInterval(() => {}, 1000)
