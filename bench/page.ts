// Bytes of the first page of a signed-in practitioner, as Chromium receives them.
import { chromium } from 'playwright-core'
import { chromiumPath } from '../test/tooling/chromium.ts'
import type { Product } from './exchanges.ts'
import { round } from './measure.ts'
import type { Stage } from './stage.ts'

/** kB (1,000 bytes) of JavaScript and CSS in brotli, until the home is quiet. */
export async function measurePage(stage: Stage, product: Product) {
  const browser = await chromium.launch({
    executablePath: await chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  try {
    const context = await browser.newContext()
    const [name, value] = stage.practitioners[0]!.cookie.split('=') as [string, string]
    await context.addCookies([{ name, value, domain: 'localhost', path: '/', httpOnly: true, secure: true }])
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    await devtools.send('Network.enable')
    const kinds = new Map<string, string>()
    const bytes: Record<string, number> = {}
    devtools.on('Network.responseReceived', (event) => kinds.set(event.requestId, event.type))
    devtools.on('Network.loadingFinished', (event) => {
      const kind = kinds.get(event.requestId) ?? 'Other'
      bytes[kind] = (bytes[kind] ?? 0) + event.encodedDataLength
    })
    await page.goto(`http://localhost:${product.port}/`, { waitUntil: 'networkidle' }).catch(async () => {
      // An open event stream never lets the network be idle.
      await page.waitForLoadState('load')
    })
    await page.getByRole('heading', { name: 'Services patients' }).waitFor()
    await page.waitForTimeout(500)
    return { js_brotli: round((bytes.Script ?? 0) / 1000), css_brotli: round((bytes.Stylesheet ?? 0) / 1000) }
  } finally {
    await browser.close()
  }
}
