// A write that comes twice is done once: double click, lost answer, retry after the end.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Answer, Client } from './client.ts'
import { identify, openExchange, startWorld, type World } from './harness.ts'

let world: World
let practitioner: Client
let adviser: Client
before(async () => {
  world = await startWorld()
  practitioner = await world.signIn(await world.practitioner())
  adviser = await world.signIn(await world.staff())
})
after(() => world.stop())

const messagesOf = async (exchangeId: string) =>
  (await world.database.sql('select seq from medical.message where exchange_id = $1 order by seq', [exchangeId])).map(
    (row) => row.seq,
  )
const write = (exchangeId: string, text: string, key: string, client = practitioner) =>
  client.call('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId }, body: { text }, key })

test('a double click in twenty: one message, one answer', async () => {
  const exchangeId = await openExchange(practitioner)
  const key = crypto.randomUUID()
  const answers = await Promise.all(Array.from({ length: 20 }, () => write(exchangeId, 'Une fois', key)))
  assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [201])
  for (const answer of answers) assert.deepEqual(answer.json, answers[0]?.json)
  assert.deepEqual(await messagesOf(exchangeId), [1, 2])
})

test('twenty different messages at once: all there, numbered without a hole', async () => {
  const exchangeId = await openExchange(practitioner)
  const clients = [practitioner, adviser]
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => write(exchangeId, `Texte ${i}`, crypto.randomUUID(), clients[i % 2])),
  )
  assert.deepEqual(
    answers.map((answer) => (answer.json as { seq: number }).seq).toSorted((a, b) => a - b),
    Array.from({ length: 20 }, (_, i) => i + 2),
  )
  assert.equal((await messagesOf(exchangeId)).length, 21)
})

test('an opening sent twenty times at once: one exchange, one line on each side', async () => {
  const body = { patientId: await identify(practitioner), motif: 'ALD', subject: 'Une fois', text: 'Une fois' }
  const key = crypto.randomUUID()
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => practitioner.call('POST /api/exchanges', { body, key })),
  )
  assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [201])
  const ids = [...new Set(answers.map((answer) => answer.json.exchangeId))]
  assert.equal(ids.length, 1)
  const entries = await world.database.sql(
    'select side from medical.box_entry where exchange_id = $1 order by side',
    ids,
  )
  assert.deepEqual(entries, [{ side: 'desk' }, { side: 'practice' }])
})

/** Each writing act: how to do it with a key, and how to do another thing with the same key. */
const acts: Record<
  string,
  () => Promise<{ once(key: string): Promise<Answer>; otherwise(key: string): Promise<Answer> }>
> = {
  openExchange: async () => {
    const patientId = await identify(practitioner)
    const body = { patientId, motif: 'ALD', subject: 'Objet', text: 'Texte' }
    return {
      once: (key) => practitioner.call('POST /api/exchanges', { body, key }),
      otherwise: (key) => practitioner.call('POST /api/exchanges', { body: { ...body, text: 'Autre' }, key }),
    }
  },
  sendMessage: async () => {
    const exchangeId = await openExchange(practitioner)
    return { once: (key) => write(exchangeId, 'Texte', key), otherwise: (key) => write(exchangeId, 'Autre', key) }
  },
  'sendMessage, to another exchange': async () => {
    const [one, two] = [await openExchange(practitioner), await openExchange(practitioner)]
    return { once: (key) => write(one, 'Texte', key), otherwise: (key) => write(two, 'Texte', key) }
  },
  closeExchange: async () => {
    const [one, two] = [await openExchange(practitioner), await openExchange(practitioner)]
    const close = (exchangeId: string, key: string) =>
      adviser.call('POST /api/exchanges/:exchangeId/closure', { params: { exchangeId }, key })
    return { once: (key) => close(one, key), otherwise: (key) => close(two, key) }
  },
  createDraft: async () => {
    const patientId = await identify(practitioner)
    const begin = (text: string, key: string) =>
      practitioner.call('POST /api/drafts', {
        body: { patientId, content: { motif: null, subject: '', text, practiceBoxId: null } },
        key,
      })
    return { once: (key) => begin('Texte', key), otherwise: (key) => begin('Autre', key) }
  },
  'createDraft, of an answer': async () => {
    const [one, two] = [await openExchange(practitioner), await openExchange(practitioner)]
    const begin = (exchangeId: string, key: string) =>
      practitioner.call('POST /api/drafts', {
        body: { exchangeId, content: { motif: null, subject: '', text: 'Texte', practiceBoxId: null } },
        key,
      })
    return { once: (key) => begin(one, key), otherwise: (key) => begin(two, key) }
  },
}

for (const [name, make] of Object.entries(acts)) {
  test(`${name}: the same key again gives the same answer; for something else it is refused`, async () => {
    const act = await make()
    const key = crypto.randomUUID()
    const first = await act.once(key)
    assert.ok(first.status < 300, first.text)
    const [later, capital] = [await act.once(key), await act.once(key.toUpperCase())]
    for (const again of [later, capital]) {
      assert.equal(again.status, first.status)
      assert.deepEqual(again.json, first.json)
    }
    const other = await act.otherwise(key)
    assert.deepEqual([other.status, other.code], [422, 'idempotency-key-reused'])
    assert.ok((await act.otherwise(crypto.randomUUID())).status < 300)
  })
}

test('a key belongs to one person', async () => {
  const exchangeId = await openExchange(practitioner)
  const key = crypto.randomUUID()
  await write(exchangeId, 'Un', key)
  assert.equal((await write(exchangeId, 'Deux', key, adviser)).status, 201)
  assert.deepEqual(await messagesOf(exchangeId), [1, 2, 3])
})

test('a retry after the closing still gets its answer; a new message does not', async () => {
  const exchangeId = await openExchange(practitioner)
  const key = crypto.randomUUID()
  const first = await write(exchangeId, 'Avant', key)
  await adviser.do('POST /api/exchanges/:exchangeId/closure', { params: { exchangeId } })
  assert.deepEqual((await write(exchangeId, 'Avant', key)).json, first.json)
  assert.equal((await write(exchangeId, 'Après', crypto.randomUUID())).code, 'exchange-closed')
})

test('closing and writing at once: one order, whichever, and no message after the end', async () => {
  for (let round = 0; round < 10; round++) {
    const exchangeId = await openExchange(practitioner)
    const [closed, sent] = await Promise.all([
      adviser.call('POST /api/exchanges/:exchangeId/closure', { params: { exchangeId } }),
      write(exchangeId, 'Ensemble', crypto.randomUUID()),
    ])
    assert.equal(closed.status, 200)
    assert.ok(sent.status === 201 || sent.code === 'exchange-closed', sent.text)
    assert.equal((await messagesOf(exchangeId)).length, sent.status === 201 ? 2 : 1)
    const { state } = await adviser.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
    assert.equal(state, 'closed')
  }
})
