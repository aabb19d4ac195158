// postmaster.pid, by which a running server is found again after Node died.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type PostmasterFile = { pid: number; socketFolder: string }

/** What postmaster.pid says (lines: pid, data, start, port, socket folder, …), or undefined when there is none. */
export function readPostmasterFile(data: string): PostmasterFile | undefined {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    return pid > 0 ? { pid, socketFolder: lines[4] ?? '' } : undefined
  } catch {
    return undefined
  }
}

/**
 * True when this process lives and is the server of this very data folder: the number in a file left by a crash may
 * since have been given to another process, and a zombie still answers to signal 0.
 */
export function isPostmaster(pid: number, data: string): boolean {
  if (process.platform !== 'linux') {
    return (
      spawnSync('ps', ['-p', String(pid), '-o', 'stat=,comm='])
        .stdout.toString()
        .search(/^[^Z].*postgres/) === 0
    )
  }
  try {
    // Readable whatever account the server runs under, and empty for a zombie.
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return words.some((word) => word.endsWith('/postgres')) && words.includes(data)
  } catch {
    return false
  }
}
