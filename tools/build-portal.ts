// Builds the portal into dist/portal, only when what it is made of has changed, and compresses each file beside itself
// (`.br` at the highest quality, `.gz`) so that the server never compresses anything while it answers.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'dist/portal')
const compressible = new Set(['.js', '.mjs', '.css', '.html', '.svg', '.json'])
const brotli = promisify(brotliCompress)
const deflate = promisify(gzip)

export type PortalBuild = { built: boolean; digest: string; milliseconds: number; directory: string }

async function filesUnder(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** SHA-256 of everything the portal is made of: its sources, the contracts it is typed by, the locked packages. */
export async function portalDigest(): Promise<string> {
  const services = (await filesUnder(join(root, 'src/services'))).filter((file) =>
    /\/(?:contract|limits|nir)\.ts$/.test(file),
  )
  const files = [
    ...(await filesUnder(join(root, 'portal'))).filter((file) => !file.endsWith('.test.ts')),
    ...services,
    join(root, 'src/platform/http/contract.ts'),
    join(root, 'package-lock.json'),
    join(root, 'tools/build-portal.ts'),
  ].sort()
  const hash = createHash('sha256')
  const contents = await Promise.all(files.map((file) => readFile(file)))
  for (const [index, file] of files.entries()) {
    hash.update(`${relative(root, file)}\0${contents[index]!.byteLength}\0`).update(contents[index]!)
  }
  return hash.digest('hex')
}

async function compress(directory: string): Promise<void> {
  const files = (await filesUnder(directory)).filter((file) => compressible.has(extname(file)))
  await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file)
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength }
      await writeFile(`${file}.br`, await brotli(bytes, { params }))
      await writeFile(`${file}.gz`, await deflate(bytes, { level: 9 }))
    }),
  )
}

/**
 * Builds dist/portal when stale.
 * @param options.force build even when nothing has changed
 * @returns whether it was built, and where it stands
 */
export async function buildPortal({ force = false }: { force?: boolean } = {}): Promise<PortalBuild> {
  const begun = performance.now()
  const digest = await portalDigest()
  const known = await readFile(join(target, '.digest'), 'utf8').catch(() => '')
  if (!force && known === digest && existsSync(join(target, 'index.html'))) {
    return { built: false, digest, milliseconds: performance.now() - begun, directory: target }
  }
  // Beside the target, then renamed: a server that is running never sees half a portal.
  const next = join(root, `dist/.portal-${process.pid}`)
  const old = `${next}-old`
  // The libraries' development halves (devtools, browser stores) are told apart by this word, whoever calls.
  const environment = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    // Loaded here only: a start with nothing to build must not pay for it.
    const { build } = await import('vite')
    await build({
      configFile: join(root, 'portal/vite.config.ts'),
      mode: 'production',
      logLevel: 'warn',
      build: { outDir: next },
    })
    await compress(next)
    await writeFile(join(next, '.digest'), digest)
    await mkdir(join(root, 'dist'), { recursive: true })
    if (existsSync(target)) await rename(target, old)
    await rename(next, target)
  } finally {
    if (environment === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = environment
    await rm(next, { recursive: true, force: true })
    await rm(old, { recursive: true, force: true })
  }
  return { built: true, digest, milliseconds: performance.now() - begun, directory: target }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { built, milliseconds, directory } = await buildPortal({ force: process.argv.includes('--force') })
  const where = relative(process.cwd(), directory) || directory
  console.log(
    built ? `portal: built in ${(milliseconds / 1000).toFixed(1)} s into ${where}` : `portal: up to date in ${where}`,
  )
}
