// What the product says of itself: the OpenAPI document, its readable page, the page of each error.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { httpProblems } from '../../src/platform/http/problem.ts'
import { accountsProblems } from '../../src/services/accounts/problems.ts'
import { cardsProblems } from '../../src/services/cards/problems.ts'
import { contactProblems } from '../../src/services/contact/problems.ts'
import { delegationsProblems } from '../../src/services/delegations/problems.ts'
import { exchangesProblems } from '../../src/services/exchanges/problems.ts'
import { allProblems } from '../../src/services/index.ts'
import { passwordsProblems } from '../../src/services/passwords/problems.ts'
import { patientsProblems } from '../../src/services/patients/problems.ts'
import { startWorld, type World } from './harness.ts'

type Json = Record<string, unknown>
type Operation = {
  operationId: string
  summary: string
  security?: unknown[]
  parameters: { name: string; in: string; required: boolean; schema: Json }[]
  requestBody?: { content: Record<string, { schema: Json }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: Json }> }>
}
let world: World
let document: Json & { paths: Record<string, Record<string, Operation>>; components: { schemas: Json } }
before(async () => {
  world = await startWorld()
  const answer = await world.stranger().raw('GET', '/api/openapi.json')
  assert.equal(answer.status, 200)
  document = answer.json as typeof document
})
after(() => world.stop())

const FOLDER = new URL('../../docs/errors/', import.meta.url)
const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )

test('the pages of docs/errors and the problems of the code are the same list', () => {
  const pages = readdirSync(FOLDER).map((name) => name.replace(/\.md$/, ''))
  assert.deepEqual(pages.toSorted(), Object.keys(allProblems).toSorted())
})

test('each page says what it means and what to do, in French, under its code', () => {
  for (const code of Object.keys(allProblems)) {
    const text = readFileSync(new URL(`${code}.md`, FOLDER), 'utf8')
    const [title, ...paragraphs] = text.trim().split(/\n\n+/)
    assert.equal(title, `# ${code}`)
    assert.ok(paragraphs.length >= 2, code)
    assert.ok(!text.includes("'"), `${code}: typographic apostrophes`)
  }
})

test('a code means one thing: no two services use the same one', () => {
  const lists: object[] = [
    httpProblems,
    accountsProblems,
    cardsProblems,
    passwordsProblems,
    delegationsProblems,
    patientsProblems,
    exchangesProblems,
    contactProblems,
  ]
  assert.equal(
    Object.keys(allProblems).length,
    lists.reduce((count, list) => count + Object.keys(list).length, 0),
  )
  for (const [code, { status, title }] of Object.entries(allProblems)) {
    assert.match(code, /^[a-z][a-z-]+$/)
    assert.ok(status >= 400 && status < 600, code)
    assert.match(title, /[.!?]$/, code)
    assert.ok(!title.includes("'"), `${code}: typographic apostrophes`)
  }
})

test('the page of an error is readable by anyone, and by its code only', async () => {
  const stranger = world.stranger()
  for (const code of Object.keys(allProblems)) {
    const page = await stranger.raw('GET', `/docs/errors/${code}`)
    assert.equal(page.status, 200, code)
    assert.match(page.headers['content-type'] ?? '', /^text\/html/)
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'/)
  }
  for (const code of ['nothing', 'constructor', '__proto__', 'toString', '..%2f..%2fREADME', 'x'.repeat(70)])
    assert.ok([400, 404].includes((await stranger.raw('GET', `/docs/errors/${code}`)).status), code)
})

test('OpenAPI 3.1: every route is in it, with an operationId of its own', () => {
  assert.match(String(document.openapi), /^3\.1\./)
  const routes = world.server.routes.map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
  assert.deepEqual(
    operations()
      .map(({ method, path }) => `${method} ${path}`)
      .toSorted(),
    routes.toSorted(),
  )
  const ids = operations().map(({ operation }) => operation.operationId)
  assert.equal(new Set(ids).size, ids.length)
  for (const id of ids) assert.match(id, /^[a-z][A-Za-z]+$/)
})

test('OpenAPI: open to strangers exactly where the level is none', () => {
  assert.deepEqual(document.security, [{ session: [] }])
  for (const { method, url, operation } of world.server.routes) {
    const described = document.paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
    assert.deepEqual(described?.security, operation.level === 'none' ? [] : undefined, url)
  }
})

test('OpenAPI: its shape is that of 3.1', () => {
  const info = document.info as Json
  assert.ok(info.title && info.version)
  for (const { path, method, operation } of operations()) {
    const where = `${method} ${path}`
    assert.ok(operation.summary, where)
    const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const inPath = operation.parameters.filter((parameter) => parameter.in === 'path')
    assert.deepEqual(inPath.map(({ name }) => name).toSorted(), placeholders.toSorted(), where)
    assert.ok(
      inPath.every(({ required }) => required),
      where,
    )
    for (const parameter of operation.parameters) {
      assert.ok(['path', 'query', 'header'].includes(parameter.in), where)
      assert.equal(typeof parameter.schema, 'object', where)
    }
    assert.ok(
      Object.keys(operation.responses).some((status) => /^[23]\d\d$/.test(status)),
      where,
    )
    for (const response of Object.values(operation.responses)) assert.ok(response.description, where)
    assert.ok(operation.responses.default?.content?.['application/problem+json'], where)
    const types = Object.entries(operation.requestBody?.content ?? {})
    for (const [type, { schema }] of types) {
      // A form for the one server that calls us, JSON for everybody else.
      const form = operation.operationId === 'signOutByBackChannel'
      assert.equal(type, form ? 'application/x-www-form-urlencoded' : 'application/json', where)
      assert.ok(schema, where)
    }
  }
})

test('OpenAPI: every reference leads somewhere, and no key is left of the library that made it', () => {
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const [at, inner] of value.entries()) visit(inner, `${path}/${at}`)
    else if (value !== null && typeof value === 'object')
      for (const [key, inner] of Object.entries(value)) {
        assert.ok(!['$schema', '$defs', '~standard'].includes(key), `${path}/${key}`)
        if (key === '$ref') {
          const name = /^#\/components\/schemas\/(\w+)$/.exec(String(inner))?.[1]
          assert.ok(name && name in document.components.schemas, String(inner))
        }
        visit(inner, `${path}/${key}`)
      }
  }
  visit(document, '')
  for (const name of ['Session', 'Exchange', 'ExchangeRow', 'Message', 'Draft', 'PatientBanner', 'Problem'])
    assert.ok(name in document.components.schemas, name)
})

test('OpenAPI: identifiers are uuids, texts have a limit', () => {
  const open = document.paths['/api/exchanges']?.post?.requestBody?.content['application/json']?.schema as {
    properties: Record<string, Json>
    additionalProperties: boolean
  }
  assert.equal(open.additionalProperties, false)
  assert.equal(open.properties.text?.maxLength, 10_000)
  const [id] = document.paths['/api/exchanges/{exchangeId}']!.get!.parameters
  assert.deepEqual([id?.schema.type, id?.schema.format], ['string', 'uuid'])
})

test('OpenAPI: every code of a refusal is in it', () => {
  assert.deepEqual(Object.keys(document['x-problems'] as Json).toSorted(), Object.keys(allProblems).toSorted())
})

test('the readable page names every operation, without a script', async () => {
  const page = await world.stranger().raw('GET', '/api/reference')
  for (const { operation } of operations()) assert.ok(page.text.includes(`id="${operation.operationId}"`))
  assert.ok(!page.text.includes('<script'))
})

test('health: ok when all is ready, 503 with a code while the database is away', async () => {
  const stranger = world.stranger()
  assert.deepEqual((await stranger.raw('GET', '/api/health')).json, { status: 'ok' })
  world.database.line.cut()
  const away = await stranger.raw('GET', '/api/health')
  assert.deepEqual([away.status, away.code], [503, 'service-unavailable'])
  world.database.line.restore()
  assert.equal((await stranger.raw('GET', '/api/health')).status, 200)
})
