// What people type wrong: each fault has its own clear sentence at its field, the focus goes to the first one, nothing is
// lost and nothing is sent. A case is a line.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { launchChromium, openContext } from '../browser.ts'
import {
  ADVISER,
  askFor,
  banner,
  GP,
  identify,
  NIR,
  NIR_ELSEWHERE,
  send,
  signInAsPractitioner,
  signInAsStaff,
} from '../gestures.ts'
import { type Product, startProduct } from '../product.ts'
import { keepScreens, seen } from '../scenario.ts'

type Person = Awaited<ReturnType<typeof openContext>>
let product: Product
let browser: Browser
let practitioner: Person
let adviser: Person
let page: Page
let desk: Page

const UNKNOWN = 'Aucun patient ne peut être présenté pour ce numéro. Vérifiez-le et recommencez.'
const LENGTH = (count: string) => `Le numéro saisi compte ${count} : il en faut 13, ou 15 avec la clé.`

const refusedNumbers: [fault: string, typed: string, sentence: string][] = [
  ['nothing', '', 'Saisissez le numéro de sécurité sociale : 13 caractères, ou 15 avec la clé.'],
  ['spaces only', '   ', 'Saisissez le numéro de sécurité sociale : 13 caractères, ou 15 avec la clé.'],
  ['12 characters', '2 84 05 88 321 02', LENGTH('12 caractères')],
  ['14 characters', '2 84 05 88 321 025 3', LENGTH('14 caractères')],
  ['16 characters', '2 84 05 88 321 025 32 1', LENGTH('16 caractères')],
  ['1 character', '2', LENGTH('1 caractère')],
  [
    'a letter that no number holds',
    '2 84 05 88 321 O25',
    'Le numéro ne peut contenir que des chiffres, et la lettre A ou B pour la Corse (2A ou 2B, 6e et 7e caractères).',
  ],
  ['a first digit 0', '0 84 05 88 321 025', 'Le premier chiffre doit être compris entre 1 et 8.'],
  ['a first digit 9', '9 84 05 88 321 025', 'Le premier chiffre doit être compris entre 1 et 8.'],
  [
    'month 19',
    '2 84 19 88 321 025',
    'Le mois de naissance (4e et 5e caractères) doit être compris entre 01 et 12, ou entre 20 et 99.',
  ],
  [
    'department A2',
    '2 84 05 A2 321 025',
    'Le département de naissance (6e et 7e caractères) doit être fait de deux chiffres, ou être 2A ou 2B pour la Corse.',
  ],
  [
    'a letter in the commune',
    '2 84 05 88 3B1 025',
    'La commune ou le pays de naissance (8e au 10e caractère) doit être fait de trois chiffres.',
  ],
  [
    'order 000',
    '2 84 05 88 321 000',
    'Le numéro d’ordre (11e au 13e caractère) doit être fait de trois chiffres, de 001 à 999.',
  ],
  [
    'another person’s key',
    '2 84 05 88 321 025 31',
    'La clé (les deux derniers chiffres) ne correspond pas au numéro : vérifiez les 15 caractères.',
  ],
  ['key 98', '2 84 05 88 321 025 98', 'La clé (les deux derniers chiffres) doit être comprise entre 01 et 97.'],
  [
    'a key with a letter',
    '2 84 05 88 321 025 3A',
    'La clé (les deux derniers caractères) doit être faite de deux chiffres.',
  ],
  [
    'a provisional number with a key',
    '7 1 123 12345678 32',
    'Un numéro provisoire, commençant par 7, compte 13 chiffres, sans clé ; le numéro saisi compte 15 caractères.',
  ],
  [
    'a provisional number of no kind',
    '7 3 123 12345678',
    'Le deuxième chiffre d’un numéro provisoire doit être 1 ou 2.',
  ],
  [
    'a number for anonymous care',
    '2 55 55 55 941 030',
    'Ce numéro fictif sert à facturer des soins anonymes : la loi protège cet anonymat, aucun patient ne peut être identifié.',
  ],
  ['a number that nobody has', '1 99 01 75 056 998', UNKNOWN],
  ['a provisional number that nobody has', '8 1 999 00000001', UNKNOWN],
]

const provisionalNumbers: [what: string, typed: string][] = [
  ['NNP', '7 1 123 12345678'],
  ['MIG', '5112312345678'],
]

/** Fields of the writing screen, as filled; what is left out is filled well. */
type Filled = { motif?: string; subject?: string; text?: string }
const well = { motif: 'Arrêt de travail', subject: 'Objet bien rempli', text: 'Texte bien rempli.' }
const refusedMessages: [fault: string, filled: Filled, field: string, sentence: string | RegExp][] = [
  ['no motif', { motif: '' }, 'Motif', 'Choisissez un motif.'],
  ['no objet', { subject: '' }, 'Objet', 'Indiquez l’objet du message.'],
  ['an objet of spaces', { subject: '   ' }, 'Objet', 'Indiquez l’objet du message.'],
  [
    'an objet too long by one',
    { subject: 'o'.repeat(151) },
    'Objet',
    /L’objet dépasse de 1 caractère la limite de 150/,
  ],
  ['no text', { text: '' }, 'Message', 'Écrivez votre message.'],
  ['a text of blanks', { text: ' \n\t\n' }, 'Message', 'Écrivez votre message.'],
  ['a text too long by one', { text: 'x'.repeat(10_001) }, 'Message', /dépasse de 1 caractère la limite de 10.000/],
  ['a text far too long', { text: 'é'.repeat(25_000) }, 'Message', /dépasse de 15.000 caractères la limite de 10.000/],
  ['nothing at all', { motif: '', subject: '', text: '' }, 'Motif', 'Choisissez un motif.'],
  ['neither objet nor text', { subject: '', text: '' }, 'Objet', 'Indiquez l’objet du message.'],
]

before(async () => {
  ;[product, browser] = await Promise.all([startProduct(8840), launchChromium()])
  practitioner = await openContext(browser, product.url)
  adviser = await openContext(browser, product.url)
  page = await practitioner.newPage()
  await page.goto('/')
  await signInAsPractitioner(page, GP, 'CABINET DR EXEMPLE')
  await seen(page.getByRole('heading', { name: 'Services patients' }))
  desk = await adviser.newPage()
  await desk.goto('/espace-service-medical')
  await signInAsStaff(desk, ADVISER)
  await seen(desk.getByRole('heading', { name: 'À traiter' }))
})
after(async () => {
  await browser?.close()
  await product?.end()
})

function check(name: string, act: () => Promise<void>): void {
  test(name, async () => {
    try {
      await act()
      for (const { watch } of [practitioner, adviser]) {
        // A refusal is an error in Chromium's console.
        watch.expect(/status of 4\d\d/)
        assert.deepEqual(watch.faults(), [])
      }
    } catch (fault) {
      await keepScreens(`fields ${name}`, [practitioner, adviser])
      throw fault
    }
  })
}

for (const [fault, typed, sentence] of refusedNumbers) {
  check(`number with ${fault}`, async () => {
    await page.goto('/patients/identification')
    await askFor(page, typed)
    const field = page.getByLabel('Numéro de sécurité sociale')
    await refusedAt(field, sentence)
    assert.equal(await field.inputValue(), typed, 'what was typed stays')
    await seen(page.getByRole('heading', { name: 'Identifier un patient' }))
  })
}

check('each fault of a number has its own sentence', async () => {
  const kinds = ['12 characters', 'month 19', 'another person’s key', 'a number that nobody has']
  const sentences = refusedNumbers.filter(([fault]) => kinds.includes(fault)).map(([, , sentence]) => sentence)
  assert.equal(new Set(sentences).size, kinds.length)
})

check('an adviser cannot tell the patient of another CPAM from nobody', async () => {
  await desk.goto('/patients/identification')
  for (const number of [NIR_ELSEWHERE, '1 99 01 75 056 998']) {
    await askFor(desk, number)
    await refusedAt(desk.getByLabel('Numéro de sécurité sociale'), UNKNOWN)
  }
})

check('no beneficiary chosen', async () => {
  await page.goto('/patients/identification')
  await askFor(page, NIR)
  await page.getByRole('button', { name: 'Choisir ce patient' }).click()
  const choice = page.getByRole('radiogroup', { name: 'Bénéficiaire' })
  await seen(choice.getByText('Choisissez le bénéficiaire concerné.'))
  assert.equal(await choice.getAttribute('aria-invalid'), 'true')
  assert.ok(
    await choice
      .getByRole('radio')
      .first()
      .evaluate((radio) => radio.matches(':focus')),
  )
})

for (const [kind, number] of provisionalNumbers) {
  check(`a provisional number (${kind}) is accepted, and marked`, async () => {
    await page.goto('/patients/identification')
    await identify(page, number)
    await seen(banner(page).getByText('Identité provisoire'))
    await page.reload()
    await seen(banner(page).getByText('Identité provisoire'))
  })
}

for (const [fault, filled, field, sentence] of refusedMessages) {
  check(`message with ${fault}`, async () => {
    await writing()
    const { motif, subject, text } = { ...well, ...filled }
    if (motif) await page.getByLabel('Motif').selectOption({ label: motif })
    await page.getByLabel('Objet').fill(subject)
    await page.getByLabel('Message', { exact: true }).fill(text)
    await send(page)
    await refusedAt(page.getByLabel(field, { exact: true }), sentence)
    assert.equal(await page.getByLabel('Objet').inputValue(), subject)
    assert.equal(await page.getByLabel('Message', { exact: true }).inputValue(), text)
    assert.equal((await product.query('select from medical.exchange')).length, 0, 'nothing was sent')
    // Left behind, a text that is not saved would ask before the next case leaves the page.
    await page.getByLabel('Message', { exact: true }).fill('')
    await page.getByLabel('Objet').fill('')
  })
}

check('an address that is not one, for notices', async () => {
  await page.goto('/adresse-electronique')
  const field = page.getByLabel('Adresse électronique')
  for (const typed of ['', 'sans arobase', 'nom@domaine', 'a b@domaine.fr']) {
    await field.fill(typed)
    await page.getByRole('button', { name: 'Enregistrer' }).click()
    await refusedAt(field, typed === '' ? 'Saisissez votre adresse électronique.' : /forme nom@domaine\.fr/)
    assert.equal(await field.inputValue(), typed)
  }
})

check('a practitioner that nobody is, or none chosen', async () => {
  await desk.goto('/patients/identification?suite=/echanges/nouveau')
  await identify(desk, NIR, /Claire/)
  const field = desk.getByLabel('Praticien (RPPS ou nom)')
  await field.fill('x')
  await desk.getByRole('button', { name: 'Rechercher' }).click()
  await refusedAt(field, 'Saisissez un numéro RPPS ou au moins deux lettres du nom.')
  await field.fill('xyzzy')
  await desk.getByRole('button', { name: 'Rechercher' }).click()
  await seen(desk.getByText('Aucun praticien trouvé : vérifiez le nom ou le numéro RPPS.'))
  await desk.getByLabel('Motif').selectOption({ label: well.motif })
  await desk.getByLabel('Objet').fill(well.subject)
  await desk.getByLabel('Message', { exact: true }).fill(well.text)
  await send(desk)
  await refusedAt(field, 'Choisissez le praticien à qui vous écrivez.')
})

const NOT_YOURS = 'Cet échange n’existe pas, ou ne vous est pas accessible.'
const NO_DRAFT = 'Ce brouillon n’existe plus : il a été envoyé ou supprimé.'
const addresses: [what: string, address: () => Promise<string>, sentence: string][] = [
  ['the exchange of others', async () => `/echanges/${await othersExchange()}`, NOT_YOURS],
  ['an exchange of nobody', async () => '/echanges/018f3b2e-7c1a-7000-8000-000000000000', NOT_YOURS],
  ['no exchange at all', async () => '/echanges/1%27%20or%201=1', NOT_YOURS],
  ['the draft of others', async () => `/echanges/brouillons/${await othersDraft()}`, NO_DRAFT],
  ['a draft of nobody', async () => '/echanges/brouillons/018f3b2e-7c1a-7000-8000-000000000000', NO_DRAFT],
  ['no draft at all', async () => '/echanges/brouillons/rien', NO_DRAFT],
  [
    'the patient in the hand of others',
    async () => `/?patient=${await othersPatient()}`,
    'Ce patient n’est pas, ou n’est plus, identifié par vous. Identifiez-le de nouveau.',
  ],
  [
    'a patient in nobody’s hand',
    async () => '/?patient=018f3b2e-7c1a-7000-8000-000000000000',
    'Ce patient n’est pas, ou n’est plus, identifié par vous. Identifiez-le de nouveau.',
  ],
]
for (const [what, address, sentence] of addresses) {
  check(`the address of ${what}`, async () => {
    await page.goto(await address())
    await seen(page.getByText(sentence))
    assert.equal(await page.getByText('ESSAI').count(), 0)
  })
}

/** Refused at its field: the sentence described by it, the focus on it. */
async function refusedAt(field: Locator, sentence: string | RegExp): Promise<void> {
  const said = field.page().getByText(sentence).first()
  await seen(said)
  const { invalid, described, focused } = await field.evaluate((element) => ({
    invalid: element.getAttribute('aria-invalid'),
    described: (element.getAttribute('aria-describedby') ?? '').split(' '),
    focused: element.matches(':focus'),
  }))
  assert.equal(invalid, 'true', 'the field is marked')
  assert.ok(described.includes((await said.getAttribute('id')) ?? '-'), 'the field is described by the sentence')
  assert.ok(focused, 'the focus is on the field')
}

/** A blank writing screen about the patient of the first case. */
async function writing(): Promise<void> {
  await page.goto(`/patients/identification?suite=${encodeURIComponent('/echanges/nouveau')}`)
  await identify(page, NIR, /Claire/)
  await seen(page.getByRole('heading', { name: 'Nouveau message' }))
  await page.getByLabel('Motif').getByRole('option', { name: well.motif }).waitFor({ state: 'attached' })
}

async function othersExchange(): Promise<string> {
  await desk.goto('/patients/identification?suite=/echanges/nouveau')
  await identify(desk, NIR, /Claire/)
  await desk.getByLabel('Praticien (RPPS ou nom)').fill('modele')
  await desk.getByRole('button', { name: 'Rechercher' }).click()
  await desk
    .getByRole('radiogroup', { name: 'Praticien' })
    .getByRole('radio', { name: /MODELE/ })
    .check()
  await desk.getByLabel('Motif').selectOption({ label: well.motif })
  await desk.getByLabel('Objet').fill(well.subject)
  await desk.getByLabel('Message', { exact: true }).fill(well.text)
  await send(desk)
  await desk.waitForURL(/\/echanges\/[0-9a-f-]{36}/)
  return new URL(desk.url()).pathname.split('/')[2]!
}

async function othersDraft(): Promise<string> {
  const [draft] = await product.query<{ draft_id: string }>(
    `select draft_id from medical.draft d join portal.person p using (person_id) where p.kind = 'staff'`,
  )
  return draft!.draft_id
}

async function othersPatient(): Promise<string> {
  const [patient] = await product.query<{ patient_id: string }>(
    `select patient_id from medical.patient_in_hand h join portal.person p using (person_id) where p.kind = 'staff'`,
  )
  return patient!.patient_id
}
