import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type InsuredFhir, NIR_SYSTEM, startInsuredFhir } from './start.ts'

const NIR = '2840588321025'
const patient = { resourceType: 'Patient', id: 'p1', birthDate: '1984-05-01' }
const related = { resourceType: 'RelatedPerson', id: 'r1' }

describe('simulated FHIR server of insured persons', () => {
  let server: InsuredFhir
  before(async () => {
    server = await startInsuredFhir({ port: 8312, token: 't', find: (nir) => (nir === NIR ? [patient, related] : []) })
  })
  after(() => server.close())

  const search = async (identifier: string, headers: Record<string, string> = { authorization: 'Bearer t' }) => {
    const body = new URLSearchParams({ identifier })
    const response = await fetch(`${server.base}/Patient/_search`, { method: 'POST', body, headers })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  test('gives a Bundle of who is known under a NIR', async () => {
    const { status, body } = await search(`${NIR_SYSTEM}|${NIR}`)
    assert.equal(status, 200)
    assert.equal(body.resourceType, 'Bundle')
    assert.equal(body.total, 1)
    const entry = body.entry as { resource: unknown; search: { mode: string } }[]
    assert.deepEqual(
      entry.map((e) => e.resource),
      [patient, related],
    )
    assert.deepEqual(
      entry.map((e) => e.search.mode),
      ['match', 'include'],
    )
    assert.ok(server.requests().every((path) => !path.includes(NIR)))
  })

  test('knows nobody under another number or another system', async () => {
    assert.equal((await search(`${NIR_SYSTEM}|1531245007231`)).body.total, 0)
    assert.equal((await search(`urn:oid:1.2.3|${NIR}`)).body.total, 0)
  })

  test('refuses a stranger, and a search that would put the number in an address', async () => {
    assert.equal((await search(`${NIR_SYSTEM}|${NIR}`, {})).status, 401)
    const get = await fetch(`${server.base}/Patient?identifier=${NIR}`, { headers: { authorization: 'Bearer t' } })
    assert.equal(get.status, 404)
  })

  test('fails on demand', async () => {
    server.setFault({ kind: 'error' })
    assert.equal((await search(`${NIR_SYSTEM}|${NIR}`)).status, 500)
    server.setFault({ kind: 'garbage' })
    await assert.rejects(search(`${NIR_SYSTEM}|${NIR}`), SyntaxError)
    server.setFault({ kind: 'none' })
    assert.equal((await search(`${NIR_SYSTEM}|${NIR}`)).status, 200)
  })
})
