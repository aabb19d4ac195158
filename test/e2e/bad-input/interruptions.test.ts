// What goes wrong in mid-text or in mid-send: the text is never lost, the message leaves once, and the page says what
// happens. Each story begins on a page of its own.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import { launchChromium, openContext } from '../browser.ts'
import {
  ADVISER,
  answer,
  choosePlace,
  close,
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
import { eventually, keepScreens, seen } from '../scenario.ts'

const MOTIF = 'Autre question médicale sur ce patient'
const PLACE = 'CABINET DR EXEMPLE'
let product: Product
let browser: Browser
let practitioner: Awaited<ReturnType<typeof openContext>>
let adviser: Awaited<ReturnType<typeof openContext>>
let patientId: string

before(async () => {
  ;[product, browser] = await Promise.all([startProduct(8850), launchChromium()])
  practitioner = await openContext(browser, product.url)
  adviser = await openContext(browser, product.url)
  const page = await practitioner.newPage()
  await page.goto('/')
  await signInAsPractitioner(page, GP, PLACE)
  await page.getByRole('button', { name: 'Identifier un patient' }).click()
  await identify(page, NIR, /Léo/)
  await page.waitForURL(/patient=/)
  patientId = new URL(page.url()).searchParams.get('patient')!
  await page.close()
  const desk = await adviser.newPage()
  await desk.goto('/espace-service-medical')
  await signInAsStaff(desk, ADVISER)
  await seen(desk.getByRole('heading', { name: 'À traiter' }))
  await desk.close()
})
after(async () => {
  await browser?.close()
  await product?.end()
})

/** @param complaints what Chromium's console says of the trouble that the story makes */
function story(name: string, complaints: RegExp | null, act: () => Promise<void>): void {
  test(name, async () => {
    try {
      await act()
      for (const { watch } of [practitioner, adviser]) {
        if (complaints) watch.expect(complaints)
        assert.deepEqual(watch.faults(), [])
      }
    } catch (fault) {
      await keepScreens(`interruptions ${name}`, [practitioner, adviser])
      throw fault
    } finally {
      for (const page of [...practitioner.pages(), ...adviser.pages()]) await page.close()
      for (const { watch } of [practitioner, adviser]) watch.faults()
    }
  })
}

story('a double click on « Envoyer » sends one message', null, async () => {
  const page = await writing('Double clic')
  await page.getByRole('button', { name: 'Envoyer', exact: true }).dblclick()
  await seen(sent(page))
  await page.getByLabel('Votre réponse').fill('Une seule fois.')
  await page.getByRole('button', { name: 'Envoyer', exact: true }).dblclick()
  await seen(message(page, 'Une seule fois.'))
  await seen(sent(page))
  assert.equal(await message(page, 'Une seule fois.').count(), 1)
  assert.deepEqual(await lastExchange(), { exchanges: 1, messages: 2 })
})

story('an answer to an exchange closed meanwhile is offered as the draft of a new one', null, async () => {
  const { page, desk } = await exchange('Clos entre-temps')
  await page.getByLabel('Votre réponse').fill('Mots écrits pendant la clôture.')
  await close(desk)
  await seen(page.getByText(/texte n’a pas été envoyé/))
  await seen(page.getByText('Mots écrits pendant la clôture.'))
  await page.getByRole('button', { name: 'Garder ce texte pour un nouvel échange' }).click()
  await seen(page.getByRole('heading', { name: 'Nouveau message' }))
  await field(page, 'Message', 'Mots écrits pendant la clôture.')
  await seen(page.getByText('Patient concerné : ESSAI Léo'))
  await send(page)
  await seen(sent(page))
})

story('the same when the page did not know yet', /status of 409|ERR_/, async () => {
  const { page, desk } = await exchange('Clos à l’insu')
  await page.getByLabel('Votre réponse').fill('Mots envoyés trop tard.')
  await seen(page.getByText(/Brouillon enregistré/))
  // The news of the closing does not come through.
  await page.route(/\/api\/exchanges\/[0-9a-f-]+$/, (route) => route.abort())
  await close(desk)
  await send(page)
  await seen(page.getByText(/texte n’a pas été envoyé/))
  await page.unroute(/\/api\/exchanges\/[0-9a-f-]+$/)
  await page.getByRole('button', { name: 'Garder ce texte pour un nouvel échange' }).click()
  await field(page, 'Message', 'Mots envoyés trop tard.')
})

for (const [choice, kept, aside] of [
  ['Garder mon texte', 'Texte de la seconde fenêtre', 'Texte de la première fenêtre'],
  ['Reprendre le texte enregistré', 'Texte de la première fenêtre', 'Texte de la seconde fenêtre'],
] as const) {
  story(`two windows on one draft: « ${choice} »`, /status of 409/, async () => {
    const first = await writing(`Deux fenêtres, ${choice}`)
    await seen(first.getByText(/Brouillon enregistré/))
    const draft = new URL(first.url()).searchParams.get('brouillon')
    const second = await practitioner.newPage()
    await second.goto(`/echanges/brouillons/${draft}`)
    await field(second, 'Message', 'Texte du message.')
    await first.getByLabel('Message', { exact: true }).fill('Texte de la première fenêtre')
    await savedAgain(draft!, 2)
    await second.getByLabel('Message', { exact: true }).fill('Texte de la seconde fenêtre')
    await seen(second.getByText('Ce brouillon a été modifié dans une autre fenêtre'))
    for (const text of ['Texte de la première fenêtre', 'Texte de la seconde fenêtre'])
      await seen(second.getByRole('region', { name: /modifié dans une autre fenêtre/ }).getByText(text))
    await second.getByRole('button', { name: choice }).click()
    await field(second, 'Message', kept)
    await second.getByText(/Texte écarté/).click()
    await seen(second.getByText(aside))
    await second.getByLabel('Objet').fill(`Choisi : ${choice}`)
    await seen(second.getByText(/Brouillon enregistré/))
    await second.reload()
    await field(second, 'Message', kept)
  })
}

story('two windows on one answer: the second sees and chooses', /status of 409/, async () => {
  const { page: first } = await exchange('Deux réponses')
  const second = await practitioner.newPage()
  await second.goto(new URL(first.url()).pathname)
  await seen(message(second, 'Texte du message.'))
  await first.getByLabel('Votre réponse').fill('Réponse de la première fenêtre')
  await seen(first.getByText(/Brouillon enregistré/))
  await second.getByLabel('Votre réponse').fill('Réponse de la seconde fenêtre')
  const conflict = second.getByRole('region', { name: /modifié dans une autre fenêtre/ })
  for (const text of ['Réponse de la première fenêtre', 'Réponse de la seconde fenêtre'])
    await seen(conflict.getByText(text))
  await second.getByRole('button', { name: 'Garder mon texte' }).click()
  await send(second)
  await seen(sent(second))
  await seen(message(second, 'Réponse de la seconde fenêtre'))
  assert.equal(await message(second, 'Réponse de la seconde fenêtre').count(), 1)
  assert.equal(await first.getByLabel('Votre réponse').inputValue(), 'Réponse de la première fenêtre')
})

for (const [how, end] of [
  ['ended on the server', () => product.query('delete from portal.session where side = $1', ['practice'])],
  ['lost by the browser', () => practitioner.clearCookies({ name: '__Host-consilium' })],
] as const) {
  story(
    `a session ${how} in mid-text: signed in again beside, the text is there and is saved`,
    /status of 401/,
    async () => {
      const page = await writing(`Session ${how}`)
      await seen(page.getByText(/Brouillon enregistré/))
      await end()
      const text = `Suite écrite sans session, ${how}.`
      await page.getByLabel('Message', { exact: true }).fill(text)
      await signInBeside(page)
      await field(page, 'Message', text)
      await seen(page.getByText(/Brouillon enregistré/))
      await page.reload()
      await field(page, 'Message', text)
    },
  )
}

story('a session ended before « Envoyer »: the message leaves after the sign-in, once', /status of 401/, async () => {
  const page = await writing('Envoi sans session')
  await seen(page.getByText(/Brouillon enregistré/))
  await product.query('delete from portal.session where side = $1', ['practice'])
  const { exchanges } = await lastExchange()
  await send(page)
  await signInBeside(page)
  await seen(sent(page))
  assert.deepEqual(await lastExchange(), { exchanges: exchanges + 1, messages: 1 })
})

story('no network in mid-text: the page says so, and saves by itself once it is back', /ERR_INTERNET/, async () => {
  const page = await writing('Sans réseau')
  await seen(page.getByText(/Brouillon enregistré/))
  await practitioner.setOffline(true)
  await page.getByLabel('Message', { exact: true }).fill('Écrit sans réseau.')
  await seen(page.getByText(/Connexion interrompue : votre texte est conservé/))
  await practitioner.setOffline(false)
  await seen(page.getByText(/Brouillon enregistré/))
  await page.reload()
  await field(page, 'Message', 'Écrit sans réseau.')
})

story('no network at « Envoyer »: the message leaves by itself once it is back, once', /ERR_INTERNET/, async () => {
  const page = await writing('Envoi sans réseau')
  const { exchanges } = await lastExchange()
  await practitioner.setOffline(true)
  await send(page)
  await seen(page.getByText(/Connexion interrompue : votre message est conservé/))
  await field(page, 'Message', 'Texte du message.')
  await practitioner.setOffline(false)
  await seen(sent(page))
  assert.deepEqual(await lastExchange(), { exchanges: exchanges + 1, messages: 1 })
})

/** What becomes of the first request: lost before the server, or its answer lost after. */
const losses: [what: string, lose: (route: Route) => Promise<void>][] = [
  ['the request', (route) => route.abort('connectionreset')],
  [
    'the answer',
    async (route) => {
      assert.equal((await route.fetch()).status(), 201)
      await route.abort('connectionreset')
    },
  ],
]
for (const [what, lose] of losses) {
  story(`${what} of a new exchange is lost in mid-send: one exchange`, /ERR_CONNECTION_RESET/, async () => {
    const page = await writing(`Perte : ${what}`)
    const { exchanges } = await lastExchange()
    await loseOnce(page, '**/api/exchanges', lose)
    await send(page)
    await seen(page.getByText(/Connexion interrompue : votre message est conservé/))
    await seen(sent(page))
    assert.deepEqual(await lastExchange(), { exchanges: exchanges + 1, messages: 1 })
  })
  story(`${what} of an answer is lost in mid-send: one message`, /ERR_CONNECTION_RESET/, async () => {
    const { page } = await exchange(`Perte, réponse : ${what}`)
    await loseOnce(page, '**/api/exchanges/*/messages', lose)
    await answer(page, 'Réponse envoyée une fois.')
    await seen(sent(page))
    await seen(message(page, 'Réponse envoyée une fois.'))
    assert.equal(await message(page, 'Réponse envoyée une fois.').count(), 1)
    assert.equal((await lastExchange()).messages, 3)
  })
}

story(
  'the server is gone: the text stays, the page says so and tries again by itself',
  /ERR_|status of 50/,
  async () => {
    const page = await writing('Serveur arrêté')
    await seen(page.getByText(/Brouillon enregistré/))
    const { exchanges } = await lastExchange()
    await product.kill({ postgres: false })
    await page.getByLabel('Message', { exact: true }).fill('Écrit pendant la panne.')
    await seen(page.getByText(/Connexion interrompue : votre texte est conservé/))
    await send(page)
    await seen(page.getByText(/Connexion interrompue : votre message est conservé/))
    await product.start()
    await sent(page).waitFor({ timeout: 20_000 })
    await seen(message(page, 'Écrit pendant la panne.'))
    assert.deepEqual(await lastExchange(), { exchanges: exchanges + 1, messages: 1 })
  },
)

story(
  'the server hangs: the page says so and tries again, and the message leaves once',
  /ERR_|status of 50/,
  async () => {
    const page = await practitioner.newPage()
    await page.clock.install()
    await writing('Serveur figé', page)
    await seen(page.getByText(/Brouillon enregistré/))
    const { exchanges } = await lastExchange()
    product.freeze()
    try {
      await send(page)
      await sleep(500)
      assert.equal(await page.getByRole('button', { name: 'Envoyer', exact: true }).getAttribute('aria-busy'), 'true')
      await page.clock.fastForward(20_000)
      await seen(page.getByText(/Connexion interrompue : votre message est conservé/))
      await field(page, 'Message', 'Texte du message.')
    } finally {
      product.thaw()
    }
    await seen(sent(page))
    assert.deepEqual(await lastExchange(), { exchanges: exchanges + 1, messages: 1 })
  },
)

story('leaving with a text that is not saved asks first', /ERR_INTERNET/, async () => {
  const page = await writing('Départ')
  await seen(page.getByText(/Brouillon enregistré/))
  await practitioner.setOffline(true)
  await page.getByLabel('Message', { exact: true }).fill('Pas encore enregistré.')
  await seen(page.getByText(/Connexion interrompue/))
  await page.getByRole('link', { name: /^Clos/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Votre texte n’est pas enregistré' })
  await seen(dialog)
  await dialog.getByRole('button', { name: 'Rester sur la page' }).click()
  await field(page, 'Message', 'Pas encore enregistré.')
  await practitioner.setOffline(false)
  await seen(page.getByText(/Brouillon enregistré/))
})

/** A new message about Léo, filled and not sent. */
async function writing(subject: string, window?: Page): Promise<Page> {
  const page = window ?? (await practitioner.newPage())
  await page.goto(`/echanges/nouveau?patient=${patientId}`)
  await write(page, { motif: MOTIF, subject, text: 'Texte du message.' })
  return page
}

/** An exchange that both sides have open, answered by the adviser. */
async function exchange(subject: string): Promise<{ page: Page; desk: Page }> {
  const page = await writing(subject)
  await send(page)
  await seen(sent(page))
  const desk = await adviser.newPage()
  await desk.goto('/echanges/a-traiter')
  await row(desk, subject).click()
  await answer(desk, 'Réponse du service médical.')
  await seen(sent(desk))
  await seen(message(page, 'Réponse du service médical.'))
  return { page, desk }
}

async function signInBeside(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Votre session a expiré' })
  await seen(dialog)
  const opened = (page.context() as BrowserContext).waitForEvent('page')
  await dialog.getByRole('button', { name: 'Se reconnecter' }).click()
  const beside = await opened
  const closed = beside.waitForEvent('close')
  await beside.getByRole('button', { name: new RegExp(`^${GP}`) }).click()
  // The window closes by itself once the page has what it waited for; the place may be asked first.
  await Promise.race([closed, choosePlace(beside, PLACE).catch(() => {})])
  await dialog.waitFor({ state: 'hidden' })
}

async function loseOnce(page: Page, url: string, lose: (route: Route) => Promise<void>): Promise<void> {
  let lost = false
  await page.route(url, (route) => {
    if (lost || route.request().method() !== 'POST') return route.continue()
    lost = true
    return lose(route)
  })
}

const field = (page: Page, label: string, text: string) =>
  eventually(
    label,
    () => page.getByLabel(label, { exact: true }).inputValue(),
    (value) => value === text,
  )

const savedAgain = (draftId: string, version: number) =>
  eventually(
    'version of the draft',
    async () =>
      (await product.query<{ version: number }>('select version from medical.draft where draft_id = $1', [draftId]))[0]!
        .version,
    (stored) => stored >= version,
  )

/** How many exchanges there are, and the messages of the newest. */
async function lastExchange(): Promise<{ exchanges: number; messages: number }> {
  const [found] = await product.query<{ exchanges: number; messages: number }>(
    `select (select count(*) from medical.exchange)::int as exchanges,
       coalesce((select count(*) from medical.message where exchange_id =
         (select exchange_id from medical.exchange order by opened_at desc limit 1)), 0)::int as messages`,
  )
  return found!
}
