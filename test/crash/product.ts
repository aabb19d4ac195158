// `consilium start` in a process of its own, to be killed: the very same start, without the build of the portal.
import module from 'node:module'
import { fileURLToPath } from 'node:url'

module.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/consilium', import.meta.url)))
const { start } = await import('../../src/start.ts')
const ahead = Number(process.env.TEST_CLOCK_AHEAD_MS ?? 0)
process.exitCode = await start(process.env, {
  clock: { now: () => new Date(Date.now() + ahead) },
  buildPortal: async () => {},
})
