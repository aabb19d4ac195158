// A doctor delegates to a secretary, who prepares an answer; the doctor sends it; the adviser reads who did what.
import { after, before } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium, openContext } from '../browser.ts'
import {
  ADVISER,
  answer,
  choosePlace,
  folder,
  GP,
  identify,
  message,
  NIR,
  row,
  send,
  sent,
  signInAsPractitioner,
  signInAsStaff,
  write,
} from '../gestures.ts'
import { type Product, startProduct } from '../product.ts'
import { scenario, seen } from '../scenario.ts'
import { checkScreen } from '../screens.ts'

const SECRETARY = "Employée d'une maison de santé (CPE)"
const CARD = '30B9999998/CPET00002'
const SUBJECT = 'Préparé à deux mains'
const PREPARED = 'Réponse préparée au secrétariat.'

let product: Product
let browser: Browser
let contexts: Awaited<ReturnType<typeof openContext>>[] = []
let doctor: Page
let secretary: Page
let desk: Page
const step = scenario('delegation', () => contexts)

before(async () => {
  ;[product, browser] = await Promise.all([startProduct(8860), launchChromium()])
  contexts = await Promise.all([1, 2, 3].map(() => openContext(browser, product.url)))
  ;[doctor, secretary, desk] = (await Promise.all(contexts.map((context) => context.newPage()))) as [Page, Page, Page]
})
after(async () => {
  await browser?.close()
  await product?.end()
})

step('the doctor writes to the service médical, which answers', async () => {
  await doctor.goto('/')
  await signInAsPractitioner(doctor, GP, 'CABINET DR EXEMPLE')
  await doctor.getByRole('button', { name: 'Identifier un patient' }).click()
  await identify(doctor, NIR, /Léo/)
  await doctor.getByRole('link', { name: /^Échanges médicaux sécurisés/ }).click()
  await doctor.getByRole('button', { name: 'Nouveau message' }).click()
  await write(doctor, { motif: 'Affection de longue durée', subject: SUBJECT, text: 'Question du médecin.' })
  await send(doctor)
  await seen(sent(doctor))
  await desk.goto('/espace-service-medical')
  await signInAsStaff(desk, ADVISER)
  await row(desk, SUBJECT).click()
  await answer(desk, 'Pouvez-vous préciser ?')
  await seen(sent(desk))
})

step('the doctor grants a delegation to prepare; a wrong number is said at its field', async () => {
  await doctor.goto('/compte/delegations')
  await doctor.getByRole('button', { name: 'Accorder une délégation' }).click()
  const number = doctor.getByLabel('Numéro RPPS, ou identifiant de la carte CPE')
  contexts[0]?.watch.expect(/422/)
  await number.fill('99709990017')
  await checkScreen(doctor, 'delegations-form')
  await doctor.getByRole('button', { name: 'Accorder la délégation' }).click()
  await seen(doctor.getByText('Ce numéro RPPS n’existe pas'))
  await number.fill(CARD)
  await doctor.getByRole('button', { name: 'Accorder la délégation' }).click()
  await seen(doctor.getByRole('status').filter({ hasText: 'La délégation est accordée' }))
  await seen(doctor.getByRole('article').filter({ hasText: CARD }).getByText('Active'))
  await checkScreen(doctor, 'delegations')
})

step('the secretary chooses the doctor’s place, and every page says for whom she acts', async () => {
  await secretary.goto('/lieu-exercice')
  await signInAsPractitioner(secretary, SECRETARY)
  await secretary.goto('/lieu-exercice')
  await seen(secretary.getByText('Par délégation'))
  await checkScreen(secretary, 'places-delegated')
  await choosePlace(secretary, 'CABINET DR EXEMPLE')
  await seen(secretary.getByRole('region', { name: 'Délégation en cours' }).getByText('préparation'))
  await secretary.getByRole('link', { name: /^Échanges médicaux sécurisés/ }).click()
  await seen(row(secretary, SUBJECT))
  await checkScreen(secretary, 'folder-delegated')
})

step('she prepares the answer and leaves it; there is nothing to send with', async () => {
  await row(secretary, SUBJECT).click()
  await secretary.getByLabel('Votre réponse').fill(PREPARED)
  await secretary.getByRole('button', { name: 'Laisser à relire' }).click()
  await seen(secretary.getByRole('status').filter({ hasText: 'Votre texte est prêt' }))
  await checkScreen(secretary, 'exchange-prepared')
})

step('the doctor finds it among the drafts, with her name, and sends it', async () => {
  await doctor.goto('/echanges/brouillons')
  await seen(row(doctor, /Préparé par/))
  await checkScreen(doctor, 'drafts-prepared')
  await row(doctor, SUBJECT).click()
  await seen(doctor.getByText('Texte préparé par'))
  await send(doctor)
  await seen(sent(doctor))
})

step('the adviser reads « préparé par …, envoyé par … »', async () => {
  await desk.goto('/echanges/a-traiter')
  await row(desk, SUBJECT).click()
  await seen(message(desk, PREPARED).getByText(/Préparé par .+, envoyé par Dr Camille EXEMPLE/))
  await checkScreen(desk, 'exchange-prepared-desk')
})

step('revoked, the secretary is back at the choice of a place at the next gesture', async () => {
  await doctor.goto('/compte/delegations')
  await doctor.getByRole('button', { name: /^Révoquer/ }).click()
  await doctor.getByRole('dialog').getByRole('button', { name: 'Révoquer' }).click()
  await seen(doctor.getByRole('article').filter({ hasText: CARD }).getByText('Révoquée'))
  contexts[1]!.watch.expect(/404/)
  await secretary.goto('/echanges/a-traiter')
  await seen(secretary.getByRole('heading', { name: "Choisissez votre lieu d'exercice" }))
  await seen(folder(doctor, 'À traiter').or(doctor.getByRole('heading', { name: 'Mes délégations' })))
})
