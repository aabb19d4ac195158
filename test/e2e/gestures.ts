// What people do, by what they see: roles and labels only, the words of the contract.
import type { Page } from 'playwright-core'

export const GP = "Médecin généraliste, deux lieux d'exercice"
export const ADVISER = 'Médecin-conseil, CPAM du Val-de-Marne'
export const OTHER_ADVISER = 'Médecin-conseil, autre CPAM'
export const AGENT = 'Agent administratif, CPAM du Val-de-Marne'
export const ADMINISTRATOR = 'Administrateur de la plateforme'
export const AUDITOR = 'Auditrice'
export const NURSE_WITHOUT_ADDRESS = 'Infirmier, sans adresse électronique'
export const GP_ADDRESS = 'camille.exemple@praticien.example'

/** The NIR that guides and tests share: an insured woman and two children, CPAM du Val-de-Marne. */
export const NIR = '2 84 05 88 321 025'
/** Alone, in another CPAM. */
export const NIR_ELSEWHERE = '1 53 12 45 007 231'

const startsWith = (role: string) => new RegExp(`^\\s*${role.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)

/** From any page that offers it, to wherever the sign-in leads. */
export async function signInAsPractitioner(page: Page, role: string, place?: string): Promise<void> {
  await page.getByRole('button', { name: 'Se connecter avec Pro Santé Connect' }).click()
  await page.getByRole('button', { name: startsWith(role) }).click()
  if (place) await choosePlace(page, place)
}

export async function choosePlace(page: Page, place: string): Promise<void> {
  await page.getByRole('heading', { name: "Choisissez votre lieu d'exercice" }).waitFor()
  await page.getByRole('radiogroup', { name: "Lieu d'exercice" }).getByRole('radio', { name: place }).check()
  await page.getByRole('button', { name: 'Continuer' }).click()
}

export async function signInAsStaff(page: Page, role: string): Promise<void> {
  await page.getByRole('button', { name: 'Se connecter avec mon organisme' }).click()
  await page.getByRole('button', { name: startsWith(role) }).click()
}

/** The person's own menu in the header; there as soon as somebody is signed in. */
export const userMenu = (page: Page) => page.getByRole('button', { name: /^Mon menu/ })

export async function signOut(page: Page): Promise<void> {
  await userMenu(page).click()
  await page.getByRole('button', { name: 'Se déconnecter' }).click()
}

/** Types a number and asks; what comes (a choice, a banner, a refusal) is the caller's to look at. */
export async function askFor(page: Page, number: string): Promise<void> {
  await page.getByLabel('Numéro de sécurité sociale').fill(number)
  await page.getByRole('button', { name: 'Identifier', exact: true }).click()
}

/** @param who name or words of the beneficiary's line; none where the number has one beneficiary only */
export async function identify(page: Page, number: string, who?: string | RegExp): Promise<void> {
  await askFor(page, number)
  if (who === undefined) return
  await page.getByRole('radiogroup', { name: 'Bénéficiaire' }).getByRole('radio', { name: who }).check()
  await page.getByRole('button', { name: 'Choisir ce patient' }).click()
}

export const banner = (page: Page) => page.getByRole('region', { name: 'Patient concerné' })

/** A folder in the menu, with what is said of its counter: « À traiter 1 non lu ». */
export const folder = (page: Page, name: string, counter?: string) =>
  page
    .getByRole('navigation', { name: 'Dossiers' })
    .getByRole('link', { name: counter ? new RegExp(`^${name}\\s+${counter}$`) : new RegExp(`^${name}`) })

/** The line of an exchange or a draft in an open folder. */
export const row = (page: Page, words: string | RegExp) => page.getByRole('main').getByRole('link', { name: words })

export type Written = { motif: string; subject: string; text: string }

/** Fills the writing screen, without sending. */
export async function write(page: Page, { motif, subject, text }: Written): Promise<void> {
  await page.getByLabel('Motif').selectOption({ label: motif })
  await page.getByLabel('Objet').fill(subject)
  await page.getByLabel('Message', { exact: true }).fill(text)
}

export const send = (page: Page) => page.getByRole('button', { name: 'Envoyer', exact: true }).click()

/** « Votre message a été envoyé », said as a status. */
export const sent = (page: Page) => page.getByRole('status').filter({ hasText: 'Votre message a été envoyé' })

export async function answer(page: Page, text: string): Promise<void> {
  await page.getByLabel('Votre réponse').fill(text)
  await send(page)
}

/** A message of an open exchange. */
export const message = (page: Page, text: string) =>
  page.getByRole('list', { name: 'Messages' }).getByRole('listitem').filter({ hasText: text })

export async function close(page: Page): Promise<void> {
  const closing = page.getByRole('button', { name: "Clore l'échange" })
  const asked = page.getByRole('dialog')
  const done = page.getByText('L’échange est clos', { exact: true })
  await closing.click()
  // Asked again only where the practitioner waits, or a text was not sent.
  await asked.or(done).first().waitFor()
  if (await asked.isVisible()) await asked.getByRole('button', { name: "Clore l'échange" }).click()
}
