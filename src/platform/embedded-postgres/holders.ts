// Who uses the server: a start that adopts it beside another living Node must not stop it under the other's feet.
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

let count = 0

/** Declares this process as a user of the server; `release` answers true when nobody else is left. */
export function hold(folder: string): { release(): boolean } {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Everything is in the name, so that nobody ever reads half a file.
  const own = join(folder, `${process.pid}.${startOf(process.pid)}.${++count}`)
  closeSync(openSync(own, 'w', 0o600))
  return {
    release() {
      rmSync(own, { force: true })
      return readdirSync(folder).filter((name) => lives(folder, name)).length === 0
    },
  }
}

/** True when the process that left this name still lives; what a dead one left is removed. */
function lives(folder: string, name: string): boolean {
  const [pid, start] = name.split('.')
  if (startOf(Number(pid)) === start) return true
  rmSync(join(folder, name), { force: true })
  return false
}

/** The moment the process started, as the kernel counts it: it tells apart two processes given the same number. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') return process.kill(pid, 0) ? '0' : undefined
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? undefined : fields[18]
  } catch {
    return undefined
  }
}
