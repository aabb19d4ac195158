// Some registries do not carry the optional packages of every platform, and `npm install` then leaves them
// out of the lock file, after which `npm ci` refuses it. This adds the missing entries (no address, no
// checksum: npm looks them up by name and version on the platform that needs them).
// Run after any `npm install` that touched the lock file.
import { readFileSync, writeFileSync } from 'node:fs'

const OS = ['darwin', 'linux', 'win32', 'android', 'freebsd', 'openbsd', 'netbsd', 'sunos', 'aix', 'openharmony']
const CPU = ['arm64', 'x64', 'arm', 'ia32', 'riscv64', 'ppc64', 's390x', 'loong64', 'wasm32', 'mips64el']

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
let added = 0
for (const [path, entry] of Object.entries(lock.packages)) {
  delete entry.resolved
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (path === '' || lock.packages[`node_modules/${name}`] || lock.packages[`${path}/node_modules/${name}`]) continue
    if (!/^\d/.test(version)) continue
    const words = name.toLowerCase().split(/[^a-z0-9]+/)
    const os = OS.filter((o) => words.includes(o))
    const cpu = CPU.filter((c) => words.includes(c) || (c === 'arm' && words.some((w) => /^arm(v\d|eabi)/.test(w))))
    const libc = words.some((w) => w.startsWith('musl')) ? ['musl'] : undefined
    if (!os.length && !cpu.length) {
      console.error(`left out, platform unknown: ${name}`)
      continue
    }
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(cpu.length && { cpu }),
      ...(entry.dev && { dev: true }),
      ...(libc && { libc }),
      optional: true,
      ...(os.length && { os }),
    }
    added++
  }
}
const root = lock.packages['']
delete lock.packages['']
lock.packages = Object.fromEntries([['', root], ...Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1))])
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added} optional packages added to package-lock.json`)
