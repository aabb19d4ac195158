// A scenario is a story: a step that fails ends it, and leaves what was on the screens (test-results/failures).
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Locator } from 'playwright-core'
import type { Watch } from './browser.ts'

const FAILURES = fileURLToPath(new URL('../../test-results/failures', import.meta.url))

type Watched = BrowserContext & { watch?: Watch }

/** @param contexts the browsers of the people in the story, whose windows are watched at the end of each step */
export function scenario(title: string, contexts: () => Watched[]): (name: string, act: () => Promise<void>) => void {
  let broken: string | null = null
  return (name, act) => {
    test(`${title}: ${name}`, async (t) => {
      if (broken) return t.skip(`after « ${broken} »`)
      try {
        await act()
        const faults = contexts().flatMap((context) => context.watch?.faults() ?? [])
        assert.deepEqual(faults, [], 'what the browsers complained of')
      } catch (fault) {
        broken = name
        await keepScreens(`${title} ${name}`, contexts())
        throw fault
      }
    })
  }
}

/** Pictures of every window, under the name of what failed. */
export async function keepScreens(name: string, contexts: BrowserContext[]): Promise<void> {
  mkdirSync(FAILURES, { recursive: true })
  const file = name
    .normalize('NFD')
    .replaceAll(/[^\w]+/g, '-')
    .slice(0, 90)
  const pages = contexts.flatMap((context) => context.pages())
  await Promise.all(
    pages.map((page, index) =>
      page.screenshot({ path: join(FAILURES, `${file}-${index}.png`), fullPage: true, timeout: 5_000 }).catch(() => {}),
    ),
  )
}

/** Visible before the patience of the browser's context is over. */
export const seen = (locator: Locator): Promise<void> => locator.first().waitFor()
export const gone = (locator: Locator): Promise<void> => locator.first().waitFor({ state: 'hidden' })

/** Asks again until the answer satisfies; for what no locator can wait for. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T>,
  fits: (answer: T) => boolean,
  patienceMs = 8_000,
): Promise<T> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(50)) {
    const answer = await ask()
    if (fits(answer)) return answer
    if (Date.now() > deadline) throw new Error(`${what}: still ${JSON.stringify(answer)} after ${patienceMs} ms`)
  }
}
