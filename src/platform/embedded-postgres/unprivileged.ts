// PostgreSQL refuses to run as root; these are the ways to give up root without creating a user.
import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * `self`: we are not root. `unshare`: a user namespace where we are nobody (works under a folder closed to others;
 * many containers forbid it). `user`: uid of `postgres`, else of `nobody` (every parent folder must be traversable).
 * `capability`: the same uid, keeping only the right to go through closed folders.
 */
export type Means = 'self' | 'unshare' | 'user' | 'capability'

export type Unprivileged = {
  means: Means
  /** Whom the files of the server must belong to; undefined when they already are ours. */
  owner?: { uid: number; gid: number }
  /** The command to spawn, so that `binary` does not run as root. */
  command(binary: string, args: string[]): { file: string; args: string[]; uid?: number; gid?: number }
}

const NOBODY = 65534
const UNSHARE = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`]

/**
 * Chooses how to run the server.
 * @param folders what the server must reach (its data)
 * @param only for tests: this means and no other
 */
export function chooseUnprivileged(folders: string[], only?: Means): Unprivileged {
  if (process.getuid?.() !== 0) return { means: 'self', command: (file, args) => ({ file, args }) }
  const wanted = (means: Means) => only === undefined || only === means
  if (wanted('unshare') && works('unshare', [...UNSHARE, 'true'])) {
    return {
      means: 'unshare',
      owner: { uid: 0, gid: 0 },
      command: (binary, args) => ({ file: 'unshare', args: [...UNSHARE, binary, ...args] }),
    }
  }
  const owner = unprivilegedUser()
  if (wanted('user') && folders.every((folder) => traversable(folder, owner))) {
    return { means: 'user', owner, command: (file, args) => ({ file, args, ...owner }) }
  }
  const setpriv = [
    ...[`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'],
    ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override'],
  ]
  if (wanted('capability') && works('setpriv', [...setpriv, 'true'])) {
    return {
      means: 'capability',
      owner,
      command: (binary, args) => ({ file: 'setpriv', args: [...setpriv, binary, ...args] }),
    }
  }
  throw new Error(
    'PostgreSQL refuse de démarrer en root, et aucun moyen de quitter root ne fonctionne ici. Lancez la commande avec ' +
      'un autre compte, ou placez CONSILIUM_DATA dans un dossier que tous peuvent traverser, ou donnez DATABASE_URL.',
  )
}

/** True when `owner` may go through every parent of the folder. */
export function traversable(folder: string, owner: { uid: number; gid: number }): boolean {
  for (let parent = dirname(folder); ; parent = dirname(parent)) {
    const { mode, uid, gid } = statSync(parent)
    const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001
    if (!(mode & bit)) return false
    if (parent === dirname(parent)) return true
  }
}

function unprivilegedUser(): { uid: number; gid: number } {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) }
  }
  return { uid: NOBODY, gid: NOBODY }
}

function works(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', cwd: '/' }).status === 0
}
