import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { pino } from 'pino'
import { type CardAuthority, createCardAuthority } from '../../../simulators/card-authority/authority.ts'
import { type Authorities, arrange } from './authorities.ts'
import { createRevocationLists } from './revocation.ts'

const DAY_MS = 24 * 3_600_000
const log = pino({ level: 'silent' })

let authority: CardAuthority
let authorities: Authorities
let served: { file: string; pem: string }[]
let answers: (path: string) => { status: number; body: string | Buffer } = () => ({ status: 404, body: '' })
const server = createServer((request, response) => {
  const { status, body } = answers(request.url!)
  response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end(body)
})
let base: string
let folder: string
before(async () => {
  authority = await createCardAuthority()
  authorities = arrange(
    authority.authorities.map(({ pem }) => new X509Certificate(pem)),
    authority.issuers,
  )
  served = await authority.lists()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'consilium-lists-'))
  answers = (path) => {
    const found = served.find(({ file }) => path === `/${file}`)
    return found ? { status: 200, body: found.pem } : { status: 404, body: '' }
  }
})
after(() => {
  server.close()
  server.closeAllConnections()
})

const keeper = (now = () => new Date()) =>
  createRevocationLists({
    source: { folder: join(folder, 'kept'), addresses: served.map(({ file }) => `${base}/${file}`) },
    authorities,
    clock: { now },
    log,
  })
const held = (lists: ReturnType<typeof keeper>) => authorities.all.filter((one) => lists.listOf(one)).length

describe('lists at addresses', () => {
  test('are fetched, kept in a folder, and there at the next start though nothing answers', async () => {
    const lists = keeper()
    assert.equal(held(lists), 0)
    assert.equal(await lists.refresh(), true)
    assert.equal(held(lists), 9)
    assert.equal(await lists.refresh(), false, 'nothing new')
    answers = () => ({ status: 503, body: '' })
    const again = keeper()
    await again.refresh()
    assert.equal(held(again), 9)
    rmSync(folder, { recursive: true })
  })

  test('of nobody known, or that lead elsewhere, or are none, are not even kept', async () => {
    const stranger = await createCardAuthority()
    const forged = await stranger.lists()
    const bodies = [forged[0]!.pem, 'texte', Buffer.alloc(0)]
    for (const body of bodies) {
      answers = () => ({ status: 200, body })
      const lists = keeper()
      assert.equal(await lists.refresh(), false)
      assert.equal(held(lists), 0)
    }
    answers = (path) => (path === '/elsewhere' ? { status: 200, body: served[0]!.pem } : { status: 302, body: '' })
    const lists = keeper()
    await lists.refresh()
    assert.equal(held(lists), 0)
    assert.throws(() => readdirSync(join(folder, 'kept')))
    rmSync(folder, { recursive: true })
  })

  test('one that answers nothing takes nothing away from what is held', async () => {
    const lists = keeper()
    await lists.refresh()
    answers = () => ({ status: 500, body: '' })
    assert.equal(await lists.refresh(), false)
    assert.equal(held(lists), 9)
    rmSync(folder, { recursive: true })
  })
})

test('a list asks for somebody at half its life, at its end, and when there is none; those not let in ask for nobody', async () => {
  let ahead = 0
  const lists = keeper(() => new Date(Date.now() + ahead))
  const stages = () => lists.ageing().map(({ name, stage }) => `${stage} ${name.split(' ').at(-1)}`)
  assert.equal(stages().filter((stage) => stage.startsWith('missing')).length, 6)
  await lists.refresh()
  assert.deepEqual(stages(), [])
  ahead = 3.6 * DAY_MS
  assert.equal(stages().filter((stage) => stage.startsWith('half')).length, 6)
  assert.ok(!stages().some((stage) => stage.includes('ORGANISATIONS')))
  ahead = 7.1 * DAY_MS
  assert.equal(stages().filter((stage) => stage.startsWith('stale')).length, 6)
  rmSync(folder, { recursive: true })
})
