// The reduced portal: activated by the link of a mail, entered by password, then by a passkey of Chromium's own virtual
// authenticator and by codes; and everywhere a card is asked for, the way up that comes back to the same page.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium, openContext, type Watch } from '../browser.ts'
import { signInAsPractitioner, signOut } from '../gestures.ts'
import { type Product, startProduct } from '../product.ts'
import { eventually, gone, scenario, seen } from '../scenario.ts'
import { checkScreen } from '../screens.ts'

const ROLE = 'Sage-femme'
const IDENTIFIER = '99709990032'
const ADDRESS = 'claude.essai@praticien.example'
const PASSWORD = 'cerfeuil parapluie locomotive'

type Passkey = { credentialId: string; isResidentCredential: boolean; privateKey: string; signCount: number }
type Person = BrowserContext & { watch: Watch }
let product: Product
let browser: Browser
let person: Person
let page: Page
let codes: string[] = []
let passkeys: Passkey[] = []
const people: Person[] = []
const step = scenario('password', () => people)
before(async () => {
  ;[product, browser] = await Promise.all([startProduct(9440), launchChromium()])
  person = await openContext(browser, product.url)
  people.push(person)
  page = await person.newPage()
})
after(async () => {
  await browser?.close()
  await product?.end()
})

/**
 * Chromium's own virtual authenticator, with these passkeys in it. It is gone as soon as any session of the DevTools
 * protocol ends on that page, as those that look at a screen do: it is plugged in again with what it held.
 */
async function plugIn(held: Passkey[] = []) {
  const cdp = await person.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'usb',
      hasResidentKey: false,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  for (const credential of held) await cdp.send('WebAuthn.addCredential', { authenticatorId, credential })
  return { passkeys: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials }
}

async function typePassword(password = PASSWORD): Promise<void> {
  await page.getByLabel('Identifiant (numéro RPPS)').fill(IDENTIFIER)
  await page.getByLabel('Mot de passe', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click()
}
/** Signed out here and, where there is one, at the provider: the door is there again. */
async function leave(window: Page): Promise<void> {
  await signOut(window)
  await seen(window.getByRole('link', { name: 'Identifiant et mot de passe : accès réduit' }))
}
const session = () =>
  page.evaluate(`fetch('/api/session').then((answer) => answer.json())`) as Promise<{ level: string; via: string }>
const home = () => seen(page.getByRole('heading', { name: 'Claude ESSAI' }))
const cardOnly = () => page.getByRole('heading', { name: 'Ce service est accessible uniquement par carte' })

step('the door offers the card first, then the password', async () => {
  await page.goto('/')
  await seen(page.getByRole('link', { name: 'Identifiant et mot de passe : accès réduit' }))
  await checkScreen(page, '60-door')
  await page.getByRole('link', { name: 'Identifiant et mot de passe : accès réduit' }).click()
  await checkScreen(page, '61-password')
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click()
  await seen(page.getByText('Saisissez votre numéro RPPS.'))
  assert.equal(await page.getByLabel('Identifiant (numéro RPPS)').evaluate((field) => field.matches(':focus')), true)
  person.watch.expect(/403/)
  await typePassword()
  await seen(page.getByRole('alert').filter({ hasText: 'Identifiant ou mot de passe incorrect.' }))
  assert.equal(await page.getByLabel('Mot de passe', { exact: true }).inputValue(), PASSWORD, 'what was typed stays')
})

step('a link is sent, whatever the identifier', async () => {
  await page.getByRole('link', { name: 'Activer mon compte ou mot de passe oublié' }).click()
  await seen(page.getByRole('heading', { name: 'Activer mon compte ou mot de passe oublié' }))
  await page.getByLabel('Identifiant (numéro RPPS)').fill(IDENTIFIER)
  await page.getByRole('button', { name: 'Envoyer le lien' }).click()
  await seen(page.getByText('Si cet identifiant a une adresse électronique'))
  await checkScreen(page, '62-link')
})

step('the link of the mail opens the choice, and leaves the address bar at once', async () => {
  const mail = await product.mail(ADDRESS)
  const address = /http\S+#\S+/.exec(mail.text)?.[0]
  assert.ok(address)
  await page.goto(address)
  await seen(page.getByRole('heading', { name: 'Choisissez votre mot de passe' }))
  await page.waitForURL((url) => url.hash === '')
  await seen(page.getByLabel('Nouveau mot de passe'))
  await page.getByLabel('Nouveau mot de passe').fill('claude essai 94')
  await seen(page.getByText('qui vous connaît le devinerait'))
  person.watch.expect(/422/)
  await page.getByRole('button', { name: 'Enregistrer ce mot de passe' }).click()
  await seen(page.locator('#new-password-error'))
  await page.getByLabel('Nouveau mot de passe').fill(PASSWORD)
  await seen(page.getByText('Très bon mot de passe'))
  await checkScreen(page, '63-new-password')
  await page.getByRole('button', { name: 'Enregistrer ce mot de passe' }).click()
  await seen(page.getByRole('status').filter({ hasText: 'Votre mot de passe est enregistré' }))
  assert.ok(!product.output().includes(address.split('#')[1]!), 'the token is in no log')

  // It serves no second time.
  person.watch.expect(/410/)
  await page.goto(address)
  await seen(page.getByRole('heading', { name: 'Ce lien ne sert plus' }))
})

step('the password opens a reduced home, and its account', async () => {
  await page.goto('/connexion/mot-de-passe')
  await typePassword()
  await home()
  assert.deepEqual([(await session()).level, (await session()).via], ['low', 'password'])
  await checkScreen(page, '64-reduced-home')
  await page.getByRole('link', { name: 'Mon compte' }).first().click()
  await seen(page.getByRole('heading', { name: 'Mes informations' }))
  await seen(page.getByText(IDENTIFIER))
  await checkScreen(page, '65-details')
})

step('what a card alone opens says so, and the step-up comes back to it', async () => {
  for (const path of ['/compte/delegations', '/adresse-electronique', '/patients/identification']) {
    await page.goto(path)
    await seen(cardOnly())
  }
  await page.goto('/echanges/a-traiter')
  await seen(cardOnly())
  await checkScreen(page, '66-card-only')
  await signInAsPractitioner(page, ROLE)
  await page.waitForURL('**/echanges/a-traiter')
  await gone(cardOnly())
  await seen(page.getByRole('navigation', { name: 'Dossiers' }))
  assert.equal((await session()).level, 'substantial')
  await leave(page)
})

step('a passkey is added after a fresh sign-in, with recovery codes shown once', async () => {
  const key = await plugIn()
  await page.goto('/connexion/mot-de-passe?retour=/compte/mot-de-passe')
  await typePassword()
  await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click()
  await page.getByLabel('Nom de cette clé').fill('Clé du cabinet')
  await page.getByRole('button', { name: 'Créer la clé d’accès' }).click()
  const list = page.getByRole('list', { name: 'Vos codes de secours' })
  await seen(list)
  codes = await list.getByRole('listitem').allInnerTexts()
  assert.equal(codes.length, 10)
  passkeys = await key.passkeys()
  await checkScreen(page, '67-recovery-codes')
  await page.getByRole('button', { name: 'Je les ai notés' }).click()
  await gone(list)
  await seen(page.getByText('Clé du cabinet'))
  await checkScreen(page, '68-password-account')
})

step('the passkey is asked for at the next sign-in', async () => {
  await leave(page)
  await page.goto('/connexion/mot-de-passe')
  await typePassword()
  await seen(page.getByRole('heading', { name: 'Deuxième vérification' }))
  await checkScreen(page, '69-second-factor')
  await plugIn(passkeys)
  await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).click()
  await home()
  assert.equal((await session()).level, 'low2')
  await page.goto('/echanges/a-traiter')
  await seen(cardOnly())
})

step('an application of codes too, and a recovery code, which serves once', async () => {
  await page.goto('/compte/mot-de-passe')
  await page.getByRole('button', { name: 'Ajouter une application de codes' }).click()
  const secret = (await page.locator('.add__secret code').textContent())!.replaceAll(' ', '')
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  await page.getByLabel('Code affiché par l’application').fill(totp.generate())
  await checkScreen(page, '70-totp')
  await page.getByRole('button', { name: 'Vérifier et ajouter' }).click()
  await seen(page.getByText('Application de codes', { exact: true }))
  await leave(page)
  await page.goto('/connexion/mot-de-passe')
  await typePassword()
  await page.getByRole('button', { name: 'Saisir le code de mon application' }).click()
  // The code that was just used is a replay; the one of the next step is taken already.
  await page.getByLabel('Code à 6 chiffres').fill(totp.generate({ timestamp: Date.now() + 30_000 }))
  await page.getByRole('button', { name: 'Vérifier' }).click()
  await home()
  await leave(page)
  for (const outcome of ['opens', 'refused'] as const) {
    await page.goto('/connexion/mot-de-passe')
    await typePassword()
    await page.getByRole('button', { name: 'Utiliser un code de secours' }).click()
    await page.getByLabel('Code de secours').fill(codes[0]!)
    if (outcome === 'refused') person.watch.expect(/403/)
    await page.getByRole('button', { name: 'Vérifier' }).click()
    if (outcome === 'refused') {
      await seen(page.getByRole('alert').filter({ hasText: 'Cette vérification n’a pas abouti' }))
      continue
    }
    await home()
    await leave(page)
  }
})

step('a text is intact after a sign-in by password, and the step-up beside the page', async () => {
  await page.goto('/')
  await signInAsPractitioner(page, ROLE)
  await page.getByRole('button', { name: 'Identifier un patient' }).click()
  await page.getByLabel('Numéro de sécurité sociale').fill('1 53 12 45 007 231')
  await page.getByRole('button', { name: 'Identifier', exact: true }).click()
  await page.getByRole('link', { name: 'Échanges médicaux sécurisés' }).click()
  await page.getByRole('button', { name: 'Nouveau message' }).click()
  const text = page.getByLabel('Message', { exact: true })
  await text.fill('Un texte qui attend')
  person.watch.expect(/401|403/)
  const other = await person.newPage()
  // Over without a word, as after half an hour: signing out would clear every window.
  await product.query('delete from portal.session')
  await other.goto('/connexion/mot-de-passe')
  await other.getByLabel('Identifiant (numéro RPPS)').fill(IDENTIFIER)
  await other.getByLabel('Mot de passe', { exact: true }).fill(PASSWORD)
  await other.getByRole('button', { name: 'Se connecter', exact: true }).click()
  await other.getByRole('button', { name: 'Utiliser un code de secours' }).click()
  await other.getByLabel('Code de secours').fill(codes[1]!)
  await other.getByRole('button', { name: 'Vérifier' }).click()
  await seen(cardOnly())
  assert.equal(await text.isVisible(), false)
  const beside = person.waitForEvent('page')
  await page.getByRole('button', { name: 'Se connecter avec Pro Santé Connect' }).click()
  const provider = await beside
  await provider.getByRole('button', { name: /^\s*Sage-femme/ }).click()
  await seen(text)
  assert.equal(await text.inputValue(), 'Un texte qui attend')
  await eventually('the draft is saved', session, ({ level }) => level === 'substantial')
})

step('no mail names anybody, nor any number', async () => {
  const mails = (await product.mails()).filter((mail) => mail.to === ADDRESS)
  assert.ok(mails.length >= 5)
  for (const { text, subject } of mails) assert.doesNotMatch(`${subject} ${text}`, /ESSAI|Claude|99709990032/i)
})
