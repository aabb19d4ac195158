// One server per data folder: a second start says so and harms nothing. The holder is named with its start time, since
// a process number may be given again after a kill -9.
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

type Holder = { pid: number; started: string; url: string }

/** Takes the lock of a folder, or tells who holds it. */
export async function lockFolder(
  folder: string,
  url: string,
): Promise<{ release(): Promise<void> } | { heldBy: Holder }> {
  const path = join(folder, 'consilium.lock')
  const mine: Holder = { pid: process.pid, started: await startOf(process.pid), url }
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      const file = await open(path, 'wx', 0o600)
      await file.writeFile(JSON.stringify(mine))
      await file.close()
      return { release: () => rm(path, { force: true }) }
    } catch (fault) {
      if ((fault as { code?: string }).code !== 'EEXIST') throw fault
    }
    const holder = await readHolder(path)
    if (holder && (await lives(holder))) return { heldBy: holder }
    await rm(path, { force: true })
  }
  throw new Error(`the lock ${path} cannot be taken`)
}

async function readHolder(path: string): Promise<Holder | null> {
  for (let attempt = 0; attempt < 10; attempt++) {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as Holder
    } catch {
      // Being written by another start, or cut by a crash: a moment tells which.
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  return null
}

async function lives(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0)
  } catch (fault) {
    if ((fault as { code?: string }).code === 'ESRCH') return false
  }
  return (await startOf(holder.pid)) === holder.started
}

/** Start time of a process in clock ticks since boot, where the system tells; else empty. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
