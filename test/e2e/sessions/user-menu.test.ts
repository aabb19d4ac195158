// The person's own menu: by the mouse, by the keyboard, on every width; and the start pages of the insurer's office.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { launchChromium, openContext, type Watch } from '../browser.ts'
import {
  ADMINISTRATOR,
  AGENT,
  AUDITOR,
  GP,
  signInAsPractitioner,
  signInAsStaff,
  signOut,
  userMenu,
} from '../gestures.ts'
import { type Product, startProduct } from '../product.ts'
import { gone, scenario, seen } from '../scenario.ts'
import { checkScreen } from '../screens.ts'

type Person = BrowserContext & { watch: Watch }

let product: Product
let browser: Browser
let page: Page
const people: Person[] = []
const open = async (): Promise<Person> => {
  const person = await openContext(browser, product.url)
  people.push(person)
  return person
}
const step = scenario('user menu', () => people)
before(async () => {
  ;[product, browser] = await Promise.all([startProduct(8900), launchChromium()])
})
after(async () => {
  await browser?.close()
  await product?.end()
})

const panel = () => page.getByRole('group', { name: 'Mon menu' })
const focused = (control: Locator) => control.evaluate((element) => element.matches(':focus'))

step('says who, where, since when', async () => {
  page = await (await open()).newPage()
  await page.goto('/')
  await signInAsPractitioner(page, GP, 'CABINET DR EXEMPLE')
  await seen(page.getByRole('heading', { name: 'Activités' }))
  await userMenu(page).click()
  for (const words of ['Dr Camille EXEMPLE', 'Médecin – Médecine générale', 'CABINET DR EXEMPLE', 'Dernière connexion'])
    await seen(panel().getByText(words))
  await seen(panel().getByRole('link', { name: 'Mes connexions' }))
  await checkScreen(page, '40-user-menu')
})

step('Escape closes it and gives the focus back; so does going on, without', async () => {
  await page.keyboard.press('Escape')
  await gone(panel())
  assert.equal(await focused(userMenu(page)), true)
  await page.keyboard.press('Enter')
  await seen(panel())
  await page.keyboard.press('Tab')
  assert.equal(await focused(panel().getByRole('link', { name: 'Changer de lieu' })), true)
  for (let i = 0; i < 6; i++) await page.keyboard.press('Tab')
  await gone(panel())
  await userMenu(page).click()
  await seen(panel())
  await page.getByRole('heading', { name: 'Activités' }).click()
  await gone(panel())
})

step('leads to another place, and back to the same page', async () => {
  await page.goto('/adresse-electronique')
  await userMenu(page).click()
  await panel().getByRole('link', { name: 'Changer de lieu' }).click()
  await page.getByRole('radio', { name: 'MAISON DE SANTE DES MODELES' }).check()
  await page.getByRole('button', { name: 'Continuer' }).click()
  await page.waitForURL('**/adresse-electronique')
  await seen(page.getByRole('heading', { level: 1, name: 'Votre adresse électronique' }))
  await userMenu(page).click()
  await seen(panel().getByText('MAISON DE SANTE DES MODELES'))
})

step('at 200 % everything is still there', async () => {
  await page.setViewportSize({ width: 640, height: 450 })
  await page.getByRole('button', { name: 'Se déconnecter' }).scrollIntoViewIfNeeded()
  await page.screenshot({ path: 'test-results/screens/41-user-menu-200.png' })
  await page.keyboard.press('Escape')
  await signOut(page)
  await seen(page.getByRole('button', { name: 'Se connecter avec Pro Santé Connect' }))
})

for (const [role, heading, screen] of [
  [AGENT, 'Accueil', '42-home-agent'],
  [AUDITOR, 'Accueil', '43-home-auditor'],
  [ADMINISTRATOR, 'Administration', '44-home-administrator'],
] as const) {
  step(`start page: ${role}`, async () => {
    const person = await open()
    page = await person.newPage()
    await page.goto('/espace-service-medical')
    await signInAsStaff(page, role)
    await seen(page.getByRole('heading', { level: 1, name: heading }))
    await seen(page.getByRole('link', { name: 'Mes connexions' }))
    await checkScreen(page, screen)
    await person.close()
    people.pop()
  })
}
