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

/** Shows a screen at 1280, 390 and 320 pixels and checks it; the window is wide again after. */
export async function checkScreen(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  const faults: string[] = []
  for (const width of [WIDE.width, 390, 320]) {
    await page.setViewportSize({ width, height: width === WIDE.width ? WIDE.height : 844 })
    const widest = await runBeside<string | null>(page, OVERFLOW)
    if (widest) faults.push(`${width} px: scrolls sideways because of ${widest}`)
    if (width === 320) continue
    await page.screenshot({ path: join(FOLDER, `${name}-${width}.png`), fullPage: true, animations: 'disabled' })
    for (const violation of await runBeside<string[]>(page, VIOLATIONS, axe)) faults.push(`${width} px: ${violation}`)
  }
  await page.setViewportSize(WIDE)
  assert.deepEqual(faults, [], `screen ${name}`)
}

/** Fonts and layout done, then what would make the page scroll sideways, or nothing. */
const OVERFLOW = `(async () => {
  await document.fonts.ready
  scrollTo(0, 0)
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth <= clientWidth) return null
  const right = (element) => element.getBoundingClientRect().right
  const widest = [...document.body.querySelectorAll('*')].sort((a, b) => right(b) - right(a))[0]
  return widest.tagName + '.' + widest.getAttribute('class')
})()`

const VIOLATIONS = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
  .filter(({ impact }) => impact === 'serious' || impact === 'critical')
  .map(({ id, impact, help, nodes }) => [impact, id, help, ...nodes.map(({ target }) => target.join(' '))].join(' · ')))`
