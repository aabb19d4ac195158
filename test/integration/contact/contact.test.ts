// « Contacter l'Assurance Maladie » from both ends: what is refused and kept nowhere, the queue, the answers, the wall.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Client } from '../client.ts'
import { HOME_ORGANISM, OTHER_ORGANISM, type Someone, startWorld, type World } from '../harness.ts'

let world: World
let somebody: Someone
let author: Client
let agent: Client
before(async () => {
  world = await startWorld({ outboxPollMs: 50 })
  somebody = await world.practitioner()
  author = await world.signIn(somebody)
  agent = await world.signIn(await world.staff('agent_administratif'))
})
after(() => world.stop())

const body = (text: string, more: object = {}) => ({ organismId: HOME_ORGANISM, objet: 'ADMIN', text, ...more })
const send = async (text: string, more: object = {}) =>
  (await author.do('POST /api/contact/inquiries', { body: body(text, more) })).inquiryId
const stored = () => world.database.sql<{ n: number }>('select count(*)::int as n from contact.inquiry')
const NIR = '2 84 05 88 321 025 32'

test('the organismes: one’s own first, written as users know them', async () => {
  const { regimes, organisms, own, objets } = await author.do('GET /api/contact/organisms')
  assert.ok(regimes.some(({ code }) => code === '01'))
  assert.deepEqual(own.slice(0, 1), [HOME_ORGANISM], 'the place of practice is in the Val-de-Marne')
  const home = organisms.find(({ organismId }) => organismId === HOME_ORGANISM)!
  assert.equal(`${home.number} - ${home.name}`, '941 - CPAM du Val-de-Marne')
  assert.equal(objets[0]?.label, 'Informations administratives')
  assert.equal(new Set(organisms.map(({ organismId }) => organismId)).size, organisms.length)
})

test('coordinates of an organisme, and none of one that does not exist', async () => {
  const found = await author.do('GET /api/contact/organisms/:organismId', { params: { organismId: HOME_ORGANISM } })
  assert.equal(found.organism.number, '941')
  const none = await author.call('GET /api/contact/organisms/:organismId', { params: { organismId: '01-ZZZ' } })
  assert.equal(none.code, 'contact-organism-unknown')
})

describe('what must not be written', () => {
  test('a number is refused for good, says where it stands, and nothing is kept', async () => {
    const before = await stored()
    const text = `Bonjour, le dossier de ${NIR} est bloqué.`
    const refused = await author.call('POST /api/contact/inquiries', {
      body: body(text, { reason: 'Rien de médical' }),
    })
    assert.equal(refused.code, 'inquiry-nir')
    const [finding] = refused.problem.findings as { kind: string; start: number; end: number }[]
    assert.equal(finding?.kind, 'nir')
    assert.ok(text.slice(finding!.start, finding!.end).replaceAll(/\D/g, '').includes('2840588321025'))
    assert.ok(!refused.text.includes('bloqué'), 'the text is not sent back')
    assert.deepEqual(await stored(), before)
  })

  test('a number in the reason is refused as well', async () => {
    const refused = await author.call('POST /api/contact/inquiries', {
      body: body('Mon patient est diabétique, sous metformine.', { reason: `voir ${NIR}` }),
    })
    assert.equal(refused.code, 'inquiry-nir')
  })

  test('what looks medical is refused, and goes with a reason, flagged for the agent', async () => {
    const text = `Ma patiente est suivie pour un cancer du sein, ${world.canary('medical')}.`
    const refused = await author.call('POST /api/contact/inquiries', { body: body(text) })
    assert.equal(refused.code, 'inquiry-medical')
    const inquiryId = await send(text, { reason: 'Exemple de formation' })
    const seen = await agent.do('GET /api/contact/queue/:inquiryId', { params: { inquiryId } })
    assert.equal(seen.flagged, true)
    assert.equal(seen.reason, 'Exemple de formation')
  })

  test('the inspection while typing keeps nothing', async () => {
    const before = await stored()
    const { findings } = await author.do('POST /api/contact/inspections', {
      body: { text: `patient ${NIR}` },
      passive: true,
    })
    assert.ok(findings.some(({ kind }) => kind === 'nir'))
    assert.deepEqual(await stored(), before)
  })
})

describe('from both ends', () => {
  test('sent, taken, answered, told by mail without a word of it, read, closed', async () => {
    const question = world.canary('question')
    const reply = world.canary('reponse')
    const inquiryId = await send(question)
    const params = { inquiryId }
    const queue = await agent.do('GET /api/contact/queue', { query: { folder: 'todo' } })
    assert.ok(queue.rows.some((row) => row.inquiryId === inquiryId))
    assert.equal((await agent.do('POST /api/contact/queue/:inquiryId/taking', { params })).state, 'taken')
    const mine = await agent.do('GET /api/contact/queue', { query: { folder: 'mine' } })
    assert.ok(mine.rows.some((row) => row.inquiryId === inquiryId && row.takenByMe))
    const sent = world.mailer.sent.length
    await agent.do('POST /api/contact/queue/:inquiryId/answers', { params, body: { text: reply } })
    const mails = await world.mailer.until(sent + 1)
    assert.equal(mails.at(-1)?.subject, 'Il y a du nouveau dans « Mes messages »')
    const row = (await author.do('GET /api/contact/inquiries')).rows.find((one) => one.inquiryId === inquiryId)
    assert.equal(row?.news, true)
    const read = await author.do('GET /api/contact/inquiries/:inquiryId', { params })
    assert.deepEqual([read.text, read.answers[0]?.text, read.state], [question, reply, 'answered'])
    assert.equal((await author.do('GET /api/contact/inquiries')).rows[0]?.news, false)
    await agent.do('POST /api/contact/queue/:inquiryId/closure', { params })
    const late = await agent.call('POST /api/contact/queue/:inquiryId/answers', { params, body: { text: 'Encore' } })
    assert.equal(late.code, 'inquiry-state')
  })

  test('the same key sends and answers once', async () => {
    const key = crypto.randomUUID()
    const text = world.canary('une-fois')
    const first = await author.do('POST /api/contact/inquiries', { body: body(text), key })
    const again = await author.do('POST /api/contact/inquiries', { body: body(text), key })
    assert.equal(again.inquiryId, first.inquiryId)
    const params = { inquiryId: first.inquiryId }
    const answerKey = crypto.randomUUID()
    for (let i = 0; i < 2; i++)
      await agent.do('POST /api/contact/queue/:inquiryId/answers', { params, body: { text: 'Oui' }, key: answerKey })
    assert.equal((await author.do('GET /api/contact/inquiries/:inquiryId', { params })).answers.length, 1)
  })

  test('two agents answer at once: both answers are kept, or one is told that it is late', async () => {
    const inquiryId = await send('Deux agents répondent.')
    const colleague = await world.signIn(await world.staff('agent_administratif'))
    const answers = await Promise.all(
      [agent, colleague].map((one) =>
        one.call('POST /api/contact/queue/:inquiryId/answers', { params: { inquiryId }, body: { text: 'Réponse' } }),
      ),
    )
    const taken = answers.filter(({ status }) => status === 201).length
    assert.ok(answers.every(({ status, code }) => status === 201 || code === 'inquiry-state'))
    const read = await author.do('GET /api/contact/inquiries/:inquiryId', { params: { inquiryId } })
    assert.equal(read.answers.length, taken)
  })

  test('found medical: sent back unread, and the text goes on into an exchange', async () => {
    const text = world.canary('renvoye')
    const inquiryId = await send(text)
    const params = { inquiryId }
    await agent.do('POST /api/contact/queue/:inquiryId/return', { params })
    const seen = await agent.do('GET /api/contact/queue/:inquiryId', { params })
    assert.deepEqual([seen.text, seen.reason, seen.state], [null, null, 'returned'])
    const back = await author.do('GET /api/contact/inquiries/:inquiryId', { params })
    assert.deepEqual([back.text, back.mayCarry], [text, true])
    const { carriedId } = await author.do('POST /api/exchanges/carried-texts', { body: { text } })
    const carried = await author.do('GET /api/exchanges/carried-texts/:carriedId', { params: { carriedId } })
    assert.equal(carried.text, text)
  })

  test('passed on to another organisme, it leaves this one’s hands and keys', async () => {
    const text = world.canary('transmis')
    const inquiryId = await send(text)
    const params = { inquiryId }
    await agent.do('POST /api/contact/queue/:inquiryId/redirection', { params, body: { organismId: OTHER_ORGANISM } })
    assert.equal((await agent.call('GET /api/contact/queue/:inquiryId', { params })).code, 'inquiry-not-found')
    const other = await world.signIn(await world.staff('agent_administratif', [OTHER_ORGANISM]))
    const seen = await other.do('GET /api/contact/queue/:inquiryId', { params })
    assert.equal(seen.text, text)
    assert.equal(seen.redirectedFrom, 'CPAM du Val-de-Marne')
    assert.equal((await author.do('GET /api/contact/inquiries/:inquiryId', { params })).text, text)
  })

  test('statistics say how many, and nothing else', async () => {
    const { byObjet, waiting } = await agent.do('GET /api/contact/statistics')
    assert.ok(byObjet[0]!.received > 0)
    assert.ok(waiting >= 0)
  })
})

describe('a text carried over by password', () => {
  test('can be put away by password, and taken out by card alone, by its author alone, for twelve hours', async () => {
    const text = world.canary('porte')
    const reduced = await world.signIn(somebody, { level: 'low', via: 'password', authMode: 'PASSWORD' })
    const { carriedId } = await reduced.do('POST /api/exchanges/carried-texts', { body: { text } })
    const params = { carriedId }
    assert.equal(
      (await reduced.call('GET /api/exchanges/carried-texts/:carriedId', { params })).code,
      'level-insufficient',
    )
    const stranger = await world.signIn(await world.practitioner())
    assert.equal(
      (await stranger.call('GET /api/exchanges/carried-texts/:carriedId', { params })).code,
      'carried-text-not-found',
    )
    assert.equal((await author.do('GET /api/exchanges/carried-texts/:carriedId', { params })).text, text)
    world.clock.advance(12 * 3_600_000 + 1)
    const later = await world.signIn(somebody)
    assert.equal(
      (await later.call('GET /api/exchanges/carried-texts/:carriedId', { params })).code,
      'carried-text-not-found',
    )
  })
})

describe('the wall', () => {
  test('texts are nowhere in clear, and the medical role has no right here', async () => {
    const text = world.canary('clair')
    const fresh = await world.signIn(somebody)
    await fresh.do('POST /api/contact/inquiries', { body: body(text) })
    const rows = await world.database.sql<{ row: string }>('select row_to_json(x)::text as row from contact.inquiry x')
    const hex = Buffer.from(text).toString('hex')
    assert.ok(rows.every(({ row }) => !row.includes(text) && !row.includes(hex)))
    const [rights] = await world.database.sql<{ through: boolean }>(
      "select has_schema_privilege('consilium_medical', 'contact', 'usage') as through",
    )
    assert.equal(rights?.through, false)
  })

  test('advisers, auditors and administrators see no queue; an agent of another organisme sees another one', async () => {
    for (const role of ['medecin_conseil', 'auditeur', 'administrateur'] as const) {
      const client = await world.signIn(await world.staff(role))
      assert.equal((await client.call('GET /api/contact/queue', { query: { folder: 'todo' } })).code, 'right-missing')
    }
    const elsewhere = await world.signIn(await world.staff('agent_administratif', ['01-751']))
    const { rows } = await elsewhere.do('GET /api/contact/queue', { query: { folder: 'todo' } })
    assert.deepEqual(rows, [])
  })
})
