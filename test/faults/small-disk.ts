// A file system of its own, small enough to be filled.
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type SmallDisk = {
  folder: string
  /** Takes all the room that is left. */
  fill(): void
  /** Gives it back. */
  free(): void
  leftBytes(): number
  unmount(): void
}

/** Mounts one, or says why it cannot: mounting is often not permitted. */
export function mountSmallDisk(megabytes: number): SmallDisk | { refused: string } {
  const folder = mkdtempSync(join(tmpdir(), 'consilium-disk-'))
  const { status, stderr, error } = spawnSync('mount', [
    ...['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`],
    ...['consilium-test', folder],
  ])
  if (status !== 0) {
    rmSync(folder, { recursive: true, force: true })
    return { refused: (error?.message ?? String(stderr)).trim() || `mount ended by ${status}` }
  }
  const filler = join(folder, 'filler')
  return {
    folder,
    fill() {
      const file = openSync(filler, 'a')
      try {
        for (const size of [1 << 20, 4096]) {
          const block = Buffer.alloc(size)
          try {
            while (writeSync(file, block) === size);
          } catch (fault) {
            if ((fault as { code?: string }).code !== 'ENOSPC') throw fault
          }
        }
      } finally {
        closeSync(file)
      }
    },
    free: () => rmSync(filler, { force: true }),
    leftBytes() {
      const { bavail, bsize } = statfsSync(folder)
      return bavail * bsize
    },
    unmount() {
      spawnSync('umount', ['-l', folder])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
