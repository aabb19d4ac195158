// The data folder of the embedded server ("cluster" in PostgreSQL's words).
import { spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import type { Unprivileged } from './unprivileged.ts'

export type Place = {
  /** Folder given by the host; holds everything below. */
  folder: string
  data: string
  log: string
  binaries: Binaries
  unprivileged: Unprivileged
}

/** Environment of the server's processes: nothing of ours, which may hold keys. */
export const BARE_ENVIRONMENT = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' }

/**
 * Makes the data folder when there is none; answers whether it did.
 * Made aside, synced and renamed, so that a start cut short, or two at once, leave either nothing or a whole one.
 */
export async function createCluster(place: Place, superuser: string): Promise<boolean> {
  if (existsSync(join(place.data, 'PG_VERSION'))) return false
  for (const name of readdirSync(place.folder).filter((name) => name.startsWith('new-'))) {
    if (!isAlive(Number(name.split('-')[1]))) rmSync(join(place.folder, name), { recursive: true, force: true })
  }
  const draft = mkdtempSync(join(place.folder, `new-${process.pid}-`))
  giveTo(place.unprivileged, draft)
  // The builtin locale sorts and folds alike on every system.
  await initdb(place, [
    ...['-D', draft, '-U', superuser, '-A', 'trust', '-E', 'UTF8', '--no-instructions'],
    ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  ])
  try {
    renameSync(draft, place.data)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(join(place.data, 'PG_VERSION'))) throw error
    return false
  }
  const folder = openSync(place.folder, 'r')
  fsyncSync(folder)
  closeSync(folder)
  return true
}

/** Refuses a data folder of another major version, which the server could not open. */
export function checkVersion(place: Place): void {
  const found = readFileSync(join(place.data, 'PG_VERSION'), 'utf8').trim()
  if (found === place.binaries.major) return
  throw new Error(
    `Les données de ${place.folder} ont été écrites par PostgreSQL ${found}, et le serveur embarqué est en version ` +
      `${place.binaries.major}. Revenez à la version de Consilium qui les a écrites pour les exporter, ou donnez ` +
      'DATABASE_URL.',
  )
}

/** Gives a folder to the account of the server, with all it holds, when it is another's. */
export function giveTo({ owner }: Unprivileged, folder: string): void {
  if (!owner || statSync(folder).uid === owner.uid) return
  const { status, stderr } = spawnSync('chown', ['-R', `${owner.uid}:${owner.gid}`, folder])
  if (status !== 0) throw new Error(`chown ${folder}: ${stderr}`)
}

function initdb(place: Place, args: string[]): Promise<void> {
  const { file, args: words, ...as } = place.unprivileged.command(join(place.binaries.root, 'bin/initdb'), args)
  return new Promise((resolve, reject) => {
    const child = spawn(file, words, { ...as, cwd: '/', env: BARE_ENVIRONMENT, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`initdb: ${said.trim() || code}`))))
  })
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
