import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { followSuccessors, readAdmissions, readOrganisms, readReference, readRegimes } from './reference.ts'

const csv = (...rows: string[]) =>
  ['regime_code,caisse_code,name,departement,type,status,certainty,note', ...rows].join('\n')

describe('the files we ship', async () => {
  const reference = await readReference()
  const known = new Map(reference.organisms.map((organism) => [organism.organismId, organism]))

  it('hold every régime and organisme, with the counts of the source', () => {
    assert.equal(reference.regimes.length, 23)
    assert.equal(reference.organisms.length, 212)
    const general = reference.organisms.filter(
      (o) => o.regimeCode === '01' && o.status === 'active' && ['CPAM', 'CGSS', 'CCSS', 'CSSM'].includes(o.type),
    )
    assert.equal(general.length, 107)
    const regimes = new Set(reference.regimes.map((regime) => regime.regimeCode))
    assert.ok(reference.organisms.every((organism) => regimes.has(organism.regimeCode)))
  })

  it('tell régimes apart when a caisse has the same code', () => {
    assert.equal(known.get('01-941')?.name, 'CPAM du Val-de-Marne')
    assert.equal(known.get('02-941')?.name, 'MSA Île-de-France')
    assert.equal(known.get('91')?.caisseCode, '')
  })

  it('send every merged caisse to an active one', () => {
    assert.equal(followSuccessors(known, '01-421')?.organismId, '01-422')
    assert.equal(followSuccessors(known, '16-331')?.organismId, '01-331')
    assert.equal(followSuccessors(known, '01-980')?.organismId, '10-980')
    for (const organism of reference.organisms.filter((o) => o.successorId))
      assert.ok(followSuccessors(known, organism.organismId)?.hasDesk, organism.organismId)
  })

  it('give a desk to active organismes only, and none to a national head', () => {
    assert.equal(known.get('01-941')?.hasDesk, true)
    assert.equal(known.get('01-421')?.hasDesk, false)
    assert.equal(known.get('02')?.hasDesk, false)
  })

  it('never offer a motif that has a legal clock, and offer the others', () => {
    for (const motif of reference.motifs) assert.equal(motif.offered, motif.clock === null, motif.code)
    assert.deepEqual(
      reference.motifs.filter((motif) => motif.clock).map((motif) => motif.code),
      ['DAP-BAR', 'DAP-TRANS', 'DAP-ACTE'],
    )
    assert.equal(new Set(reference.motifs.map((motif) => motif.code)).size, 14)
  })

  it('admit the six professions to each service, and tell the others why not, and the way on', () => {
    for (const { service, professions, employee, ...told } of reference.admissions) {
      assert.deepEqual([...professions.keys()].sort(), ['10', '21', '40', '50', '60', '70'], service)
      for (const text of [told.refusal, told.way, employee.refusal, employee.way]) assert.match(text, /^[^']+\.$/)
    }
    assert.throws(() => readAdmissions('{"services":[]}'), /services/)
  })

  it('are written as people read them', () => {
    const shown = [...reference.organisms.map((o) => o.name), ...reference.motifs.map((motif) => motif.label)]
    assert.deepEqual(
      shown.filter((text) => /['"]|source|alias| {2}/.test(text)),
      [],
    )
  })
})

it('follows a chain of mergers', () => {
  const organisms = readOrganisms(
    csv(
      '01,001,A,01,CPAM,historical,A,"merged, successor 002"',
      '01,002,B,01,CPAM,historical,A,"merged, successor 02/003"',
      '02,003,C,01,CPAM,active,A,',
    ),
  )
  assert.equal(followSuccessors(new Map(organisms.map((o) => [o.organismId, o])), '01-001')?.name, 'C')
})

it('refuses a circle, a successor nobody knows, a double and an unknown status', () => {
  const merged = (code: string, successor: string) =>
    `01,${code},A,01,CPAM,historical,A,"merged, successor ${successor}"`
  assert.throws(() => readOrganisms(csv(merged('001', '002'), merged('002', '001'))), /circle/)
  assert.throws(() => readOrganisms(csv(merged('001', '009'))), /not known/)
  assert.throws(() => readOrganisms(csv('01,001,A,,CPAM,active,A,', '01,001,B,,CPAM,active,A,')), /twice/)
  assert.throws(() => readOrganisms(csv('01,001,A,,CPAM,closed,A,')), /status/)
})

it('curves the apostrophes of what people read', () => {
  const [regime] = readRegimes(
    "regime_code,label_portal,full_name,status,certainty,note\n17,L'ETRANGER,L'étranger,active,B,",
  )
  assert.deepEqual([regime?.label, regime?.fullName], ['L’ETRANGER', 'L’étranger'])
})
