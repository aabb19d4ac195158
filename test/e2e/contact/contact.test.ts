// « Contacter l'Assurance Maladie » from both ends in a browser: the form that looks, the queue, and a text carried into an
// exchange.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium, openContext, type Watch } from '../browser.ts'
import { AGENT, banner, GP, GP_ADDRESS, NIR, signInAsPractitioner, signInAsStaff } from '../gestures.ts'
import { type Product, startProduct } from '../product.ts'
import { scenario, seen } from '../scenario.ts'
import { checkScreen } from '../screens.ts'

type Person = BrowserContext & { watch: Watch }

const PLACE = 'CABINET DR EXEMPLE'
const INNOCENT = 'Bonjour, mon virement du 12 n’est pas encore arrivé. Pouvez-vous vérifier ? Merci.'
const MEDICAL = 'Bonjour, ma patiente est suivie pour un cancer du sein, quelle démarche pour son protocole ?'

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
const step = scenario('contact', () => people)
before(async () => {
  ;[product, browser] = await Promise.all([startProduct(9480), launchChromium()])
})
after(async () => {
  await browser?.close()
  await product?.end()
})

const message = () => page.getByLabel('Message *', { exact: true })
const validate = () => page.getByRole('button', { name: 'Valider' }).click()
const stop = (title: string) => page.getByRole('region', { name: title })

step('the form stands as users know it, one’s own organisme first', async () => {
  practitioner = await open()
  page = await practitioner.newPage()
  await page.goto('/')
  await signInAsPractitioner(page, GP, PLACE)
  await page.getByRole('link', { name: /Échangez avec nous par écrit/ }).click()
  await seen(page.getByRole('heading', { name: 'Contacter l’Assurance Maladie', level: 1 }))
  const organism = page.getByRole('combobox', { name: "Sélectionnez l'organisme destinataire" })
  assert.equal(await organism.inputValue(), '941 - CPAM du Val-de-Marne')
  await seen(page.getByText(/aucune information sensible ou confidentielle notamment à caractère médical/))
  await seen(page.getByText('0 / 2 000'))
  await checkScreen(page, '70-contact')
})

step('an organisme is found by a number or by words, with the keyboard alone', async () => {
  const organism = page.getByRole('combobox', { name: "Sélectionnez l'organisme destinataire" })
  await organism.fill('loiret')
  await page.keyboard.press('Enter')
  assert.match(await organism.inputValue(), /Loiret/)
  await organism.fill('941')
  await seen(page.getByRole('option', { name: '941 - CPAM du Val-de-Marne' }))
  await checkScreen(page, '71-contact-organisms')
  await organism.fill('941 cpam')
  await page.keyboard.press('Enter')
  assert.equal(await organism.inputValue(), '941 - CPAM du Val-de-Marne')
  await page.getByRole('tab', { name: 'Coordonnées organisme' }).click()
  await seen(page.getByRole('heading', { name: '941 - CPAM du Val-de-Marne' }))
  await checkScreen(page, '72-contact-coordinates')
  await page.keyboard.press('ArrowLeft')
  await seen(message())
})

step('what is missing is said, and the first of it has the focus', async () => {
  await validate()
  await seen(page.getByText('Sélectionnez un objet.'))
  assert.equal(await page.getByLabel('Objet *').evaluate((element) => element.matches(':focus')), true)
})

step('a number is refused, marked where it stands, and the text stays', async () => {
  await page.getByLabel('Objet *').selectOption({ label: 'Informations administratives' })
  const text = `Le dossier ${NIR} 32 est bloqué.`
  await message().fill(text)
  practitioner.watch.expect(/422/)
  await validate()
  await seen(stop('Ce message ne peut pas être envoyé ici'))
  await seen(page.locator('mark').filter({ hasText: '2 84 05 88 321 025' }))
  assert.equal(await message().inputValue(), text)
  assert.equal(await page.getByRole('button', { name: 'Envoyer tout de même' }).count(), 0)
  await checkScreen(page, '73-contact-nir')
})

step('what looks medical is said while it is typed, and refused', async () => {
  await message().fill(MEDICAL)
  await seen(stop('Attention : ce texte semble médical'))
  practitioner.watch.expect(/422/)
  await validate()
  await seen(stop('Ce message semble contenir une information médicale'))
  await seen(page.getByRole('button', { name: 'Envoyer tout de même' }))
  await checkScreen(page, '74-contact-medical')
})

step('it goes on into an exchange: the patient is identified, and the text is there, saved as a draft', async () => {
  await page.getByRole('button', { name: 'Continuer dans un échange médical sécurisé' }).click()
  await page.getByLabel('Numéro de sécurité sociale').fill(NIR)
  await page.getByRole('button', { name: 'Identifier', exact: true }).click()
  await page.getByRole('radio').first().check()
  await page.getByRole('button', { name: 'Choisir ce patient' }).click()
  await seen(banner(page))
  await seen(page.getByRole('heading', { name: 'Nouveau message' }))
  assert.equal(await page.getByLabel('Message', { exact: true }).inputValue(), MEDICAL)
  await seen(page.getByText(/Brouillon enregistré/))
  assert.ok(!page.url().includes('cancer'))
})

step('an innocent message leaves at once', async () => {
  await page.goto('/contact')
  await page.getByLabel('Objet *').selectOption({ label: 'Paiement et facturation' })
  await message().fill(INNOCENT)
  await validate()
  await seen(page.getByRole('status').filter({ hasText: 'Votre message a été envoyé' }))
  await seen(page.getByRole('heading', { name: 'Mes messages', level: 1 }))
  await checkScreen(page, '75-my-messages')
})

step('an agent takes it and answers with a model', async () => {
  office = await (await open()).newPage()
  await office.goto('/espace-service-medical')
  await signInAsStaff(office, AGENT)
  await seen(office.getByRole('link', { name: /Messages des professionnels/ }))
  await checkScreen(office, '76-office-home')
  await office.getByRole('link', { name: /Messages des professionnels/ }).click()
  await seen(office.getByRole('link', { name: /Paiement et facturation/ }))
  await checkScreen(office, '77-queue')
  await office.getByRole('link', { name: /Paiement et facturation/ }).click()
  await seen(office.getByText(INNOCENT))
  await office.getByRole('button', { name: 'Prendre en charge' }).click()
  await seen(office.getByRole('status').filter({ hasText: 'Message pris en charge' }))
  await office.getByLabel(/^Modèle de réponse/).selectOption({ label: 'Paiement effectué' })
  await office.getByRole('button', { name: 'Insérer' }).click()
  await checkScreen(office, '78-queue-message')
  await office.getByLabel('Réponse', { exact: true }).fill('Bonjour, le virement part ce jour.')
  await office.getByRole('button', { name: 'Envoyer la réponse' }).click()
  await seen(office.getByRole('status').filter({ hasText: 'Votre réponse a été envoyée' }))
})

step('its author is told by a mail that says nothing of it, and reads the answer', async () => {
  const mail = await product.mail(GP_ADDRESS)
  assert.equal(mail.subject, 'Il y a du nouveau dans « Mes messages »')
  assert.doesNotMatch(mail.raw, /virement|EXEMPLE/)
  await page.goto('/mes-messages')
  await page.getByRole('link', { name: /Nouveau.*Paiement|Paiement.*Nouveau/ }).click()
  await seen(page.getByText('Bonjour, le virement part ce jour.'))
  await checkScreen(page, '79-my-message')
})
