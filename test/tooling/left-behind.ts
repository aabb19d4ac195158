// PostgreSQL servers that a test killed halfway left running: they live in sessions of their own, out of its reach.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isPostmaster } from '../../src/platform/embedded-postgres/postmaster-file.ts'

/** Stops every server whose data lies under `folder`, at most a few levels deep; answers how many there were. */
export function stopServersUnder(folder: string, depth = 4): number {
  let stopped = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.name === 'postmaster.pid') {
      const pid = Number.parseInt(readFileSync(path, 'utf8'), 10)
      if (!isPostmaster(pid, folder)) continue
      process.kill(pid, 'SIGQUIT')
      stopped++
    } else if (entry.isDirectory() && depth > 0) stopped += stopServersUnder(path, depth - 1)
  }
  return stopped
}
