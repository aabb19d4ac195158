// What every screen must pass: nothing serious for axe, no sideways scroll at 320 and 390 pixels, and a picture at each
// width for people to look at (test-results/screens).
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { runBeside, WIDE } from './browser.ts'

const FOLDER = fileURLToPath(new URL('../../test-results/screens', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Violation = { id: string; impact: string; help: string; nodes: string[] }

/** Shows a screen at 1280, 390 and 320 pixels and checks it; the window is wide again after. */
export async function checkScreen(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  const faults: string[] = []
  for (const width of [WIDE.width, 390, 320]) {
    await page.setViewportSize({ width, height: width === WIDE.width ? WIDE.height : 844 })
    await settled(page)
    const { scrolls, widest } = await overflow(page)
    if (scrolls) faults.push(`${width} px: scrolls sideways because of ${widest}`)
    if (width === 320) continue
    await page.screenshot({ path: join(FOLDER, `${name}-${width}.png`), fullPage: true, animations: 'disabled' })
    for (const { id, impact, help, nodes } of await violations(page))
      faults.push(`${width} px: ${impact} ${id} (${help}) ${nodes.join(' ')}`)
  }
  await page.setViewportSize(WIDE)
  assert.deepEqual(faults, [], `screen ${name}`)
}

/** Fonts and layout done, and what appears late (waiting wheels) given its time. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  })
}

function overflow(page: Page): Promise<{ scrolls: boolean; widest: string }> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const widest = [...document.body.querySelectorAll('*')]
      .map((element) => ({ element, right: element.getBoundingClientRect().right }))
      .filter(({ right }) => right > clientWidth + 1)
      .sort((a, b) => b.right - a.right)[0]
    return {
      scrolls: scrollWidth > clientWidth,
      widest: widest ? `${widest.element.tagName}.${widest.element.getAttribute('class')}` : '',
    }
  })
}

function violations(page: Page): Promise<Violation[]> {
  return runBeside<Violation[]>(
    page,
    axe,
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, impact, help, nodes }) => ({ id, impact, help, nodes: nodes.map(({ target, failureSummary }) => target.join(' ') + ' ' + failureSummary) })))`,
  )
}
