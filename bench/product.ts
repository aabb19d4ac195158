// The product in a process of its own, as it serves: sessions, encryption, trace and outbox on; mails go nowhere.
import { startServer } from '../src/main.ts'

const { configuration, connection } = JSON.parse(process.env.BENCH_STAGE!)
const running = await startServer(configuration, connection, {
  mailer: { send: async () => {}, close: async () => {} },
})
process.send?.({ ready: true })
process.on('message', (message) => {
  if (message === 'memory') process.send?.({ memory: process.memoryUsage(), streams: running.live.size() })
  if (message === 'collect') {
    globalThis.gc?.()
    process.send?.({ memory: process.memoryUsage(), streams: running.live.size() })
  }
})
process.on('disconnect', () => void running.stop().then(() => process.exit(0)))
