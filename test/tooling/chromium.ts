// The browser of the end-to-end tests: the machine's Chromium or Chrome, else Debian's, installed.
import { findCommand, installPackages, whyNoInstall } from './debian.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const MACOS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Path of the browser, or undefined; CHROMIUM names one by hand. */
export function findChromium(): string | undefined {
  return process.env.CHROMIUM || findCommand(NAMES) || findCommand(MACOS, '/')
}

/** Path of the browser to hand to playwright-core (`executablePath`); throws with what to do when there is none. */
export function chromiumPath(): string {
  const found = findChromium()
  if (!found) throw new Error('No Chromium here: install it (apt-get install chromium), or name one in CHROMIUM.')
  return found
}

/** The same, after installing Debian's Chromium when none is found and it may be. */
export async function ensureChromium(say: (sentence: string) => void): Promise<string> {
  const reason = whyNoInstall()
  if (!findChromium() && !reason) {
    say('no Chromium found: installing Debian’s')
    await installPackages(['chromium'])
  }
  const found = findChromium()
  if (found) return found
  throw new Error(
    `No Chromium found${reason ? `, and none may be installed (${reason})` : ''}: install it (apt-get install chromium), or name one in CHROMIUM.`,
  )
}
