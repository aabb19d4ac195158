// Where the server's unix socket lives: a short folder of its own, since the path of a socket holds about a hundred
// bytes and a data folder may be deep.
import { createHash } from 'node:crypto'
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { traversable, type Unprivileged } from './unprivileged.ts'

// 107 bytes on Linux, 103 on macOS, « /.s.PGSQL.5432 » and the end mark included.
const LONGEST = 103 - '/.s.PGSQL.5432'.length

/** Makes the folder of the socket of this data folder, closed to everyone else, and answers its path. */
export function makeSocketFolder(data: string, { owner, means }: Unprivileged): string {
  const name = `consilium-${createHash('sha256').update(data).digest('hex').slice(0, 16)}`
  const parent =
    [tmpdir(), '/tmp'].find((folder) => {
      const path = join(folder, name)
      return Buffer.byteLength(path) < LONGEST && (means !== 'user' || !owner || traversable(path, owner))
    }) ?? '/tmp'
  let path = join(parent, name)
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const { uid } = lstatSync(path)
    const ours = lstatSync(path).isDirectory() && (uid === process.getuid?.() || uid === owner?.uid)
    // Somebody took the name before us: postmaster.pid says where the socket is, so any name does.
    if (!ours) path = mkdtempSync(join(parent, 'consilium-'))
  }
  chmodSync(path, 0o700)
  if (owner) chownSync(path, owner.uid, owner.gid)
  return path
}
