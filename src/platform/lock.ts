// One server per data folder: a second start says so and harms nothing. The holder is named with its start time, since
// a process number may be given again after a kill -9.
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

type Holder = { pid: number; started: string; url: string }

/** Takes the lock of a folder, or tells who holds it. */
export async function lockFolder(
  folder: string,
  url: string,
): Promise<{ release(): Promise<void> } | { heldBy: Holder }> {
  const path = join(folder, 'consilium.lock')
  const mine = JSON.stringify({ pid: process.pid, started: await startOf(process.pid), url } satisfies Holder)
  // Written aside and linked, so that the lock is there whole or not at all.
  const aside = `${path}.${process.pid}`
  await writeFile(aside, mine, { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < 10; attempt++) {
      try {
        await link(aside, path)
        return { release: () => removeIf(path, mine) }
      } catch (fault) {
        if ((fault as { code?: string }).code !== 'EEXIST') throw fault
      }
      const found = await read(path)
      if (found === null) continue
      const holder = parse(found)
      if (holder && (await lives(holder))) return { heldBy: holder }
      await removeIf(path, found)
    }
  } finally {
    await rm(aside, { force: true })
  }
  throw new Error(`the lock ${path} cannot be taken`)
}

const read = (path: string) => readFile(path, 'utf8').catch(() => null)

function parse(text: string): Holder | null {
  try {
    return JSON.parse(text) as Holder
  } catch {
    return null
  }
}

/** Removes the lock when it says this and no other: two starts may find a dead one's at the same moment. */
async function removeIf(path: string, text: string): Promise<void> {
  const taken = `${path}.${process.pid}.removed`
  try {
    await rename(path, taken)
  } catch {
    return
  }
  // What was moved away may be the fresh lock of the other start: it goes back.
  if ((await read(taken)) !== text) await link(taken, path).catch(() => {})
  await rm(taken, { force: true })
}

async function lives(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0)
  } catch (fault) {
    if ((fault as { code?: string }).code === 'ESRCH') return false
  }
  return (await startOf(holder.pid)) === holder.started
}

/** Start time of a process in clock ticks since boot, where the system tells; else empty. A zombie has ended. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' ? 'ended' : (fields[18] ?? '')
}
