// From the choice of a person at Pro Santé Connect to a place of practice: the place one always starts from, the service
// that a profession is not admitted to, the card of an employee, and the day Pro Santé Connect does not answer.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium, openContext, type Watch } from '../browser.ts'
import { choosePlace, GP, signInAsPractitioner, signOut } from '../gestures.ts'
import { type Product, startProduct } from '../product.ts'
import { scenario, seen } from '../scenario.ts'
import { checkScreen } from '../screens.ts'

type Person = BrowserContext & { watch: Watch }

let product: Product
let browser: Browser
let page: Page
const people: Person[] = []
const step = scenario('place of practice', () => people)
const arrive = async () => {
  const person = await openContext(browser, product.url)
  people.push(person)
  page = await person.newPage()
  await page.goto('/')
}
before(async () => {
  ;[product, browser] = await Promise.all([startProduct(8930), launchChromium()])
})
after(async () => {
  await browser?.close()
  await product?.end()
})

const home = (name: string) => seen(page.getByRole('heading', { level: 1, name }))
const always = () => page.getByRole('checkbox', { name: 'Toujours commencer ici' })

step('chosen once and for all', async () => {
  await arrive()
  await signInAsPractitioner(page, GP)
  const place = page.getByRole('radio', { name: 'MAISON DE SANTE DES MODELES' })
  await place.check()
  await always().check()
  await checkScreen(page, '50-choose-place')
  // What was ticked for one place is not ticked for another.
  await page.getByRole('radio', { name: 'CABINET DR EXEMPLE' }).check()
  assert.equal(await always().isChecked(), false)
  await place.check()
  assert.equal(await always().isChecked(), true)
  await page.getByRole('button', { name: 'Continuer' }).click()
  await home('Dr Camille EXEMPLE')
})

step('is not asked again at the next sign-in, and is changed without one', async () => {
  await signOut(page)
  await signInAsPractitioner(page, GP)
  await home('Dr Camille EXEMPLE')
  await page.getByRole('main').getByRole('link', { name: 'Mon lieu d’exercice' }).click()
  await choosePlace(page, 'CABINET DR EXEMPLE')
  await seen(page.getByRole('main').getByText('1 RUE DE L EXEMPLE'))
})

step('in « Mon compte », the question is asked again each time', async () => {
  await page.goto('/compte')
  await home('Mes informations')
  const start = page.getByLabel('Lieu d’exercice au début d’une connexion')
  await checkScreen(page, '56-default-place')
  await start.selectOption({ label: 'Me le demander à chaque connexion' })
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await seen(page.getByRole('status').getByText('Le lieu où vos connexions commencent est enregistré.'))
  await signOut(page)
  await signInAsPractitioner(page, GP)
  await home("Choisissez votre lieu d'exercice")
})

step('a profession that a service does not admit is told so, and the way on', async () => {
  await arrive()
  await signInAsPractitioner(page, 'Infirmier et audioprothésiste', 'CENTRE AUDITIF BINOME')
  await home('Céleste BINOME')
  await seen(page.getByText('Les échanges médicaux sécurisés sont ouverts aux médecins'))
  await seen(page.getByText('L’identification d’un patient est ouverte aux médecins'))
  await checkScreen(page, '51-not-admitted')
  await page.goto('/patients/identification')
  await seen(page.getByText('L’identification d’un patient est ouverte aux médecins'))
  await checkScreen(page, '52-not-admitted-here')
  await page.getByRole('link', { name: 'Changer de lieu d’exercice' }).click()
  await choosePlace(page, 'CABINET INFIRMIER BINOME')
  await seen(page.getByRole('link', { name: 'Échanges médicaux sécurisés' }))
})

step('an employee is told who opens the services to them', async () => {
  await arrive()
  await signInAsPractitioner(page, "Employée d'une maison de santé (CPE)")
  await home('Swann POSTICHE')
  await seen(page.getByRole('main').getByText('Employé de structure'))
  await seen(page.getByText('peut vous accorder une délégation').first())
  await checkScreen(page, '53-employee')
})

step('when Pro Santé Connect fails, a page says so and leads back to what was wanted', async () => {
  await arrive()
  await page.goto('/patients/identification')
  await page.getByRole('button', { name: 'Se connecter avec Pro Santé Connect' }).click()
  await page.getByText('Essayer une autre réponse du service').click()
  await checkScreen(page, '54-chooser')
  await page.getByRole('radio', { name: 'Erreur du service' }).check()
  await page.getByRole('button', { name: /^\s*Sage-femme/ }).click()
  await home('Pro Santé Connect ne répond pas')
  await checkScreen(page, '55-psc-down')
  await page.getByRole('button', { name: 'Réessayer avec Pro Santé Connect' }).click()
  await page.getByRole('button', { name: /^\s*Sage-femme/ }).click()
  await home('Identifier un patient')
})
