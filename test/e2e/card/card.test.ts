// The card in the browser: a sign-in through Chromium's own TLS, and the pages that refuse, as people see them.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { openContext, type Watch } from '../browser.ts'
import { choosePlace } from '../gestures.ts'
import { type Product, startProduct } from '../product.ts'
import { scenario, seen } from '../scenario.ts'
import { checkScreen } from '../screens.ts'
import { launchWithCard, whyNoReader, writePolicy } from './reader.ts'

const PORT = 9020
const ORIGIN = `https://localhost:${PORT + 4}`
const why = await whyNoReader()

let product: Product
let policy: { remove(): void }
const closing: (() => Promise<void>)[] = []
const people: (BrowserContext & { watch: Watch })[] = []
before(async () => {
  if (why) return
  policy = writePolicy(ORIGIN)
  product = await startProduct(PORT, { CONSILIUM_CARD: '1' })
})
after(async () => {
  for (const close of closing) await close()
  await product?.end()
  policy?.remove()
})

const story = scenario('card', () => people)
const step = (name: string, act: () => Promise<void>) =>
  why ? test(`card: ${name}`, { skip: why }, () => {}) : story(name, act)

/** A browser with this card in its reader, before the door of the portal. */
async function sitDown(card: string | null): Promise<Page> {
  const folder = join(product.dataFolder, 'cards')
  const authorities = readdirSync(join(folder, 'authorities')).map((name) => join(folder, 'authorities', name))
  const file = card && join(folder, 'cards', `${card}.p12`)
  const reader = await launchWithCard(authorities, file ? { file, code: '1234' } : null)
  closing.push(reader.close)
  const person = await openContext(reader.browser, product.url)
  people.push(person)
  const page = await person.newPage()
  await page.goto('/')
  return page
}

const showCard = (page: Page) => page.getByRole('link', { name: 'Ma carte CPS ou CPE' }).click()

async function refused(card: string | null, heading: string, code: string): Promise<Page> {
  const page = await sitDown(card)
  people.at(-1)!.watch.expect(/status of 4\d\d/)
  await showCard(page)
  await seen(page.getByRole('heading', { level: 1, name: heading }))
  assert.equal(new URL(page.url()).origin, ORIGIN)
  await seen(page.getByText(`Code : ${code}`))
  return page
}

step('a doctor shows it, chooses a place, and is in', async () => {
  const page = await sitDown('cps-medecin')
  await checkScreen(page, '70-door-with-card')
  await showCard(page)
  await choosePlace(page, 'CABINET DR EXEMPLE')
  await seen(page.getByRole('heading', { level: 1, name: 'Dr Camille EXEMPLE' }))
  assert.equal(new URL(page.url()).origin, product.url)
  const [session] = await product.query<{ via: string; level: string }>('select via, level from portal.session')
  assert.deepEqual(session, { via: 'card', level: 'substantial' })
})

step('none in the reader: the page says so, and leads back', async () => {
  const page = await refused(null, 'Aucune carte présentée', 'card-missing')
  await checkScreen(page, '71-card-missing')
  await page.getByRole('link', { name: 'Revenir à l’accueil' }).click()
  await seen(page.getByRole('button', { name: 'Se connecter avec Pro Santé Connect' }))
})

step('its certificate for signatures alone: the browser itself does not give it', async () => {
  await refused('cps-medecin-signature', 'Aucune carte présentée', 'card-missing')
})

step('of somebody who is not known: Pro Santé Connect is offered, and opens', async () => {
  const page = await refused('cpe-inconnue', 'Vous n’êtes pas encore connu ici', 'card-holder-unknown')
  await checkScreen(page, '72-card-unknown')
  await page.getByRole('link', { name: 'Se connecter avec Pro Santé Connect' }).click()
  await seen(page.getByRole('button', { name: /^\s*Sage-femme/ }))
})
