// The main walk without a mouse: every control is reached by Tab, shows the focus, and answers to its keys.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { launchChromium, openContext } from '../browser.ts'
import { ADVISER, folder, GP, message, NIR, row, sent } from '../gestures.ts'
import { type Product, startProduct } from '../product.ts'
import { scenario, seen } from '../scenario.ts'

const SUBJECT = 'Écrit au clavier'
const QUESTION = 'Message écrit et envoyé sans souris.'
const REPLY = 'Réponse écrite sans souris.'

let product: Product
let browser: Browser
let practitioner: Awaited<ReturnType<typeof openContext>>
let adviser: Awaited<ReturnType<typeof openContext>>
let page: Page
let desk: Page
const step = scenario('keyboard', () => [practitioner, adviser].filter(Boolean))

before(async () => {
  ;[product, browser] = await Promise.all([startProduct(8820), launchChromium()])
  practitioner = await openContext(browser, product.url)
  adviser = await openContext(browser, product.url)
})
after(async () => {
  await browser?.close()
  await product?.end()
})

step('a practitioner signs in, chooses a place, identifies a patient', async () => {
  page = await practitioner.newPage()
  await page.goto('/')
  await press(page, page.getByRole('button', { name: 'Se connecter avec Pro Santé Connect' }), 'Enter')
  await press(page, page.getByRole('button', { name: new RegExp(`^${GP}`) }), 'Enter')
  await press(page, page.getByRole('radio').first(), 'Space')
  await page.keyboard.press('ArrowDown')
  assert.equal(await page.getByRole('radio').nth(1).isChecked(), true, 'arrows move in a radio group')
  await page.keyboard.press('ArrowUp')
  await press(page, page.getByRole('button', { name: 'Continuer' }), 'Enter')
  await press(page, page.getByRole('button', { name: 'Identifier un patient' }), 'Space')
  await reach(page, page.getByLabel('Numéro de sécurité sociale'))
  await page.keyboard.type(NIR)
  await page.keyboard.press('Enter')
  const choice = page.getByRole('radiogroup', { name: 'Bénéficiaire' })
  await seen(choice)
  await press(page, choice.getByRole('radio').first(), 'Space')
  await page.keyboard.press('ArrowDown')
  await press(page, page.getByRole('button', { name: 'Choisir ce patient' }), 'Enter')
  await seen(page.getByRole('region', { name: 'Patient concerné' }).getByText('ESSAI Léo'))
})

step('writes and sends', async () => {
  await press(page, page.getByRole('link', { name: /^Échanges médicaux sécurisés/ }), 'Enter')
  await press(page, page.getByRole('button', { name: 'Nouveau message' }), 'Enter')
  await seen(page.getByRole('heading', { name: 'Nouveau message' }))
  await page.getByLabel('Motif').getByRole('option', { name: 'Médicament' }).waitFor({ state: 'attached' })
  await reach(page, page.getByLabel('Motif'))
  await page.keyboard.type('Méd')
  await reach(page, page.getByLabel('Objet'))
  await page.keyboard.type(SUBJECT)
  await reach(page, page.getByLabel('Message', { exact: true }))
  await page.keyboard.type(QUESTION)
  await press(page, page.getByRole('button', { name: 'Envoyer', exact: true }), 'Enter')
  await seen(sent(page))
  await seen(message(page, QUESTION))
})

step('an adviser reads, answers and closes; Escape leaves the dialog, which keeps the focus inside', async () => {
  desk = await adviser.newPage()
  await desk.goto('/')
  await press(desk, desk.getByRole('link', { name: 'Espace service médical' }), 'Enter')
  await press(desk, desk.getByRole('button', { name: 'Se connecter avec mon organisme' }), 'Enter')
  await press(desk, desk.getByRole('button', { name: new RegExp(`^${ADVISER}`) }), 'Enter')
  await press(desk, row(desk, SUBJECT), 'Enter')
  await seen(message(desk, QUESTION))
  await reach(desk, desk.getByLabel('Votre réponse'))
  await desk.keyboard.type(REPLY)
  await press(desk, desk.getByRole('button', { name: 'Envoyer', exact: true }), 'Enter')
  await seen(sent(desk))
  await seen(message(page, REPLY))

  // A text that was not sent makes the closing ask again.
  await reach(desk, desk.getByLabel('Votre réponse'))
  await desk.keyboard.type('Un mot de plus')
  const closing = desk.getByRole('main').getByRole('button', { name: "Clore l'échange" }).first()
  await press(desk, closing, 'Enter')
  const dialog = desk.getByRole('dialog')
  await seen(dialog)
  for (let tab = 0; tab < 4; tab++) {
    await desk.keyboard.press('Tab')
    assert.ok(await holdsFocus(dialog), 'the focus stays in the dialog')
  }
  await desk.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  assert.equal(await focused(closing), true, 'the focus comes back to what opened the dialog')
  await desk.keyboard.press('Enter')
  await press(desk, dialog.getByRole('button', { name: "Clore l'échange" }), 'Enter')
  await seen(desk.getByText('L’échange est clos', { exact: true }))
  await press(page, folder(page, 'Clos'), 'Enter')
  await seen(row(page, SUBJECT))
})

step('the first Tab offers to skip to the content', async () => {
  await page.goto('/')
  await page.getByRole('heading', { name: 'Activités' }).waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await focused(page.getByRole('link', { name: 'Aller au contenu principal' })), true)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  assert.equal(await page.locator('main :focus').count(), 1, 'the header is skipped')
})

const focused = (control: Locator) => control.evaluate((element) => element.matches(':focus'))

type Node = { contains(other: unknown): boolean; ownerDocument: { activeElement: unknown; body: unknown } }

/** After the last control of a dialog, the focus goes through the browser's own bar: nothing of the page has it. */
const holdsFocus = (dialog: Locator) =>
  dialog.evaluate((element) => {
    const node = element as unknown as Node
    const { activeElement, body } = node.ownerDocument
    return activeElement === body || node.contains(activeElement)
  })

/** Presses Tab until the control has the focus, and asks that this be seen. */
async function reach(window: Page, control: Locator): Promise<void> {
  await seen(control)
  for (let tabs = 0; tabs < 60; tabs++) {
    await window.keyboard.press('Tab')
    if (!(await focused(control))) continue
    const shown = await control.evaluate((element) => {
      const style = (each: unknown) =>
        (globalThis as unknown as { getComputedStyle(each: unknown): Record<string, string> }).getComputedStyle(each)
      let each: { parentElement: unknown } | null = element as unknown as { parentElement: unknown }
      // The ring may be drawn by what surrounds a field.
      for (let up = 0; each && up < 4; up++, each = each.parentElement as typeof each) {
        const { outlineStyle, outlineWidth, boxShadow } = style(each)
        if ((outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none') return true
      }
      return false
    })
    assert.ok(shown, `the focus cannot be seen on ${control}`)
    return
  }
  assert.fail(`Tab does not reach ${control}`)
}

async function press(window: Page, control: Locator, key: 'Enter' | 'Space'): Promise<void> {
  await reach(window, control)
  await window.keyboard.press(key)
}
