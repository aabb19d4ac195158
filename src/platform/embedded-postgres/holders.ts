// Who uses the server: a start that adopts it beside another living Node must not stop it under the other's feet.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

let count = 0

/** Declares this process as a user of the server; `release` answers true when nobody else is left. */
export function hold(folder: string): { release(): boolean } {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const own = `${process.pid}.${++count}`
  writeFileSync(join(folder, own), startOf(process.pid) ?? '', { mode: 0o600 })
  return {
    release() {
      rmSync(join(folder, own), { force: true })
      return readdirSync(folder).filter((name) => lives(join(folder, name), Number.parseInt(name, 10))).length === 0
    },
  }
}

/** True when the process that wrote the file still lives; the file of a dead one is removed. */
function lives(file: string, pid: number): boolean {
  try {
    if (startOf(pid) === readFileSync(file, 'utf8')) return true
  } catch {
    return false
  }
  rmSync(file, { force: true })
  return false
}

/** The moment the process started, as the kernel counts it, so that a number given twice is told apart. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') return process.kill(pid, 0) ? '' : undefined
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? undefined : fields[18]
  } catch {
    return undefined
  }
}
