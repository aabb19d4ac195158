// What a client must not send. Each line: the request, the code it is answered, the field it names. Never a 500, never
// a value sent back. To add a case is to add a line.
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import type { Answer, Client } from './client.ts'
import { identify, openExchange, startWorld, type World } from './harness.ts'

let world: World
let practitioner: Client
let adviser: Client
let patientId: string
let exchangeId: string
let draftId: string
const value = 'VALEUR-QUI-NE-REVIENT-PAS'
before(async () => {
  world = await startWorld()
  practitioner = await world.signIn(await world.practitioner())
  adviser = await world.signIn(await world.staff())
  patientId = await identify(practitioner)
  exchangeId = await openExchange(practitioner)
  const content = { motif: null, subject: '', text: '', practiceBoxId: null }
  draftId = (await practitioner.do('POST /api/drafts', { body: { patientId, content } })).draftId
})
after(() => world.stop())

const NUL = '\u0000'
const LONE = '\ud800'
const long = (length: number) => 'é'.repeat(length)
const message = (body: unknown): Promise<Answer> =>
  practitioner.call('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId }, body })
const open = (change: Record<string, unknown>): Promise<Answer> =>
  practitioner.call('POST /api/exchanges', {
    body: { patientId, motif: 'ALD', subject: 'Objet', text: 'Texte', ...change },
  })
const draft = (content: Record<string, unknown>, change: Record<string, unknown> = {}): Promise<Answer> =>
  practitioner.call('PUT /api/drafts/:draftId', {
    params: { draftId },
    body: { version: 1, content: { motif: null, subject: '', text: '', practiceBoxId: null, ...content }, ...change },
  })
const identifyAs = (number: unknown): Promise<Answer> =>
  practitioner.call('POST /api/patients/identifications', { body: { number } })
const email = (address: unknown): Promise<Answer> =>
  practitioner.call('PUT /api/account/email', { body: { email: address } })
const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  practitioner.raw('GET', path, { headers })
const bytes = (body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> =>
  practitioner.raw('POST', `/api/exchanges/${exchangeId}/messages`, {
    body,
    headers: {
      'content-type': 'application/json',
      origin: world.url,
      'content-length': String(Buffer.byteLength(body)),
      'idempotency-key': crypto.randomUUID(),
      ...headers,
    },
  })

type Case = [name: string, act: () => Promise<Answer>, code: string, pointer?: string]
const cases: Case[] = [
  // The body as a whole
  ['malformed JSON', () => bytes(`{"text": "${value}`), 'json-malformed'],
  ['no JSON at all', () => bytes(value), 'json-malformed'],
  ['an empty body', () => bytes(''), 'json-malformed'],
  ['bytes that are no UTF-8', () => bytes(Buffer.from('7b22ff223a317d', 'hex')), 'request-invalid'],
  ['an array', () => bytes('[]'), 'request-invalid', '/'],
  ['null', () => bytes('null'), 'request-invalid', '/'],
  ['a text', () => bytes(`"${value}"`), 'request-invalid', '/'],
  ['5 MB', () => bytes(`{"text":"${'a'.repeat(5_000_000)}"}`), 'body-too-large'],
  ['70 KB', () => bytes(`{"text":"${'a'.repeat(70_000)}"}`), 'body-too-large'],
  ['very deep', () => bytes(`${'['.repeat(30_000)}${']'.repeat(30_000)}`), 'request-invalid'],
  [
    'form data',
    () => bytes(`text=${value}`, { 'content-type': 'application/x-www-form-urlencoded' }),
    'media-type-unsupported',
  ],
  ['plain text', () => bytes('{"text":"a"}', { 'content-type': 'text/plain' }), 'media-type-unsupported'],
  ['XML', () => bytes('<a/>', { 'content-type': 'application/xml' }), 'media-type-unsupported'],
  ['a media type that is none', () => bytes('{"text":"a"}', { 'content-type': value }), 'media-type-unsupported'],
  ['no media type', () => bytes('{"text":"a"}', { 'content-type': '' }), 'media-type-unsupported'],
  ['no body where one is needed', () => message(undefined), 'request-invalid', '/'],

  // Prototypes
  ['__proto__', () => bytes(`{"text":"a","__proto__":{"admin":true}}`), 'json-malformed'],
  ['__proto__, written otherwise', () => bytes(`{"text":"a","\\u005f_proto__":{"admin":true}}`), 'json-malformed'],
  ['constructor.prototype', () => bytes(`{"text":"a","constructor":{"prototype":{"admin":true}}}`), 'json-malformed'],
  ['constructor', () => bytes(`{"text":"a","constructor":1}`), 'request-invalid', '/constructor'],
  ['toString', () => bytes(`{"text":"a","toString":"${value}"}`), 'request-invalid', '/toString'],
  ['__proto__ in a query', () => get('/api/exchanges?folder=todo&__proto__=1'), 'request-invalid', 'query/__proto__'],

  // Fields
  ['an unknown field', () => message({ text: 'a', more: value }), 'request-invalid', '/more'],
  ['a name to be escaped', () => message({ text: 'a', 'a/b~c': value }), 'request-invalid', '/a~1b~0c'],
  ['a missing field', () => message({}), 'request-invalid', '/text'],
  ['a number for a text', () => message({ text: 12 }), 'request-invalid', '/text'],
  ['an object for a text', () => message({ text: { value } }), 'request-invalid', '/text'],
  ['null for a text', () => message({ text: null }), 'request-invalid', '/text'],
  ['an empty text', () => message({ text: '' }), 'request-invalid', '/text'],
  ['a text of blanks', () => message({ text: ' \n\t ' }), 'request-invalid', '/text'],
  ['a text of 10,001', () => message({ text: long(10_001) }), 'request-invalid', '/text'],
  ['NUL in a text', () => message({ text: `${value}${NUL}` }), 'request-invalid', '/text'],
  ['a lone surrogate in a text', () => message({ text: `${value}${LONE}` }), 'request-invalid', '/text'],
  ['a draft that is no identifier', () => message({ text: 'a', draftId: value }), 'request-invalid', '/draftId'],
  ['an empty objet', () => open({ subject: ' ' }), 'request-invalid', '/subject'],
  ['an objet of 151', () => open({ subject: long(151) }), 'request-invalid', '/subject'],
  ['NUL in an objet', () => open({ subject: `a${NUL}` }), 'request-invalid', '/subject'],
  ['no motif', () => open({ motif: '' }), 'request-invalid', '/motif'],
  ['an unknown motif', () => open({ motif: value }), 'motif-unknown', '/motif'],
  ['a motif with a legal clock', () => open({ motif: 'DAP-BAR' }), 'motif-unknown', '/motif'],
  ['NUL in a motif', () => open({ motif: `ALD${NUL}` }), 'request-invalid', '/motif'],
  ['a lone surrogate in a motif', () => open({ motif: `ALD${LONE}` }), 'request-invalid', '/motif'],
  ['a patient that is no identifier', () => open({ patientId: value }), 'request-invalid', '/patientId'],
  ['a patient of nobody', () => open({ patientId: crypto.randomUUID() }), 'patient-required'],
  ['no patient', () => open({ patientId: null }), 'patient-required'],
  ['a draft of nobody', () => open({ patientId: null, draftId: crypto.randomUUID() }), 'patient-required'],
  ['version 0', () => draft({}, { version: 0 }), 'request-invalid', '/version'],
  ['a version and a half', () => draft({}, { version: 1.5 }), 'request-invalid', '/version'],
  ['a version as text', () => draft({}, { version: '1' }), 'request-invalid', '/version'],
  ['a version beyond the database', () => draft({}, { version: 3_000_000_000 }), 'request-invalid', '/version'],
  ['a version beyond numbers', () => draft({}, { version: 1e300 }), 'request-invalid', '/version'],
  ['NUL in a draft', () => draft({ text: NUL }), 'request-invalid', '/content/text'],
  ['a draft of 10,001', () => draft({ text: long(10_001) }), 'request-invalid', '/content/text'],
  ['an unknown field in a draft', () => draft({ more: value }), 'request-invalid', '/content/more'],
  [
    'an adviser without a practitioner',
    async () =>
      adviser.call('POST /api/exchanges', {
        body: { patientId: await identify(adviser), motif: 'ALD', subject: 'Objet', text: 'Texte' },
      }),
    'practitioner-required',
    '/practiceBoxId',
  ],
  [
    'an adviser with a practitioner of nowhere',
    async () =>
      adviser.call('POST /api/exchanges', {
        body: {
          patientId: await identify(adviser),
          motif: 'ALD',
          subject: 'Objet',
          text: 'Texte',
          practiceBoxId: crypto.randomUUID(),
        },
      }),
    'practitioner-required',
    '/practiceBoxId',
  ],

  // Numbers of patients
  ['a number too short', () => identifyAs('28405883210'), 'nir-length', '/number'],
  ['a number too long', () => identifyAs('2840588321025321'), 'nir-length', '/number'],
  ['no number', () => identifyAs(''), 'nir-length', '/number'],
  ['letters', () => identifyAs('ABCDEFGHIJKLM'), 'nir-shape', '/number'],
  ['a wrong key', () => identifyAs('284058832102533'), 'nir-key', '/number'],
  ['an unknown number', () => identifyAs('1991275123456'), 'patient-unknown'],
  ['NUL in a number', () => identifyAs(`284058832102${NUL}`), 'nir-shape', '/number'],
  ['a lone surrogate in a number', () => identifyAs(`284058832102${LONE}`), 'nir-shape', '/number'],
  ['a number of 41', () => identifyAs('1'.repeat(41)), 'request-invalid', '/number'],
  ['a number that is one', () => identifyAs(2840588321025), 'request-invalid', '/number'],

  // Addresses for notices
  ['no address', () => email(''), 'request-invalid', '/email'],
  ['an address that is none', () => email(value), 'request-invalid', '/email'],
  ['two addresses', () => email('a@b.example,c@d.example'), 'request-invalid', '/email'],
  ['a name with an address', () => email('Essai <a@b.example>'), 'request-invalid', '/email'],
  ['a header in an address', () => email('a@b.example\r\nBcc: c@d.example'), 'request-invalid', '/email'],
  ['an address of 300', () => email(`${'a'.repeat(300)}@b.example`), 'request-invalid', '/email'],

  // Places in the address
  ['an identifier that is none', () => get(`/api/exchanges/${value}`), 'request-invalid', 'params/exchangeId'],
  ['an identifier of injection', () => get('/api/exchanges/1%27%20or%20true'), 'request-invalid', 'params/exchangeId'],
  ['NUL in an address', () => get('/api/exchanges/%00'), 'request-invalid', 'params/exchangeId'],
  ['a broken escape', () => get('/api/exchanges/%E0%A4%A'), 'not-found'],
  ['a very long identifier', () => get(`/api/exchanges/${'a'.repeat(2000)}`), 'not-found'],
  ['a climb', () => get('/api/exchanges/..%2f..%2fhealth'), 'request-invalid', 'params/exchangeId'],
  ['an unknown folder', () => get(`/api/exchanges?folder=${value}`), 'request-invalid', 'query/folder'],
  ['no folder', () => get('/api/exchanges'), 'request-invalid', 'query/folder'],
  ['two folders', () => get('/api/exchanges?folder=todo&folder=closed'), 'request-invalid', 'query/folder'],
  ['an unknown parameter', () => get(`/api/exchanges?folder=todo&x=${value}`), 'request-invalid', 'query/x'],
  [
    'a cursor of 201',
    () => get(`/api/exchanges?folder=todo&cursor=${'a'.repeat(201)}`),
    'request-invalid',
    'query/cursor',
  ],
  ['before: no number', () => get(`/api/exchanges/${exchangeId}?before=${value}`), 'request-invalid', 'query/before'],
  ['before: zero', () => get(`/api/exchanges/${exchangeId}?before=0`), 'request-invalid', 'query/before'],
  [
    'before: beyond the database',
    () => get(`/api/exchanges/${exchangeId}?before=9999999999`),
    'request-invalid',
    'query/before',
  ],
  ['an address that is none', () => get('/api/nothing'), 'not-found'],
  ['a method that is none', () => practitioner.raw('PATCH', '/api/exchanges'), 'method-not-allowed'],
  [
    'a method of another address',
    () => practitioner.raw('DELETE', `/api/exchanges/${exchangeId}`),
    'method-not-allowed',
  ],

  // Keys
  ...[null, '', value, '1', `${crypto.randomUUID()}x`, crypto.randomUUID().replaceAll('-', '')].map(
    (key): Case => [
      `Idempotency-Key ${JSON.stringify(key)}`,
      () =>
        practitioner.call('POST /api/exchanges/:exchangeId/messages', {
          params: { exchangeId },
          body: { text: 'a' },
          key,
        }),
      'idempotency-key-missing',
    ],
  ),

  // Origins
  ...[
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ].map(
    (headers): Case => [
      `a write from elsewhere, ${JSON.stringify(headers)}`,
      () =>
        practitioner.call('POST /api/exchanges/:exchangeId/messages', {
          params: { exchangeId },
          body: { text: 'a' },
          headers: { ...headers },
        }),
      'origin-refused',
    ],
  ),
  [
    'a read from elsewhere',
    () => get(`/api/exchanges/${exchangeId}`, { 'sec-fetch-site': 'cross-site' }),
    'origin-refused',
  ],
]

for (const [name, act, code, pointer] of cases) {
  test(name, async () => {
    const answer = await act()
    assert.equal(answer.code, code, `${answer.status} ${answer.text.slice(0, 300)}`)
    assert.ok(answer.status >= 400 && answer.status < 500)
    if (pointer !== undefined)
      assert.ok(
        answer.problem.faults?.some((fault) => fault.pointer === pointer),
        answer.text,
      )
    assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/)
    assert.equal(answer.problem.type, `/docs/errors/${code}`)
    assert.ok(!answer.text.includes(value), 'a value came back')
    assert.ok(answer.text.length < 20_000)
    assert.ok(!/\bat .*\.ts|node_modules|select |insert /.test(answer.text), 'the inside shows')
  })
}

test('asking for the headers only is no way to read', async () => {
  const answer = await adviser.raw('HEAD', `/api/exchanges/${exchangeId}`)
  assert.equal(answer.status, 405)
  assert.equal((await adviser.raw('HEAD', '/api/live')).status, 405)
  assert.equal((await world.stranger().raw('HEAD', '/api/health')).status, 200)
  const { messages } = await practitioner.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
  assert.equal(messages[0]?.readAt, null)
})

test('nothing of all that was written', async () => {
  const read = await practitioner.do('GET /api/exchanges/:exchangeId', { params: { exchangeId } })
  assert.equal(read.messages.length, 1)
  const draft = await practitioner.do('GET /api/drafts/:draftId', { params: { draftId } })
  assert.equal(draft.version, 1)
})

const edges: [name: string, act: () => Promise<Answer>][] = [
  ['a text of 10,000', () => message({ text: long(10_000) })],
  ['a text of 10,000, three bytes each', () => message({ text: '語'.repeat(10_000) })],
  ['5,000 signs beyond the first plane', () => message({ text: '🩺'.repeat(5_000) })],
  ['an objet of 150', () => open({ subject: long(150) })],
  ['quotes, tags, backslashes', () => message({ text: `"'<script>\\u0000 ${'%'} $1 {} \u2028` })],
  ['right to left, combining, zero width', () => message({ text: '\u202e\u0301\u200b\ufeff' })],
  ['an empty draft', () => draft({})],
  ['the identifier in capitals', () => get(`/api/exchanges/${exchangeId.toUpperCase()}`)],
  [
    'a message to the identifier in capitals',
    () =>
      practitioner.call('POST /api/exchanges/:exchangeId/messages', {
        params: { exchangeId: exchangeId.toUpperCase() },
        body: { text: 'En capitales' },
      }),
  ],
  ['the patient in capitals', () => open({ patientId: patientId.toUpperCase() })],
  ['no Origin (not a browser)', () => bytes('{"text":"a"}')],
  [
    'a media type with its alphabet',
    () => bytes('{"text":"a"}', { 'content-type': 'application/json; charset=utf-8' }),
  ],
  ...[
    '',
    'a',
    '!!!',
    'AAAA',
    Buffer.from('1/------------------------------------').toString('base64url'),
    Buffer.from(`999999999999999/${crypto.randomUUID()}`).toString('base64url'),
  ].map((cursor): [string, () => Promise<Answer>] => [
    `a cursor that cannot be read, ${JSON.stringify(cursor)}`,
    () => get(`/api/exchanges?folder=todo&cursor=${encodeURIComponent(cursor)}`),
  ]),
]
for (const [name, act] of edges) {
  test(`taken: ${name}`, async () => {
    const answer = await act()
    assert.ok(answer.status < 300, `${answer.status} ${answer.text.slice(0, 300)}`)
  })
}

test('what is at the edge comes back as it was sent', async () => {
  const texts = [long(10_000), '語'.repeat(10_000), '🩺'.repeat(5_000), `"'<script>\\ \u2028\u202e`, ' a \r\n\tb ']
  const id = await openExchange(practitioner)
  for (const text of texts)
    await practitioner.do('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId: id }, body: { text } })
  const { messages } = await adviser.do('GET /api/exchanges/:exchangeId', { params: { exchangeId: id } })
  assert.deepEqual(
    messages.slice(1).map(({ text }) => text),
    texts,
  )
})

test('what is no HTTP is refused, and the server goes on', async () => {
  const { port } = new URL(world.url)
  for (const bytes of [
    '\0\0\0\0',
    'GET / HTTP/9.9\r\n\r\n',
    `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`,
    'POST /api/exchanges HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ]) {
    const said = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes))
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.on('close', () => resolve(text))
      socket.on('error', () => resolve(text))
      socket.setTimeout(2000, () => socket.destroy())
    })
    assert.ok(said === '' || /^HTTP\/1\.1 4\d\d /.test(said), said.slice(0, 100))
  }
  assert.equal((await world.stranger().raw('GET', '/api/health')).status, 200)
})

test('no request of this file was an unforeseen fault', () => {
  assert.ok(!world.logs().includes('unforeseen fault'))
})
