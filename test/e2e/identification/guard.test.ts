// Somebody walks through numbers: blocked in words that help, seen by the administrator, who opens again with a reason.
// And what a password opens of a patient.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium, openContext, type Watch } from '../browser.ts'
import { ADMINISTRATOR, askFor, banner, GP, identify, NIR, signInAsPractitioner, signInAsStaff } from '../gestures.ts'
import { type Product, startProduct } from '../product.ts'
import { gone, scenario, seen } from '../scenario.ts'
import { checkScreen } from '../screens.ts'

type Person = BrowserContext & { watch: Watch }

const PLACE = 'CABINET DR EXEMPLE'
const REASON = 'Le médecin saisissait une liste de convocations ; vu avec lui au téléphone.'

let product: Product
let browser: Browser
let practitioner: Person
let page: Page
let office: Page
const people: Person[] = []
const open = async (): Promise<Person> => {
  const person = await openContext(browser, product.url)
  people.push(person)
  return person
}
const step = scenario('identification guard', () => people)
before(async () => {
  ;[product, browser] = await Promise.all([startProduct(9340), launchChromium()])
})
after(async () => {
  await browser?.close()
  await product?.end()
})

const field = () => page.getByLabel('Numéro de sécurité sociale')
const blocked = () => page.getByRole('alert').filter({ hasText: 'Identification bloquée' })

step('a walk through numbers ends at a clear word, and keeps what was typed', async () => {
  practitioner = await open()
  page = await practitioner.newPage()
  await page.goto('/')
  await signInAsPractitioner(page, GP, PLACE)
  await page.goto('/patients/identification')
  for (let order = 101; order < 108; order++) {
    practitioner.watch.expect(/404/)
    await askFor(page, `2840588321${order}`)
    await seen(page.getByText('Aucun patient ne peut être présenté'))
    await field().fill('')
  }
  practitioner.watch.expect(/403/)
  await askFor(page, '2 84 05 88 321 108')
  await seen(blocked())
  for (const words of [/administrateur de la plateforme/, /securite@consilium\.example/, /dites-le aussitôt/])
    await seen(blocked().getByText(words))
  await seen(blocked().getByRole('link', { name: 'voir mes échanges' }))
  assert.equal(await field().inputValue(), '2 84 05 88 321 108')
  assert.ok(!page.url().includes('2840588'))
  await checkScreen(page, '60-identification-blocked')
})

step('the security contact has a mail that names nobody', async () => {
  const mail = await product.mail('securite@consilium.example')
  assert.match(mail.subject, /identification des patients bloquée/)
  assert.doesNotMatch(mail.raw, /28405|EXEMPLE|Camille/)
  assert.ok(mail.text.includes(`${product.url}/administration/identifications`))
})

step('the administrator sees who and why, and must say a reason', async () => {
  office = await (await open()).newPage()
  await office.goto('/espace-service-medical')
  await signInAsStaff(office, ADMINISTRATOR)
  await office.getByRole('link', { name: /Identifications bloquées/ }).click()
  await seen(office.getByRole('heading', { name: 'Identifications bloquées', level: 1 }))
  const entry = office.getByRole('listitem').filter({ hasText: 'Dr Camille EXEMPLE' })
  for (const words of ['Numéros voisins, les uns après les autres', 'Pro Santé Connect, carte', /8 en un jour/])
    await seen(entry.getByText(words))
  await checkScreen(office, '61-identification-blocks')
  await entry.getByRole('button', { name: /^Lever le blocage/ }).click()
  const dialog = office.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Lever le blocage' }).click()
  await seen(dialog.getByText('Écrivez le motif de la levée.'))
  assert.equal(await dialog.getByLabel('Motif').evaluate((element) => element.matches(':focus')), true)
  await dialog.getByLabel('Motif').fill(REASON)
  await checkScreen(office, '62-lift-identification-block')
})

step('with one, the identification is open again, and the list remembers', async () => {
  await office.getByRole('dialog').getByRole('button', { name: 'Lever le blocage' }).click()
  await seen(office.getByRole('status').filter({ hasText: 'rouverte pour Dr Camille EXEMPLE' }))
  await seen(office.getByText('Aucun compte n’est bloqué.'))
  await seen(office.getByText(`Motif : ${REASON}`))
  await checkScreen(office, '63-identification-blocks-lifted')
  await identify(page, NIR, /Claire/)
  await seen(banner(page))
  await gone(blocked())
})

step('a password opens initials and rights, and says what needs a card', async () => {
  await product.query(`update portal.session set level = 'low', via = 'password', auth_mode = 'PASSWORD'
    where side = 'practice'`)
  await page.goto('/')
  await page.goto('/patients/droits')
  await seen(page.getByRole('heading', { name: 'Identification limitée' }))
  await field().fill(NIR)
  await page.getByRole('button', { name: 'Vérifier les droits' }).click()
  await seen(page.getByRole('heading', { name: 'Assuré C. E.' }))
  for (const words of ['40–49 ans', 'REGIME GENERAL (01)', 'CPAM du Val-de-Marne (941)', 'Oui'])
    await seen(page.getByText(words, { exact: true }))
  await seen(page.getByText('Il vous reste 29 identifications limitées aujourd’hui.'))
  const shown = (await page.getByRole('main').textContent()) ?? ''
  assert.doesNotMatch(shown, /ESSAI|Claire|Léo|Zoé|1984/)
  assert.ok(!page.url().includes('2840588'))
  await seen(page.getByRole('button', { name: 'Se connecter avec Pro Santé Connect' }))
  await checkScreen(page, '64-limited-identification')
  await field().fill('1 60 03 95 350 045')
  await page.getByRole('button', { name: 'Vérifier les droits' }).click()
  await seen(page.getByText('Non', { exact: true }))
})

step('the thirty-first of the day is refused until tomorrow, and the number stays in the field', async () => {
  await product.query(`update medical.lookup_count set n = 30 where counter like 'limited/%'`)
  practitioner.watch.expect(/429/)
  await page.getByRole('button', { name: 'Vérifier les droits' }).click()
  const limit = page.getByRole('status').filter({ hasText: 'Nombre d’identifications atteint' })
  await seen(limit.getByText(/vous pourrez recommencer demain à 0 h 00/))
  assert.equal(await field().inputValue(), '1 60 03 95 350 045')
  await checkScreen(page, '65-limited-identification-limit')
})
