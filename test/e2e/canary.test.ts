// Distinctive strings go through the whole walk; then everything that was written anywhere is searched for them. The two
// screens aside, nobody has them: not the data folder, not the database, not a log, a mail or a browser.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { chromiumPath } from '../tooling/chromium.ts'
import { CHROMIUM_FLAGS, FRENCH, runBeside, type Watch, watchContext } from './browser.ts'
import {
  ADVISER,
  answer,
  close,
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
} from './gestures.ts'
import { type Product, startProduct } from './product.ts'
import { eventually, scenario, seen } from './scenario.ts'
import { findIn, findUnder, type Needle, needlesFor } from './search.ts'

/** In no language and on no keyboard by chance; every text typed below holds it. */
const STEM = 'Zyxkanari'
const SUBJECT = `Objet ${STEM}`
const QUESTION = `Question ${STEM}, première ligne\nseconde ligne « ${STEM} »`
const REPLY = `Avis ${STEM}`
const DRAFT = `Brouillon ${STEM} jamais envoyé`
const DRAFT_ANSWER = `Réponse ${STEM} jamais envoyée`

const patient = ['Zoé ESSAI', 'ESSAI Zoé', '"Zoé"', 'Paul SPECIMEN', 'SPECIMEN Paul', '"Henri"']
const numbers = ['2840588321025', '2 84 05 88 321 025', '284058832102532', '1531245007231', '1 53 12 45 007 231']
const needles = needlesFor([STEM, ...patient, ...numbers])

type Person = BrowserContext & { watch: Watch }
let product: Product
const folders: string[] = []
const people: Person[] = []
const asked: string[] = []
let page: Page
let desk: Page
const step = scenario('canary', () => people)

async function openProfile(): Promise<Person> {
  const profile = mkdtempSync(join(tmpdir(), 'consilium-profile-'))
  folders.push(profile)
  const context = await chromium.launchPersistentContext(profile, {
    ...FRENCH,
    baseURL: product.url,
    executablePath: chromiumPath(),
    args: CHROMIUM_FLAGS,
  })
  context.on('request', (request) => asked.push(`${request.url()} ${JSON.stringify(request.headers())}`))
  const person = Object.assign(context, { watch: await watchContext(context, product.url) })
  people.push(person)
  return person
}

before(async () => {
  product = await startProduct(8830)
})
after(async () => {
  for (const person of people) await person.close()
  await product?.end()
  for (const profile of folders) rmSync(profile, { recursive: true, force: true })
})

step('the strings are typed, saved, sent, read, answered', async () => {
  const practitioner = await openProfile()
  page = practitioner.pages()[0] ?? (await practitioner.newPage())
  await page.goto('/')
  await signInAsPractitioner(page, GP, 'CABINET DR EXEMPLE')
  await page.getByRole('button', { name: 'Identifier un patient' }).click()
  await identify(page, '1531245007231')
  await seen(page.getByText('SPECIMEN Paul'))
  await page.getByRole('button', { name: 'Changer de patient' }).click()
  await identify(page, `${NIR} 32`, /Zoé/)
  await page.getByRole('link', { name: /^Échanges médicaux sécurisés/ }).click()
  await page.getByRole('button', { name: 'Nouveau message' }).click()
  await write(page, { motif: 'Arrêt de travail', subject: SUBJECT, text: QUESTION })
  await seen(page.getByText(/Brouillon enregistré/))
  await page.reload()
  await eventually(
    'draft',
    () => page.getByLabel('Objet').inputValue(),
    (subject) => subject === SUBJECT,
  )
  await send(page)
  await seen(sent(page))

  const adviser = await openProfile()
  desk = adviser.pages()[0] ?? (await adviser.newPage())
  await desk.goto('/espace-service-medical')
  await signInAsStaff(desk, ADVISER)
  await row(desk, SUBJECT).click()
  await seen(message(desk, STEM))
  await page.goto('/')
  await answer(desk, REPLY)
  await seen(sent(desk))
  await product.mail(GP_ADDRESS)
  await page.getByRole('link', { name: /^Échanges médicaux sécurisés/ }).click()
  await row(page, SUBJECT).click()
  await seen(message(page, REPLY))
})

step('others are left as drafts; refused requests hold them too', async () => {
  await desk.getByLabel('Votre réponse').fill(DRAFT_ANSWER)
  await seen(desk.getByText(/Brouillon enregistré/))
  await folder(page, 'À traiter').click()
  await page.getByRole('button', { name: 'Nouveau message' }).click()
  await identify(page, NIR, /Zoé/)
  await write(page, { motif: 'Médicament', subject: `Second ${SUBJECT}`, text: DRAFT })
  await seen(page.getByText(/Brouillon enregistré/))
  await page.goBack()
  await page.goForward()
  await eventually(
    'draft',
    () => page.getByLabel('Objet').inputValue(),
    (subject) => subject.includes(STEM),
  )

  const headers = { origin: product.url, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
  for (const [path, data, key] of [
    ['/api/exchanges', `{"text":"${STEM}`, 'b'],
    ['/api/exchanges', JSON.stringify({ motif: STEM, subject: STEM, text: `${STEM}\u0000`, patientId: STEM }), STEM],
    ['/api/patients/identifications', JSON.stringify({ number: 'Zoé ESSAI' }), undefined],
    ['/api/patients/identifications', JSON.stringify({ number: '284058832102533' }), undefined],
    ['/api/drafts', JSON.stringify({ content: { subject: STEM.repeat(100) } }), crypto.randomUUID()],
  ] as const) {
    const answer = await page.context().request.post(path, {
      data,
      headers: key ? { ...headers, 'idempotency-key': key } : headers,
    })
    assert.ok(answer.status() >= 400 && answer.status() < 500, `${path} answers ${answer.status()}`)
  }
})

step('the search finds what is planted', async () => {
  const planted = needlesFor(['Plantikanari', '2 84 05 88 321 026'])
  const file = join(product.dataFolder, 'planted')
  writeFileSync(file, `some bytes ${Buffer.from('a Plantikanari b').toString('base64')} 2 84 05 88 321 026`)
  await product.query('create table medical.planted (sealed bytea)')
  await product.query('insert into medical.planted values ($1)', [Buffer.from('{"firstName":"Plantikanari"}')])
  await product.query('checkpoint')
  try {
    const { found } = findUnder(product.dataFolder, planted)
    assert.deepEqual(
      found.filter((one) => one.startsWith(file)).map((one) => one.replace(`${file}: `, '')),
      ['« Plantikanari » as base64 +2', '« 2 84 05 88 321 026 » as UTF-8'],
    )
    for (const place of [/pg_wal.*Plantikanari/, /base.*Plantikanari/]) assert.ok(found.some((one) => place.test(one)))
    assert.deepEqual((await findInDatabase(planted)).found, ['medical.planted.sealed: « Plantikanari » as UTF-8'])
  } finally {
    await product.query('drop table medical.planted')
    rmSync(file)
  }
})

step('mails, logs and addresses do not hold them', async () => {
  const mails = await product.mails()
  assert.equal(mails.length, 1)
  for (const mail of mails) {
    const { raw, headers, ...parts } = mail
    assert.deepEqual(findIn('mail', raw, needles), [])
    assert.deepEqual(findIn('mail, decoded', JSON.stringify(parts) + JSON.stringify(headers), needles), [])
  }
  const tokens = (await Promise.all(people.map((person) => person.cookies())))
    .flat()
    .map(({ value }) => value)
    .filter((value) => value.length >= 16)
  assert.ok(tokens.length >= 2, 'sessions')
  // The welcome of a demonstration names two numbers to try.
  const log = product.output().replaceAll(/^ {2}Patients to try: .*$/gm, '')
  assert.match(log, /"level":30/, 'the log is kept')
  assert.deepEqual(findIn('log', log, needlesFor([STEM, ...patient, ...numbers, GP_ADDRESS, ...tokens])), [])
  assert.ok(asked.length > 100)
  assert.deepEqual(
    asked.flatMap((request) => findIn(request, request, needles)),
    [],
  )
})

step('the browsers’ stores are empty', async () => {
  for (const window of [page, desk]) {
    const stores = await runBeside<Record<string, unknown>>(
      window,
      `(async () => ({
        local: Object.entries(localStorage),
        session: Object.entries(sessionStorage),
        databases: (await indexedDB.databases()).map(({ name }) => name),
        caches: globalThis.caches ? await caches.keys() : [],
        workers: (await navigator.serviceWorker?.getRegistrations() ?? []).length,
        written: document.cookie,
      }))()`,
    )
    assert.deepEqual(stores, { local: [], session: [], databases: [], caches: [], workers: 0, written: '' })
  }
  for (const person of people) {
    const cookies = await person.cookies()
    assert.deepEqual(findIn('cookies', JSON.stringify(cookies), needles), [])
    for (const cookie of cookies) assert.ok(cookie.httpOnly, `${cookie.name} can be read by scripts`)
  }
})

step('the database, as text and byte by byte, does not hold them', async () => {
  const { values, found } = await findInDatabase(needles)
  assert.ok(values > 1000, `${values} values looked at`)
  assert.deepEqual(found, [])
})

step('no file of the data folder holds them: tables, indexes, WAL, logs, keys', async () => {
  await close(desk)
  await seen(desk.getByText('L’échange est clos', { exact: true }))
  await product.query('checkpoint')
  const { files, found } = findUnder(product.dataFolder, needles)
  assert.ok(files > 500, `${files} files looked at`)
  assert.deepEqual(found, [])
})

step('no file of the browsers’ profiles holds them, once closed', async () => {
  for (const person of people.splice(0)) await person.close()
  // The form's own help quotes that number, and the browser keeps programs.
  const typed = needles.filter(({ secret }) => secret !== NIR)
  for (const profile of folders) {
    const { files, found } = findUnder(profile, typed)
    assert.ok(files > 20, `${files} files looked at`)
    assert.deepEqual(found, [])
  }
})

/** Every value of every table, bytes as bytes and the rest as text. */
async function findInDatabase(needles: Needle[]): Promise<{ values: number; found: string[] }> {
  const columns = await product.query<{ place: string; name: string; bytes: boolean }>(
    `select format('%I.%I', table_schema, table_name) as place, column_name as name, data_type = 'bytea' as bytes
     from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  )
  const found = new Set<string>()
  let values = 0
  for (const { place, name, bytes } of columns) {
    const rows = await product.query<{ value: Buffer | string | null }>(
      `select "${name}"${bytes ? '' : '::text'} as value from ${place}`,
    )
    for (const { value } of rows) {
      if (value === null) continue
      values++
      for (const one of findIn(`${place}.${name}`, value, needles)) found.add(one)
    }
  }
  return { values, found: [...found] }
}
