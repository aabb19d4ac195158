import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type InsuredFhir, type Resource, startInsuredFhir } from '../../../simulators/insured-fhir/start.ts'
import { Refusal } from '../../../src/platform/http/problem.ts'
import { createDemonstrationDirectory } from '../../../src/services/patients/directory/demonstration.ts'
import type { InsuredPerson } from '../../../src/services/patients/directory/directory.ts'
import { createFhirDirectory } from '../../../src/services/patients/directory/fhir.ts'

const NIR = '2840588321025'
const SYSTEM = 'urn:oid:1.2.250.1.213.1.4.8'
const demonstration = createDemonstrationDirectory()

/** As an organisme's server would hold the demonstration people, with the key or without. */
function patientOf(person: InsuredPerson, withKey: boolean): Resource {
  return {
    resourceType: 'Patient',
    id: `${person.nir13}-${person.rank}`,
    meta: { profile: ['https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient'] },
    identifier: [
      { system: 'urn:oid:1.2.3.4', value: 'internal' },
      { system: SYSTEM, value: person.nir13 + (withKey ? (person.key ?? '') : '') },
    ],
    name: [
      { use: 'old', family: 'AVANT', given: ['Autrefois'] },
      { use: 'usual', family: person.lastName, given: [person.firstNames[0]!] },
      { use: 'official', family: person.birthName, given: person.firstNames },
    ],
    birthDate: person.birthDate,
    gender: person.sex === 'F' ? 'female' : 'male',
    multipleBirthInteger: person.twinRank,
    extension: [
      { url: 'urn:consilium:fhir:beneficiary-rank', valuePositiveInt: person.rank },
      { url: 'urn:consilium:fhir:beneficiary-quality', valueCode: person.quality.replace('é', 'e') },
      { url: 'http://example.org/other', valueCodeableConcept: { text: 'ignored' } },
    ],
    managingOrganization: { identifier: { value: person.organismId } },
  }
}

/** Their rights, a Coverage for each stretch of time; the last was refused, and counts for nothing. */
function coveragesOf(person: InsuredPerson): Resource[] {
  const beneficiary = { reference: `Patient/${person.nir13}-${person.rank}` }
  const periods = (person.rights ?? []).map(({ from, until }) => ({
    resourceType: 'Coverage',
    status: 'active',
    beneficiary,
    period: { ...(from && { start: from }), ...(until && { end: until }) },
  }))
  if (person.rights === null) return []
  return [...periods, { resourceType: 'Coverage', status: 'cancelled', beneficiary, period: { start: '1990-01-01' } }]
}

describe('over the simulated FHIR server', () => {
  let server: InsuredFhir
  let withKey = true
  before(async () => {
    server = await startInsuredFhir({
      port: 0,
      token: 'secret',
      find: (value) =>
        demonstration.people
          .filter((person) => value === person.nir13 + (withKey ? (person.key ?? '') : ''))
          .flatMap((person) => [...coveragesOf(person), patientOf(person, withKey)])
          .reverse(),
    })
  })
  beforeEach(() => server.setFault({ kind: 'none' }))
  after(() => server.close())
  const directory = (more = {}) => createFhirDirectory({ url: server.base, token: 'secret', ...more })

  it('finds everybody of the demonstration as the demonstration does, whether the server keeps the key or not', async () => {
    const nirs = [...new Set(demonstration.people.map((person) => person.nir13))]
    for (const key of [true, false]) {
      withKey = key
      for (const nir13 of nirs.filter((_, at) => at < 40 || at % 10 === 0))
        assert.deepEqual(await directory().find(nir13), await demonstration.find(nir13))
    }
  })

  it('finds nobody under a number nobody has', async () => {
    assert.deepEqual(await directory().find('2840588321026'), [])
  })

  it('never puts a NIR in an address', async () => {
    await directory({ url: `${server.base}/` }).find(NIR)
    assert.deepEqual([...new Set(server.requests())], ['POST /fhir/Patient/_search'])
  })

  const unavailable = (fault: unknown) => {
    assert.ok(fault instanceof Refusal)
    assert.deepEqual([fault.code, fault.status], ['directory-unavailable', 503])
    assert.doesNotMatch(JSON.stringify(fault) + fault.message, /28405|ESSAI/)
    return true
  }

  it('refuses politely when the server refuses, talks nonsense, is late, or is not there', async () => {
    await assert.rejects(directory({ token: 'wrong' }).find(NIR), unavailable)
    await assert.rejects(directory({ token: null }).find(NIR), unavailable)
    for (const kind of ['error', 'garbage'] as const) {
      server.setFault({ kind })
      await assert.rejects(directory().find(NIR), unavailable)
    }
    server.setFault({ kind: 'slow', delayMs: 400 })
    const before = performance.now()
    await assert.rejects(directory({ timeoutMs: 60 }).find(NIR), unavailable)
    assert.ok(performance.now() - before < 350)
    await assert.rejects(directory().find(NIR, AbortSignal.timeout(20)), unavailable)
    await assert.rejects(directory({ url: 'http://127.0.0.1:1/fhir' }).find(NIR), unavailable)
  })
})

describe('over answers that are not as they should be', () => {
  let answer: (address: string) => { status?: number; headers?: Record<string, string>; body: string }
  const server = createServer((request, response) => {
    const { status = 200, headers = {}, body } = answer(request.url ?? '')
    response.writeHead(status, { 'content-type': 'application/fhir+json', ...headers }).end(body)
  })
  let url = ''
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}/r4`
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  const find = () => createFhirDirectory({ url, token: null }).find(NIR)
  const mother = demonstration.people.find((person) => person.nir13 === NIR)!
  /** As a server without any Coverage tells of her. */
  const unsaid: InsuredPerson = { ...mother, rights: null }
  const bundle = (...resources: unknown[]) => ({
    body: JSON.stringify({ resourceType: 'Bundle', entry: resources.map((resource) => ({ resource })) }),
  })
  const changed = (change: Record<string, unknown>) => () => bundle({ ...patientOf(mother, true), ...change })
  const refused = () => assert.rejects(find(), { code: 'directory-unavailable' })

  it('drops who was not asked for, and what is no patient', async () => {
    answer = () =>
      bundle(
        { resourceType: 'OperationOutcome' },
        null,
        patientOf({ ...mother, nir13: '1531245007231', key: '60' }, true),
        patientOf(mother, true),
      )
    assert.deepEqual(await find(), [unsaid])
  })

  it('reads rights from the Coverages of this patient alone, and does not know them without', async () => {
    const id = `${NIR}-1`
    const coverage = (reference: string, more: Record<string, unknown> = {}) => ({
      resourceType: 'Coverage',
      status: 'active',
      beneficiary: { reference },
      ...more,
    })
    const rights = async (...coverages: unknown[]) => {
      answer = () => bundle(...coverages, patientOf(mother, true))
      return (await find())[0]?.rights
    }
    assert.equal(await rights(), null)
    assert.equal(await rights(coverage('Patient/other'), coverage(`Group/${id}`)), null)
    assert.deepEqual(await rights(coverage(`Patient/${id}`)), [{ from: null, until: null }])
    assert.deepEqual(await rights(coverage(`https://fhir.example/r4/Patient/${id}`, { status: 'cancelled' })), [])
    assert.deepEqual(
      await rights(
        coverage(`Patient/${id}`, { period: { start: '2024', end: '2024-02' } }),
        coverage(`Patient/${id}`, { period: { start: '2025-03-02T10:00:00+01:00', end: '2026' } }),
      ),
      [
        { from: '2024-01-01', until: '2024-02-29' },
        { from: '2025-03-02', until: '2026-12-31' },
      ],
    )
    assert.equal(await rights({ resourceType: 'Coverage', status: 3 }), null, 'one that cannot be read says nothing')
  })

  it('reads what is said in less: no usual name, no rank, no quality, the code of a card', async () => {
    answer = changed({
      name: [{ family: 'ESSAI', given: ['Claire'] }],
      extension: undefined,
      multipleBirthInteger: undefined,
      identifier: [{ system: SYSTEM, value: '2 84 05 88 321 025 32' }],
      managingOrganization: { identifier: { value: '019410000' } },
    })
    assert.deepEqual(await find(), [{ ...unsaid, firstNames: ['Claire'], birthName: 'ESSAI' }])
  })

  it('completes a birth date as the RNIV does', async () => {
    answer = changed({ birthDate: '1984-05' })
    assert.equal((await find())[0]?.birthDate, '1984-05-01')
    answer = changed({ birthDate: '1984' })
    assert.equal((await find())[0]?.birthDate, '1984-12-31')
  })

  it('reads a caisse without a code', async () => {
    answer = changed({ managingOrganization: { identifier: { value: '91' } } })
    assert.deepEqual(
      (await find()).map(({ organismId, regimeCode }) => [organismId, regimeCode]),
      [['91', '91']],
    )
  })

  const unreadable: [name: string, change: Record<string, unknown>][] = [
    ['a key that does not fit', { identifier: [{ system: SYSTEM, value: '284058832102533' }] }],
    ['no name', { name: [{ use: 'official', family: ' ' }] }],
    ['no birth date', { birthDate: undefined }],
    ['a day that does not exist', { birthDate: '1984-02-31' }],
    ['no sex we can show', { gender: 'unknown' }],
    ['no organisme', { managingOrganization: undefined }],
    ['an organisme that cannot be read', { managingOrganization: { identifier: { value: 'CPAM 94' } } }],
    ['a rank beyond nine', { extension: [{ url: 'urn:consilium:fhir:beneficiary-rank', valueInteger: 12 }] }],
  ]
  for (const [name, change] of unreadable)
    it(`shows no part of a family with ${name}`, async () => {
      answer = changed(change)
      await refused()
    })

  it('follows no redirection', async () => {
    const asked: string[] = []
    answer = (address) => {
      asked.push(address)
      return { status: 307, headers: { location: '/elsewhere' }, body: '' }
    }
    await refused()
    assert.deepEqual(asked, ['/r4/Patient/_search'])
  })

  it('reads no endless answer', async () => {
    answer = () => ({ body: ' '.repeat(2_000_000) + bundle(patientOf(mother, true)).body })
    await refused()
  })

  it('is no Bundle', async () => {
    answer = () => ({ body: JSON.stringify(patientOf(mother, true)) })
    await refused()
  })
})
