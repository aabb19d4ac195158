// The walk: a practitioner writes to the service médical, an adviser answers, the practitioner is told and reads. Every
// screen is looked at on the way (test-results/screens).
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium, openContext, type Watch } from '../browser.ts'
import {
  ADVISER,
  AGENT,
  answer,
  askFor,
  banner,
  choosePlace,
  close,
  folder,
  GP,
  GP_ADDRESS,
  identify,
  message,
  NIR,
  NIR_ELSEWHERE,
  NURSE_WITHOUT_ADDRESS,
  OTHER_ADVISER,
  row,
  send,
  sent,
  signInAsPractitioner,
  signInAsStaff,
  signOut,
  userMenu,
  write,
} from '../gestures.ts'
import { type Mail, type Product, startProduct } from '../product.ts'
import { eventually, gone, scenario, seen } from '../scenario.ts'
import { checkScreen } from '../screens.ts'

type Person = BrowserContext & { watch: Watch }
type Select = { selectedOptions: { label: string }[] }

const PLACE = 'CABINET DR EXEMPLE'
const MOTIF = 'Arrêt de travail'
const SUBJECT = 'Prolongation au-delà de six mois'
const QUESTION = `Bonjour,
Je suis cette patiente pour une lombalgie chronique. L’arrêt en cours finit le 30 : une reprise à temps partiel
thérapeutique vous paraît-elle possible dès le mois prochain ?`
const REPLY = 'Bonjour, un temps partiel thérapeutique de trois mois est possible. Merci de préciser le poste occupé.'
const THANKS = 'Merci. La patiente est assistante administrative, poste aménageable.'

let product: Product
let browser: Browser
const people: Person[] = []
let practitioner: Person
let adviser: Person
let desk: Page
let page: Page
let exchangeUrl: string
let mail: Mail

const open = async (): Promise<Person> => {
  const person = await openContext(browser, product.url)
  people.push(person)
  return person
}
const step = scenario('walk', () => people)

before(async () => {
  ;[product, browser] = await Promise.all([startProduct(8800), launchChromium()])
})
after(async () => {
  await browser?.close()
  await product?.end()
})

step('1. the door, and the desk’s', async () => {
  practitioner = await open()
  page = await practitioner.newPage()
  await page.goto('/')
  await seen(page.getByRole('heading', { name: 'Consilium', exact: true }))
  await seen(page.getByRole('button', { name: 'Se connecter avec Pro Santé Connect' }))
  await checkScreen(page, '01-door')

  adviser = await open()
  desk = await adviser.newPage()
  await desk.goto('/')
  await desk.getByRole('link', { name: 'Espace service médical' }).click()
  await seen(desk.getByRole('button', { name: 'Se connecter avec mon organisme' }))
  await checkScreen(desk, '02-desk-door')
})

step('2. one click on a fictional person signs in', async () => {
  await page.getByRole('button', { name: 'Se connecter avec Pro Santé Connect' }).click()
  await seen(page.getByText('SIMULATEUR'))
  assert.equal(await page.getByRole('radio', { name: /carte|CARD/i }).isChecked(), true, 'the card is preselected')
  for (const role of [GP, "Médecin spécialiste, un lieu d'exercice", 'Sage-femme'])
    await seen(page.getByRole('button', { name: new RegExp(`^${role}`) }))
  await checkScreen(page, '03-simulated-pro-sante-connect')
  await page.getByRole('button', { name: new RegExp(`^${GP}`) }).click()
  await seen(page.getByRole('heading', { name: "Choisissez votre lieu d'exercice" }))

  await desk.getByRole('button', { name: 'Se connecter avec mon organisme' }).click()
  await seen(desk.getByText('SIMULATEUR'))
  for (const role of [ADVISER, OTHER_ADVISER, AGENT])
    await seen(desk.getByRole('button', { name: new RegExp(`^${role}`) }))
  await checkScreen(desk, '04-simulated-staff-provider')
  await desk.getByRole('button', { name: new RegExp(`^${ADVISER}`) }).click()
  await seen(desk.getByRole('heading', { name: 'À traiter' }))
  await seen(desk.getByText('Dr Sidonie PSEUDONYME'))
  await checkScreen(desk, '05-desk-nothing-to-do')
})

step('3. the place of practice', async () => {
  const places = page.getByRole('radiogroup', { name: "Lieu d'exercice" })
  assert.equal(await places.getByRole('radio').count(), 2)
  await checkScreen(page, '06-place')
  await choosePlace(page, PLACE)
})

step('4. home says who is signed in, in three columns', async () => {
  for (const name of ['Activités', 'Services patients', 'Identification patient'])
    await seen(page.getByRole('heading', { name, exact: true }))
  const who = page.getByRole('region', { name: 'Dr Camille EXEMPLE' })
  for (const words of ['Médecin', 'Médecine générale', PLACE, /1 RUE DE L EXEMPLE.*MAISONS ALFORT/])
    await seen(who.getByText(words))
  await checkScreen(page, '07-home')
})

step('5. a NIR with three beneficiaries; the patient stays in hand, each window its own', async () => {
  await page.getByRole('button', { name: 'Identifier un patient' }).click()
  await seen(page.getByLabel('Numéro de sécurité sociale'))
  await checkScreen(page, '08-identify')
  await askFor(page, NIR)
  const choice = page.getByRole('radiogroup', { name: 'Bénéficiaire' })
  await seen(choice)
  assert.equal(await choice.getByRole('radio').count(), 3)
  for (const words of [/Claire.*17\/05\/1984.*rang 1.*Assurée/, /Léo.*09\/03\/2014.*rang 2.*Enfant/, /Zoé.*rang 3/])
    await seen(choice.getByRole('radio', { name: words }))
  await checkScreen(page, '09-beneficiaries')
  await choice.getByRole('radio', { name: /Claire/ }).check()
  await page.getByRole('button', { name: 'Choisir ce patient' }).click()
  await patientShown(page, 'ESSAI Claire')
  for (const words of [
    /17\/05\/1984 \(42 ans\)/,
    '2 84 05 88 321 025',
    /r[ée]gime g[ée]n[ée]ral/i,
    'CPAM du Val-de-Marne',
  ])
    await seen(banner(page).getByText(words))
  await seen(page.getByRole('button', { name: 'Changer de patient' }))
  await checkScreen(page, '10-home-with-patient')
  assert.doesNotMatch(page.url(), /ESSAI|2840588|284 ?05/i, 'the address holds an opaque id only')
  await page.reload()
  await patientShown(page, 'ESSAI Claire')

  const other = await practitioner.newPage()
  await other.goto('/')
  await other.getByRole('button', { name: 'Identifier un patient' }).click()
  await identify(other, NIR_ELSEWHERE)
  await patientShown(other, 'SPECIMEN Paul')
  await Promise.all([page.reload(), other.reload()])
  await patientShown(page, 'ESSAI Claire')
  await patientShown(other, 'SPECIMEN Paul')

  await other.getByRole('button', { name: 'Changer de patient' }).click()
  await identify(other, NIR, /Léo/)
  await patientShown(other, 'ESSAI Léo')
  await other.close()
})

step('6. folders with their counters; the message is written about the patient in hand', async () => {
  await page.getByRole('link', { name: /^Échanges médicaux sécurisés/ }).click()
  await seen(page.getByRole('heading', { name: 'À traiter' }))
  for (const name of ['À traiter', 'En cours', 'Brouillons', 'Clos']) await seen(folder(page, name))
  await patientShown(page, 'ESSAI Claire')
  await checkScreen(page, '11-folder-empty')
  await page.getByRole('button', { name: 'Nouveau message' }).click()
  await seen(page.getByRole('heading', { name: 'Nouveau message' }))
  await patientShown(page, 'ESSAI Claire')
  await seen(page.getByText('Patient concerné : ESSAI Claire'))
  await eventually(
    'motifs',
    () => page.getByLabel('Motif').getByRole('option').allInnerTexts(),
    (motifs) => motifs.includes(MOTIF) && !motifs.some((motif) => /accord préalable|entente préalable/i.test(motif)),
  )
  await checkScreen(page, '12-write-empty')
})

step('6. what is written saves itself, and survives a reload, a restart, another browser', async () => {
  await write(page, { motif: MOTIF, subject: SUBJECT, text: QUESTION })
  const paused = performance.now()
  await seen(page.getByText(/Brouillon enregistré à/))
  assert.ok(performance.now() - paused < 3000, `saved ${Math.round(performance.now() - paused)} ms after the pause`)
  await seen(folder(page, 'Brouillons', '1 brouillon'))
  await checkScreen(page, '13-write-saved')

  await page.reload()
  await written(page)

  adviser.watch.expect(/ERR_|live/)
  practitioner.watch.expect(/ERR_|live/)
  await product.kill({ postgres: false })
  await product.start()
  await page.reload()
  await written(page)

  const elsewhere = await open()
  const fresh = await elsewhere.newPage()
  await fresh.goto('/')
  await signInAsPractitioner(fresh, GP, PLACE)
  await fresh.getByRole('link', { name: /^Échanges médicaux sécurisés/ }).click()
  await folder(fresh, 'Brouillons').click()
  await seen(row(fresh, /Claire ESSAI.*Prolongation/))
  await checkScreen(fresh, '14-drafts')
  await row(fresh, /Claire ESSAI.*Prolongation/).click()
  await written(fresh)
  await elsewhere.close()
  people.pop()
})

step('6. sent: the exchange opens, and says so', async () => {
  await desk.reload()
  await seen(desk.getByText('Aucun échange n’attend votre réponse'))
  await send(page)
  await seen(sent(page))
  await seen(message(page, 'lombalgie chronique'))
  await patientShown(page, 'ESSAI Claire')
  exchangeUrl = new URL(page.url()).pathname
  assert.match(exchangeUrl, /^\/echanges\/[0-9a-f-]{36}$/)
  await seen(folder(page, 'Brouillons'))
  await eventually(
    'drafts',
    () => folder(page, 'Brouillons', '1 brouillon').count(),
    (count) => count === 0,
  )
  await seen(message(page, 'lombalgie chronique').getByText('Non lu'))
  await checkScreen(page, '15-exchange-sent')
})

step('7. the adviser sees it come, opens it; the practitioner sees that it was read', async () => {
  const line = row(desk, new RegExp(`Claire ESSAI.*${SUBJECT}.*${MOTIF}.*EXEMPLE.*(À l’instant|Depuis)`))
  await seen(line)
  await seen(folder(desk, 'À traiter', '1 non lu'))
  await checkScreen(desk, '16-desk-to-do')
  await line.click()
  await patientShown(desk, 'ESSAI Claire')
  for (const words of [MOTIF, 'Dr Camille EXEMPLE', PLACE]) await seen(desk.getByRole('main').getByText(words))
  await seen(message(desk, 'lombalgie chronique'))
  await eventually(
    'unread',
    () => folder(desk, 'À traiter', '1 non lu').count(),
    (count) => count === 0,
  )
  await seen(message(page, 'lombalgie chronique').getByText(/Lu le .* par .*PSEUDONYME/))
  await checkScreen(desk, '17-desk-exchange')
})

step('7. the adviser answers; the open exchange of the practitioner shows it by itself', async () => {
  await page.goto('/')
  await seen(page.getByRole('heading', { name: 'Services patients' }))
  await answer(desk, REPLY)
  await seen(sent(desk))
  await seen(message(desk, REPLY))
  await seen(folder(desk, 'En cours'))
  await checkScreen(desk, '18-desk-answered')
  await seen(page.getByRole('link', { name: /Échanges médicaux sécurisés.*1 échange vous attend/ }))
  await checkScreen(page, '19-home-with-answer')
})

step('8. one mail, that names nobody, with a link that survives the sign-in', async () => {
  mail = await product.mail(GP_ADDRESS)
  const [notice] = await product.query<{ ms: number }>(
    'select extract(epoch from done_at - created_at)::float * 1000 as ms from portal.outbox',
  )
  assert.ok(notice!.ms <= 1000, `the notice left ${notice!.ms} ms after the commit`)
  assert.equal(mail.subject, 'Vous avez reçu un échange médical sécurisé')
  assert.equal(mail.to, GP_ADDRESS)
  assert.deepEqual(
    mail.headers.filter(({ name }) => ['to', 'from'].includes(name)).map(({ value }) => value),
    mail.headers
      .filter(({ name }) => ['to', 'from'].includes(name))
      .map(({ value }) => /[^\s<>"]+@[^\s<>"]+/.exec(value)?.[0]),
    'bare addresses, without names',
  )
  const everything = [mail.raw, mail.text, mail.html, ...mail.headers.map(({ name, value }) => `${name}: ${value}`)]
  for (const secret of [
    'Claire',
    'Maude',
    'ESSAI',
    '2840588',
    '2 84 05',
    MOTIF,
    'Prolongation',
    'lombalgie',
    'temps partiel',
    'EXEMPLE',
    'Val-de-Marne',
  ])
    assert.ok(!everything.some((text) => text.includes(secret)), `the mail says « ${secret} »`)

  await answer(desk, 'Une précision : le poste occupé suffit, sans pièce jointe.')
  await seen(message(desk, 'sans pièce jointe'))

  const link = /https?:\/\/\S+/.exec(mail.text)?.[0]
  assert.equal(link, `${product.url}${exchangeUrl}`)
  const fresh = await open()
  const reading = await fresh.newPage()
  await reading.goto(link)
  await seen(reading.getByText('Connectez-vous pour ouvrir la page demandée.'))
  await checkScreen(reading, '20-door-with-link')
  await signInAsPractitioner(reading, GP, PLACE)
  await seen(message(reading, REPLY))
  assert.equal(new URL(reading.url()).pathname, exchangeUrl)
  await checkScreen(reading, '21-exchange-answered')
  await seen(message(desk, REPLY).getByText(/Lu le .* par .*EXEMPLE/))
  await fresh.close()
  people.pop()
})

step('9. the practitioner answers; folders and counters follow on both sides without a reload', async () => {
  await page.getByRole('link', { name: /^Échanges médicaux sécurisés/ }).click()
  await seen(row(page, SUBJECT))
  await checkScreen(page, '22-practitioner-to-do')
  await row(page, SUBJECT).click()
  await seen(message(page, REPLY))
  await answer(page, THANKS)
  await seen(sent(page))
  await seen(message(desk, THANKS))
  await seen(desk.getByText(/Nouveau message de .*EXEMPLE/))
  await seen(message(page, THANKS).getByText(/Lu le .* par .*PSEUDONYME/))
  await checkScreen(desk, '23-desk-new-message')
  await folder(page, 'En cours').click()
  await seen(row(page, SUBJECT))
  assert.equal((await product.mails()).length, 1, 'further messages while it was unread added no second mail')
})

step('9. only the service médical closes; the folder of the other side follows by itself', async () => {
  await close(desk)
  await seen(desk.getByText('L’échange est clos', { exact: true }))
  await checkScreen(desk, '24-desk-closed')
  await gone(row(page, SUBJECT))
  await seen(folder(page, 'Clos', '1 non lu'))
  await folder(page, 'Clos').click()
  await row(page, SUBJECT).click()
  await seen(page.getByText(/Cet échange est clos/))
  assert.equal(await page.getByLabel('Votre réponse').count(), 0)
  assert.equal(await page.getByRole('button', { name: "Clore l'échange" }).count(), 0)
  await checkScreen(page, '25-exchange-closed')
})

step('7. the adviser writes first: patient by NIR, practitioner by name', async () => {
  await page.goto('/')
  await desk.getByRole('button', { name: 'Nouveau message' }).click()
  await identify(desk, NIR, /Zoé/)
  await patientShown(desk, 'ESSAI Zoé')
  await desk.getByLabel('Praticien (RPPS ou nom)').fill('fictif')
  await desk.getByRole('button', { name: 'Rechercher' }).click()
  await desk
    .getByRole('radiogroup', { name: 'Praticien' })
    .getByRole('radio', { name: /Sacha FICTIF/ })
    .check()
  await write(desk, {
    motif: 'Soins infirmiers, soins à domicile',
    subject: 'Bilan de soins',
    text: 'Pouvez-vous nous dire le rythme des passages ?',
  })
  await seen(desk.getByText(/Brouillon enregistré à/))
  await checkScreen(desk, '26-desk-write')
  await send(desk)
  await seen(sent(desk))
  await seen(desk.getByText(/praticien non prévenu/i))
  await checkScreen(desk, '27-desk-not-told')
  await folder(desk, 'En cours').click()
  await seen(row(desk, /Bilan de soins.*praticien non prévenu/i))
  assert.equal((await product.mails()).length, 1, 'nobody was told: there is no address')
})

step('8. who has no address is asked for one at the first sign-in, and is told from then on', async () => {
  const nurse = await open()
  const home = await nurse.newPage()
  await home.goto('/')
  await signInAsPractitioner(home, NURSE_WITHOUT_ADDRESS)
  await seen(home.getByRole('heading', { name: 'Votre adresse électronique' }))
  await checkScreen(home, '28-address')
  await home.getByLabel('Adresse électronique').fill('sacha.fictif@praticien.example')
  await home.getByRole('button', { name: 'Enregistrer' }).click()
  await seen(home.getByRole('heading', { name: 'Services patients' }))
  const late = await product.mail('sacha.fictif@praticien.example')
  assert.equal(late.subject, 'Vous avez reçu un échange médical sécurisé')
  await desk.reload()
  await seen(row(desk, 'Bilan de soins'))
  assert.equal(await desk.getByText(/praticien non prévenu/i).count(), 0)
  await home.getByRole('link', { name: /^Échanges médicaux sécurisés/ }).click()
  await row(home, 'Bilan de soins').click()
  await seen(message(home, 'rythme des passages'))
  await nurse.close()
  people.pop()
})

step('others see nothing of it, by any address', async () => {
  const before = await openExchanges()
  for (const [role, shown] of [
    [OTHER_ADVISER, 'Cet échange n’existe pas, ou ne vous est pas accessible.'],
    [AGENT, 'Votre profil n’ouvre pas ce service'],
  ] as const) {
    const stranger = await open()
    stranger.watch.expect(/status of 40[34]/)
    const window = await stranger.newPage()
    await window.goto('/espace-service-medical')
    await signInAsStaff(window, role)
    await seen(userMenu(window))
    for (const address of [
      exchangeUrl,
      '/echanges/a-traiter',
      '/echanges/en-cours',
      '/echanges/clos',
      '/echanges/brouillons',
      '/',
    ]) {
      await window.goto(address)
      await eventually(
        'page',
        () => window.getByRole('heading', { level: 1 }).or(window.getByRole('alert')).count(),
        Boolean,
      )
      const text = (await window.locator('body').textContent()) ?? ''
      for (const secret of ['Claire', 'ESSAI', SUBJECT, 'lombalgie', 'EXEMPLE', 'Bilan de soins'])
        assert.ok(!text.includes(secret), `${role} reads « ${secret} » at ${address}`)
    }
    await window.goto(exchangeUrl)
    await seen(window.getByText(shown))
    await checkScreen(window, role === AGENT ? '29-agent' : '30-other-adviser')
    await refusedByTheApi(stranger, role)
    await stranger.close()
    people.pop()
  }
  assert.deepEqual(await openExchanges(), before, 'nothing was written by them')
})

step('the page that is not there', async () => {
  await page.goto('/rien')
  await seen(page.getByRole('heading', { name: 'Cette page n’existe pas' }))
  await checkScreen(page, '31-not-found')
})

step('the session is closed by its owner', async () => {
  await signOut(page)
  await seen(page.getByRole('button', { name: 'Se connecter avec Pro Santé Connect' }))
  await page.goto(exchangeUrl)
  await seen(page.getByRole('button', { name: 'Se connecter avec Pro Santé Connect' }))
  assert.equal(await page.getByText('lombalgie').count(), 0)
})

async function patientShown(window: Page, name: string): Promise<void> {
  await seen(banner(window).getByText(name))
  assert.equal(await banner(window).count(), 1, 'one patient on the page')
}

async function written(window: Page): Promise<void> {
  await patientShown(window, 'ESSAI Claire')
  await eventually(
    'message',
    () => window.getByLabel('Message', { exact: true }).inputValue(),
    (text) => text === QUESTION,
  )
  assert.equal(await window.getByLabel('Objet').inputValue(), SUBJECT)
  await eventually(
    'motif',
    () => window.getByLabel('Motif').evaluate((select) => (select as unknown as Select).selectedOptions[0]?.label),
    (label) => label === MOTIF,
  )
}

const openExchanges = () =>
  product.query('select exchange_id, state, messages, last_activity_at from medical.exchange order by exchange_id')

/** The same answer as for an exchange that does not exist, to every route that names one. */
async function refusedByTheApi(stranger: BrowserContext, role: string): Promise<void> {
  const ask = async (method: string, path: string, data?: unknown) => {
    const answer = await stranger.request.fetch(`${product.url}${path}`, {
      method,
      data,
      headers: { origin: product.url, 'sec-fetch-site': 'same-origin', 'idempotency-key': crypto.randomUUID() },
    })
    const body = (await answer.json()) as { code?: string; rows?: unknown[]; drafts?: unknown[] }
    return { status: answer.status(), code: body.code, held: [...(body.rows ?? []), ...(body.drafts ?? [])].length }
  }
  const nobodys = '/echanges/018f3b2e-7c1a-7000-8000-000000000000'
  const [{ patient_id: patientId }] = (await product.query(
    'select patient_id from medical.patient_in_hand limit 1',
  )) as [{ patient_id: string }]
  for (const [method, act, data] of [
    ['GET', ''],
    ['POST', '/messages', { text: 'Bonjour' }],
    ['POST', '/closure', {}],
    ['POST', '/patient', {}],
  ] as const) {
    const theirs = await ask(method, `/api${exchangeUrl.replace('echanges', 'exchanges')}${act}`, data)
    const none = await ask(method, `/api${nobodys.replace('echanges', 'exchanges')}${act}`, data)
    assert.ok([403, 404].includes(theirs.status), `${role}: ${method} ${act} answers ${theirs.status}`)
    assert.deepEqual(theirs, none, `${role}: ${method} ${act}`)
  }
  assert.ok([403, 404].includes((await ask('GET', `/api/patients/${patientId}`)).status))
  for (const path of [
    '/api/exchanges?folder=todo',
    '/api/exchanges?folder=waiting',
    '/api/exchanges?folder=closed',
    '/api/drafts',
  ]) {
    const { status, held } = await ask('GET', path)
    assert.ok(
      role === AGENT ? status === 403 : status === 200 && held === 0,
      `${role}: ${path} answers ${status}, ${held}`,
    )
  }
}
