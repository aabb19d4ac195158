// A session in the browser: listed and closed, warned of its end, prolonged, ended with the text intact, signed out
// without a trace. The end is brought near in the database: no clock is moved.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium, openContext, type Watch } from '../browser.ts'
import {
  ADVISER,
  GP,
  identify,
  NIR,
  signInAsPractitioner,
  signInAsStaff,
  signOut,
  userMenu,
  write,
} from '../gestures.ts'
import { type Product, startProduct } from '../product.ts'
import { eventually, gone, scenario, seen } from '../scenario.ts'
import { checkScreen } from '../screens.ts'

type Person = BrowserContext & { watch: Watch }

const PLACE = 'CABINET DR EXEMPLE'
const TEXT = 'Texte écrit avant la fin de la session.'
let product: Product
let browser: Browser
let practitioner: Person
let page: Page
const people: Person[] = []
const open = async (): Promise<Person> => {
  const person = await openContext(browser, product.url)
  people.push(person)
  return person
}
const step = scenario('sessions', () => people)
before(async () => {
  ;[product, browser] = await Promise.all([startProduct(8910), launchChromium()])
})
after(async () => {
  await browser?.close()
  await product?.end()
})

const warning = () => page.getByRole('dialog', { name: 'Votre session va se fermer' })
const expired = () => page.getByRole('dialog', { name: 'Votre session a expiré' })
const field = () => page.getByLabel('Message', { exact: true })
/** Minutes left to the idle limit, or to the end in all. */
const leave = (minutes: number, end: 'idle' | 'all') =>
  end === 'idle'
    ? product.query(`update portal.session set last_seen_at = now() - make_interval(mins => $1)`, [30 - minutes])
    : product.query(`update portal.session set expires_at = now() + make_interval(mins => $1)`, [minutes])
/** The page asks again, as when another window tells of the session; opening a page anew would be a gesture. */
const lookAgain = () => page.evaluate("new BroadcastChannel('consilium-session').postMessage('extended')")

step('Mes connexions: this session, and another one, which is closed from here', async () => {
  practitioner = await open()
  page = await practitioner.newPage()
  await page.goto('/')
  await signInAsPractitioner(page, GP, PLACE)
  const elsewhere = await open()
  const other = await elsewhere.newPage()
  await other.goto('/')
  await signInAsPractitioner(other, GP, PLACE)
  await seen(other.getByRole('heading', { name: 'Activités' }))
  await userMenu(page).click()
  await page.getByRole('link', { name: 'Mes connexions' }).click()
  await seen(page.getByRole('heading', { level: 1, name: 'Mes connexions' }))
  await seen(page.getByText('cette session'))
  await checkScreen(page, '45-connections')
  elsewhere.watch.expect(/status of 401/)
  await page.getByRole('button', { name: /^Fermer la connexion/ }).click()
  await seen(page.getByRole('status').filter({ hasText: 'La connexion est fermée' }))
  await seen(page.getByText('Aucune autre connexion n’est ouverte.'))
  // Its event stream says so at once, without a gesture there.
  await seen(other.getByRole('dialog', { name: 'Votre session a expiré' }))
  await elsewhere.close()
  people.pop()
})

step('five minutes before the idle limit it warns, and goes on when asked', async () => {
  await page.goto('/patients/identification')
  await identify(page, NIR, /Léo/)
  await page.waitForURL(/patient=/)
  await page.goto(`/echanges/nouveau?${new URL(page.url()).searchParams}`)
  await write(page, { motif: 'Arrêt de travail', subject: 'Objet', text: TEXT })
  await seen(page.getByText(/Brouillon enregistré/))
  await leave(4, 'idle')
  await lookAgain()
  await seen(warning())
  await seen(
    warning()
      .getByRole('timer')
      .filter({ hasText: /^3 min \d\d s$/ }),
  )
  assert.match((await warning().getByRole('status').textContent()) ?? '', /moins de 5 minutes/)
  await checkScreen(page, '46-session-warning')
  await warning().getByRole('button', { name: 'Rester connecté' }).click()
  await gone(warning())
  assert.equal(await field().inputValue(), TEXT)
  const [row] = await product.query<{ fresh: boolean }>(
    `select bool_and(last_seen_at > now() - interval '1 minute') as fresh from portal.session`,
  )
  assert.equal(row?.fresh, true)
})

step('put away, it comes back for the last minute', async () => {
  await leave(3, 'idle')
  await lookAgain()
  await seen(warning())
  await page.keyboard.press('Escape')
  await gone(warning())
  await product.query(`update portal.session set last_seen_at = now() - interval '29 minutes 15 seconds'`)
  await lookAgain()
  await seen(warning())
  assert.match((await warning().getByRole('status').textContent()) ?? '', /moins d’une minute/)
  await warning().getByRole('button', { name: 'Rester connecté' }).click()
  await gone(warning())
})

step(
  'before the end in all, nothing prolongs it: signing in beside does, and the page keeps its text and place',
  async () => {
    const text = `${TEXT} Suite.`
    await field().fill(text)
    await seen(page.getByText(/Brouillon enregistré/))
    await leave(4, 'all')
    await lookAgain()
    await seen(warning().getByText(/ne peut pas être prolongée/))
    await checkScreen(page, '47-session-final')
    const opened = practitioner.waitForEvent('page')
    await warning().getByRole('button', { name: 'Se reconnecter' }).click()
    const beside = await opened
    await beside.getByRole('button', { name: new RegExp(`^${GP}`) }).click()
    await gone(warning())
    assert.equal(await field().inputValue(), text)
    await beside.close().catch(() => {})
    assert.equal(await page.getByLabel('Objet').inputValue(), 'Objet')
  },
)

step('at the end, sign-in is offered by the way it was opened', async () => {
  practitioner.watch.expect(/status of 401/)
  await product.query('delete from portal.session')
  await field().fill('Texte de la fin.')
  await seen(expired())
  await seen(expired().getByRole('button', { name: 'Se reconnecter' }))
  assert.equal(await field().inputValue(), 'Texte de la fin.')
  await checkScreen(page, '48-session-expired')
})

step('signing out leaves nothing: no storage, no cache, no way back, in any window', async () => {
  const person = await open()
  page = await person.newPage()
  await page.goto('/espace-service-medical')
  await signInAsStaff(page, ADVISER)
  await seen(page.getByRole('heading', { name: 'À traiter' }))
  const second = await person.newPage()
  await second.goto('/compte/connexions')
  await seen(second.getByText('cette session'))
  await page.goto('/echanges/clos')
  await seen(page.getByRole('heading', { name: 'Clos' }))
  await signOut(page)
  await seen(page.getByRole('button', { name: 'Se connecter avec Pro Santé Connect' }))
  await seen(second.getByRole('button', { name: 'Se connecter avec Pro Santé Connect' }))
  assert.equal(await second.getByText('cette session').count(), 0)
  await page.goBack().catch(() => {})
  await page.waitForLoadState()
  await eventually(
    'the way back',
    async () => (await page.locator('body').textContent()) ?? '',
    (text) => !text.includes('Sidonie PSEUDONYME') && !text.includes('À traiter'),
  )
  await page.goto('/')
  const cdp = await person.newCDPSession(page)
  const { cookies } = await cdp.send('Network.getAllCookies')
  assert.deepEqual(
    cookies.filter(({ name, value }) => name === '__Host-consilium' && value !== ''),
    [],
  )
  const kept = (await page.evaluate(
    '(async () => [localStorage.length, sessionStorage.length, (await caches.keys()).length, (await indexedDB.databases()).length])()',
  )) as number[]
  assert.deepEqual(kept, [0, 0, 0, 0])
  const { usage } = await cdp.send('Storage.getUsageAndQuota', { origin: product.url })
  assert.equal(usage, 0)
})
