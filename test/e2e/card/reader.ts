// A Chromium with a card in its reader: a store of certificates (NSS) in a home of its own, and the policy that answers
// for the person which certificate to give. TLS is Chromium's own; nothing stands between it and the listener.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { chromiumPath } from '../../tooling/chromium.ts'
import { findCommand, installPackages, whyNoInstall } from '../../tooling/debian.ts'
import { CHROMIUM_FLAGS } from '../browser.ts'

const run = promisify(execFile)

/** Why no card can be put in a browser here, or false; installs the tools where it may. */
export async function whyNoReader(): Promise<string | false> {
  if (process.platform !== 'linux') return 'the policy of Chromium is a file on Linux only'
  if (process.getuid?.() !== 0) return 'not root: the policy of Chromium is a file of the machine'
  if (!findCommand(['certutil']) || !findCommand(['pk12util'])) {
    const why = whyNoInstall()
    if (why) return `no certutil here, and none may be installed (${why})`
    await installPackages(['libnss3-tools'])
  }
  return false
}

/** Debian's Chromium and Google's Chrome read their policies from two places. */
const policyFolder = () =>
  basename(chromiumPath()).startsWith('google-chrome')
    ? '/etc/opt/chrome/policies/managed'
    : '/etc/chromium/policies/managed'

/**
 * Answers for this one origin, and no other, that the certificate in the store is to be given. Without it a browser
 * without a window waits for ever for somebody to choose.
 */
export function writePolicy(origin: string): { remove(): void } {
  const folder = policyFolder()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `consilium-test-${process.pid}.json`)
  const remove = () => rmSync(file, { force: true })
  process.once('exit', remove)
  writeFileSync(
    file,
    JSON.stringify({ AutoSelectCertificateForUrls: [JSON.stringify({ pattern: origin, filter: {} })] }),
  )
  return {
    remove() {
      process.removeListener('exit', remove)
      remove()
    },
  }
}

/**
 * @param authorities files of the authorities that the browser trusts
 * @param card PKCS #12 file, or none
 */
export async function launchWithCard(
  authorities: string[],
  card: { file: string; code: string } | null,
): Promise<{ browser: Browser; close(): Promise<void> }> {
  const home = mkdtempSync(join(tmpdir(), 'consilium-reader-'))
  const store = join(home, '.pki/nssdb')
  mkdirSync(store, { recursive: true })
  const database = ['-d', `sql:${store}`]
  await run('certutil', [...database, '-N', '--empty-password'])
  for (const file of authorities)
    await run('certutil', [
      ...database,
      '-A',
      '-n',
      basename(file),
      '-t',
      /racine/.test(file) ? 'C,,' : ',,',
      '-i',
      file,
    ])
  if (card) await run('pk12util', [...database, '-i', card.file, '-W', card.code, '-K', ''])
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: CHROMIUM_FLAGS,
    env: { ...(process.env as Record<string, string>), HOME: home, XDG_CONFIG_HOME: join(home, '.config') },
  })
  return {
    browser,
    async close() {
      await browser.close()
      rmSync(dirname(dirname(store)), { recursive: true, force: true })
    },
  }
}
