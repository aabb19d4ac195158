import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { createTransport } from 'nodemailer'
import { type MailBox, type ReceivedMail, startMailBox } from './start.ts'

const mail = {
  from: 'portail@consilium.example',
  to: 'camille.exemple@praticien.example',
  subject: 'Vous avez reçu un essai',
  text: 'Bonjour,\n\nhttp://localhost:8080/echanges/1 <script>',
  messageId: '<essai-1@consilium.example>',
}

describe('demonstration mail box', () => {
  let box: MailBox
  const send = async (fields: Record<string, unknown> = {}) => {
    const transport = createTransport(box.smtpUrl, { socketTimeout: 2000 } as object)
    try {
      return await transport.sendMail({ ...mail, ...fields })
    } finally {
      transport.close()
    }
  }
  const list = async () => (await (await fetch(`${box.url}/api/messages`)).json()) as ReceivedMail[]

  before(async () => {
    box = await startMailBox({ port: 8310, smtpPort: 8311, capacity: 3 })
  })
  beforeEach(() => {
    box.clear()
    box.setFault({ kind: 'none' })
  })
  after(() => box.close())

  test('lists what it received, as JSON and as a page', async () => {
    await send()
    const [received, ...more] = await list()
    assert.equal(more.length, 0)
    assert.equal(received?.to, mail.to)
    assert.equal(received?.subject, mail.subject)
    assert.equal(received?.text.trim(), mail.text)
    assert.equal(received?.html, '')
    assert.equal(received?.messageId, mail.messageId)
    assert.deepEqual(received?.envelope, { from: mail.from, to: [mail.to] })
    assert.ok(Math.abs(Date.parse(received!.date) - Date.now()) < 60_000)
    assert.ok(received?.headers.some(({ name, value }) => name === 'from' && value === mail.from))
    assert.match(received!.raw, /Message-ID: <essai-1@consilium\.example>/)
    const html = await (await fetch(box.url)).text()
    assert.match(html, /<h1>Boîte aux lettres<\/h1>/)
    assert.match(html, /<a href="http:\/\/localhost:8080\/echanges\/1"/)
    assert.doesNotMatch(html, /<script>/)
  })

  test('keeps the HTML part apart', async () => {
    await send({ html: '<p>Bonjour</p>' })
    assert.equal((await list())[0]?.html.trim(), '<p>Bonjour</p>')
  })

  test('is bounded and can be emptied', async () => {
    for (const subject of ['1', '2', '3', '4']) await send({ subject })
    assert.deepEqual(
      (await list()).map(({ subject }) => subject),
      ['2', '3', '4'],
    )
    assert.equal((await fetch(`${box.url}/api/messages`, { method: 'DELETE' })).status, 204)
    assert.deepEqual(await list(), [])
  })

  test('refuses on demand, for a time', async () => {
    box.setFault({ kind: 'refuse' })
    await assert.rejects(send(), (fault: { responseCode?: number }) => fault.responseCode === 451)
    assert.equal(box.messages().length, 0)
  })

  test('is slow on demand', async () => {
    box.setFault({ kind: 'slow', delayMs: 300 })
    const start = performance.now()
    await send()
    assert.ok(performance.now() - start >= 300)
    assert.equal(box.messages().length, 1)
  })

  test('drops the line in mid-message, or after keeping it', async () => {
    box.setFault({ kind: 'drop' })
    await assert.rejects(send())
    assert.equal(box.messages().length, 0)
    box.setFault({ kind: 'dropAfterKeeping' })
    await assert.rejects(send())
    assert.equal(box.messages().length, 1)
  })
})
