// The fields of a password, as a browser's own password manager and the person's hands meet them.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium, openContext, type Watch } from '../browser.ts'
import { type Product, startProduct } from '../product.ts'
import { scenario } from '../scenario.ts'

type Person = BrowserContext & { watch: Watch }

let product: Product
let browser: Browser
let page: Page
const people: Person[] = []
const step = scenario('password fields', () => people)
before(async () => {
  ;[product, browser] = await Promise.all([startProduct(8970), launchChromium()])
  const person = await openContext(browser, product.url)
  people.push(person)
  page = await person.newPage()
  await page.goto('/connexion/mot-de-passe')
})
after(async () => {
  await browser?.close()
  await product?.end()
})

const field = () => page.getByLabel('Mot de passe', { exact: true })
const kind = () => field().getAttribute('type')

step('hidden unless the person shows it, and hidden again', async () => {
  await field().waitFor()
  assert.equal(await kind(), 'password')
  await page.getByRole('button', { name: /^Afficher/ }).click()
  assert.equal(await kind(), 'text')
  await page.getByRole('button', { name: /^Masquer/ }).click()
  assert.equal(await kind(), 'password')
})

step('may be pasted, and are named for the browser’s own manager', async () => {
  const pasted = 'girafe vinaigre boussole'
  await field().focus()
  // As a text: the types of a browser are not those of the tests.
  const taken = await page.evaluate(`{
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', '${pasted}')
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }`)
  assert.equal(taken, true, 'nothing prevents a paste')
  await page.keyboard.insertText(pasted)
  assert.equal(await field().inputValue(), pasted)
  assert.equal(await field().getAttribute('autocomplete'), 'current-password')
  assert.equal(await page.locator('[autocomplete~=username]').count(), 1)
})
