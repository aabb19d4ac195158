// Step 10 of the walk: everything is killed at once, while a mail waits for a server that refuses it; started again, all
// that was acknowledged is there, once, readable, and the mail goes out.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { type MailBox, startMailBox } from '../../../simulators/mail-box/start.ts'
import { launchChromium, openContext } from '../browser.ts'
import {
  ADVISER,
  answer,
  folder,
  GP,
  GP_ADDRESS,
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
import { eventually, scenario, seen } from '../scenario.ts'

const PORT = 8810
const SUBJECT = 'Question avant la coupure'
const QUESTION = 'Première question, envoyée avant la coupure.'
const REPLY = 'Réponse donnée pendant que le courrier était refusé.'
const BEGUN = 'Texte commencé juste avant la coupure, encore en brouillon.'

let product: Product
let browser: Browser
let mailBox: MailBox
let practitioner: Awaited<ReturnType<typeof openContext>>
let adviser: Awaited<ReturnType<typeof openContext>>
let page: Page
let desk: Page
const step = scenario('kill -9', () => [practitioner, adviser])

before(async () => {
  mailBox = await startMailBox({ port: PORT + 3, smtpPort: PORT + 5 })
  ;[product, browser] = await Promise.all([
    startProduct(PORT, { CONSILIUM_SMTP_URL: mailBox.smtpUrl }),
    launchChromium(),
  ])
})
after(async () => {
  await browser?.close()
  await product?.end()
  await mailBox?.close()
})

step('an exchange, an answer whose mail is refused, a text begun', async () => {
  practitioner = await openContext(browser, product.url)
  adviser = await openContext(browser, product.url)
  page = await practitioner.newPage()
  await page.goto('/')
  await signInAsPractitioner(page, GP, 'CABINET DR EXEMPLE')
  await page.getByRole('button', { name: 'Identifier un patient' }).click()
  await identify(page, NIR, /Léo/)
  await page.getByRole('link', { name: /^Échanges médicaux sécurisés/ }).click()
  await page.getByRole('button', { name: 'Nouveau message' }).click()
  await write(page, { motif: 'Autre question médicale sur ce patient', subject: SUBJECT, text: QUESTION })
  await send(page)
  await seen(sent(page))

  mailBox.setFault({ kind: 'refuse' })
  desk = await adviser.newPage()
  await desk.goto('/espace-service-medical')
  await signInAsStaff(desk, ADVISER)
  await row(desk, SUBJECT).click()
  await seen(message(desk, QUESTION))
  await page.goto('/')
  await seen(page.getByRole('heading', { name: 'Services patients' }))
  await answer(desk, REPLY)
  await seen(sent(desk))
  await desk.getByLabel('Votre réponse').fill(BEGUN)
  await seen(desk.getByText(/Brouillon enregistré/))
  await eventually(
    'attempts to hand the mail over',
    async () => mailBox.attempts(),
    (attempts) => attempts > 0,
  )
  assert.equal(mailBox.messages().length, 0)
})

step('10. all is there, once, readable; the mail goes out, once', async () => {
  const before = await stored()
  assert.deepEqual(
    before.map(({ messages, kept }) => [messages, kept]),
    [[2, 2]],
  )
  practitioner.watch.expect(/ERR_|live/)
  adviser.watch.expect(/ERR_|live/)
  await product.kill()
  mailBox.setFault({ kind: 'none' })
  await product.start()
  assert.deepEqual(await stored(), before)

  // Sessions are on the server: nobody signs in again.
  await desk.reload()
  await seen(message(desk, QUESTION))
  assert.equal(await message(desk, REPLY).count(), 1)
  await eventually(
    'the text begun',
    () => desk.getByLabel('Votre réponse').inputValue(),
    (text) => text === BEGUN,
  )

  const mail = await eventually(
    'mail',
    async () => mailBox.messages(),
    (mails) => mails.length > 0,
    20_000,
  )
  assert.equal(mail[0]!.to, GP_ADDRESS)
  const [notice] = await product.query<{ outbox_id: string; attempts: number }>(
    'select outbox_id, attempts from portal.outbox',
  )
  assert.ok(mail[0]!.messageId.includes(notice!.outbox_id), 'the Message-ID is that of the notice')
  assert.ok(notice!.attempts >= 2, 'it had been refused before')

  await page.reload()
  await page.getByRole('link', { name: /^Échanges médicaux sécurisés/ }).click()
  await seen(folder(page, 'À traiter', '1 non lu'))
  await row(page, SUBJECT).click()
  await seen(message(page, REPLY))
  assert.equal(await message(page, QUESTION).count(), 1)
  await seen(message(desk, REPLY).getByText(/Lu le .* par .*EXEMPLE/))
  assert.equal(mailBox.messages().length, 1)
})

step('10. the pages that stayed open go on', async () => {
  practitioner.watch.expect(/ERR_|live/)
  adviser.watch.expect(/ERR_|live/)
  await product.kill()
  await product.start()
  await answer(desk, 'Message écrit après la seconde coupure, sans recharger.')
  await seen(sent(desk))
  await message(page, 'après la seconde coupure').waitFor({ timeout: 15_000 })
})

const stored = () =>
  product.query<{ messages: number; kept: number }>(
    `select x.exchange_id, x.state, x.messages, count(m.*)::int as kept from medical.exchange x
     join medical.message m using (organism_id, exchange_id) group by 1, 2, 3 order by 1`,
  )
