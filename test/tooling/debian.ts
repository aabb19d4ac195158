// Installs Debian packages that the tests need, where that is allowed.
import { execFile, execFileSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Full path of the first of these commands that the PATH (or another list of folders) holds. */
export function findCommand(names: string[], path = process.env.PATH ?? ''): string | undefined {
  for (const name of names) {
    for (const folder of path.split(delimiter)) {
      const file = join(folder, name)
      try {
        accessSync(file, constants.X_OK)
        if (statSync(file).isFile()) return file
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined
}

/** Why nothing may be installed here, or undefined when it may. */
export function whyNoInstall(): string | undefined {
  if (process.env.CONSILIUM_TEST_INSTALL === '0') return 'CONSILIUM_TEST_INSTALL=0'
  if (!findCommand(['apt-get'])) return 'this is not Debian'
  if (process.getuid?.() === 0) return undefined
  // On a machine of somebody, an administrator's right is not used unasked; in CI it is there for that.
  return process.env.CI && canSudo() ? undefined : 'not root'
}

/** Installs packages by apt-get; throws with what it said. One at a time: apt holds a lock. */
export async function installPackages(packages: string[]): Promise<void> {
  const before = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = ['apt-get', '-q', '-y', '-o', 'DPkg::Lock::Timeout=120']
  for (const words of [['update'], ['install', '--no-install-recommends', ...packages]]) {
    const [file, ...args] = [...before, ...apt, ...words]
    await new Promise<void>((resolve, reject) => {
      const child = execFile(file!, args, { env, timeout: 240_000, maxBuffer: 50_000_000 }, (error, stdout, stderr) => {
        // A mirror half out of reach makes `update` fail while the lists at hand are good enough.
        if (!error || words[0] === 'update') resolve()
        else reject(new Error(`${file} ${args.join(' ')}\n${stdout.slice(-1500)}${stderr.slice(-1500)}`))
      })
      child.stdin?.end()
    })
  }
}

function canSudo(): boolean {
  try {
    execFileSync('sudo', ['-n', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
