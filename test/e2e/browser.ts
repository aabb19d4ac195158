// A real Chromium whose windows are watched: a violation of the content-security policy, an error in the console, an
// uncaught exception, or a request to somewhere else is written down, and the test that follows asks for the list.
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { chromiumPath } from '../tooling/chromium.ts'

export const CHROMIUM_FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
export const WIDE = { width: 1280, height: 900 }
const PATIENCE_MS = 8_000

export type Watch = {
  /** What went wrong since the last call. */
  faults(): string[]
  /** A fault that a test provokes (a refusal is an error in Chromium's console). */
  expect(pattern: RegExp): void
}

// Scripts of the page are text: the tests themselves have no DOM.
const TELL_VIOLATIONS = `document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
  consiliumViolation([violatedDirective, blockedURI, sourceFile].join(' ')))`

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_FLAGS })
}

export const FRENCH: BrowserContextOptions = {
  locale: 'fr-FR',
  timezoneId: 'Europe/Paris',
  viewport: WIDE,
  reducedMotion: 'reduce',
}

/** A browser of its own for one person: own cookies, own storage. */
export async function openContext(browser: Browser, url: string): Promise<BrowserContext & { watch: Watch }> {
  const context = await browser.newContext({ ...FRENCH, baseURL: url })
  return Object.assign(context, { watch: await watchContext(context, url) })
}

/** @param url the portal; its simulators stand on the ports after it */
export async function watchContext(context: BrowserContext, url: string): Promise<Watch> {
  context.setDefaultTimeout(PATIENCE_MS)
  const found: string[] = []
  const expected: RegExp[] = []
  const { hostname, port } = new URL(url)
  const ours = (address: string) => {
    const asked = new URL(address)
    const distance = Number(asked.port) - Number(port)
    return asked.protocol === 'blob:' || (asked.hostname === hostname && distance >= 0 && distance <= 4)
  }
  await context.exposeBinding('consiliumViolation', (_source, text: string) => {
    found.push(`content-security policy: ${text}`)
  })
  await context.addInitScript({ content: TELL_VIOLATIONS })
  context.on('request', (request) => {
    if (!ours(request.url())) found.push(`request to ${request.url()}`)
  })
  context.on('console', (message) => {
    if (message.type() === 'error') found.push(`console: ${message.text()} ${message.location().url}`)
  })
  context.on('weberror', (error) => found.push(`exception: ${error.error().stack}`))
  return {
    faults() {
      const faults = found.splice(0).filter((fault) => !expected.some((pattern) => pattern.test(fault)))
      expected.length = 0
      return faults
    },
    expect: (pattern) => expected.push(pattern),
  }
}

/** Runs a script in a world of its own beside the page's: the page and its policy do not see it. */
export async function runBeside<T>(page: Page, expression: string, library?: string): Promise<T> {
  const session = await page.context().newCDPSession(page)
  try {
    const { frameTree } = await session.send('Page.getFrameTree')
    const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
      frameId: frameTree.frame.id,
    })
    if (library) await session.send('Runtime.evaluate', { contextId, expression: library })
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      contextId,
      expression,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value as T
  } finally {
    await session.detach()
  }
}
