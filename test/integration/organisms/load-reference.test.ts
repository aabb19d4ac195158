import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { loadReference } from '../../../src/services/organisms/load.ts'
import { readReference } from '../../../src/services/organisms/reference.ts'
import { createOrganisms, type Organisms } from '../../../src/services/organisms/service.ts'
import { createDemonstrationDirectory } from '../../../src/services/patients/directory/demonstration.ts'
import { type Ground, openGround } from '../patients/database.ts'

const clock = { now: () => new Date('2026-11-23T10:00:00Z') }
let ground: Ground
let organisms: Organisms
let statements: string[] = []

before(async () => {
  ground = await openGround()
  ground.database.onStatement = (name) => statements.push(name)
  organisms = await createOrganisms({ database: ground.database, clock })
})
after(() => ground?.close())

it('loads an empty database in one statement, and nothing when nothing changed', async () => {
  assert.deepEqual(statements, ['organisms.read', 'organisms.load', 'organisms.read'])
  statements = []
  await createOrganisms({ database: ground.database, clock })
  assert.deepEqual(statements, ['organisms.read'])
  assert.equal(organisms.all().length, 212)
})

it('gives names, régimes, and a desk to what is active', () => {
  const organism = organisms.resolve('01-941')
  assert.equal(organism?.name, 'CPAM du Val-de-Marne')
  assert.match(organism?.deskBoxId ?? '', /^[0-9a-f-]{36}$/)
  assert.equal(organisms.regime('01')?.label, 'REGIME GENERAL')
  assert.equal(organisms.resolve('91')?.organismId, '91')
})

it('leads a merged caisse to its successor, and a closed or unknown one nowhere', () => {
  assert.equal(organisms.organism('01-421')?.name, 'CPAM de Roanne')
  assert.equal(organisms.organism('01-421')?.deskBoxId, null)
  assert.equal(organisms.resolve('01-421')?.organismId, '01-422')
  assert.equal(organisms.resolve('01-980')?.regimeCode, '10')
  assert.equal(organisms.resolve('03'), undefined)
  assert.equal(organisms.resolve('02'), undefined)
  assert.equal(organisms.resolve('01-000'), undefined)
})

it('serves everybody of the demonstration directory', () => {
  for (const { organismId, regimeCode } of createDemonstrationDirectory().people) {
    assert.ok(organisms.resolve(organismId), organismId)
    assert.equal(organisms.organism(organismId)?.regimeCode, regimeCode)
  }
})

it('offers the motifs of the day, never those with a legal clock, and still knows them', () => {
  const offered = organisms.offeredMotifs(clock.now()).map((motif) => motif.code)
  assert.equal(offered[0], 'ARRET')
  assert.equal(offered.at(-1), 'AUTRE')
  assert.ok(!offered.some((code) => code.startsWith('DAP-')))
  assert.equal(organisms.motif('DAP-BAR')?.offered, false)
})

it('follows a change of the files: renamed, merged, no longer offered; desks and rows stay', async () => {
  const desk = organisms.resolve('01-451')!.deskBoxId
  const reference = await readReference()
  const changed = {
    ...reference,
    digest: 'changed',
    organisms: reference.organisms.map((organism) => {
      if (organism.organismId === '01-941') return { ...organism, name: 'CPAM renommée' }
      if (organism.organismId !== '01-451') return organism
      return { ...organism, status: 'historical' as const, successorId: '01-181', hasDesk: false }
    }),
    motifs: reference.motifs
      .filter((motif) => motif.code !== 'ATMP')
      .map((motif) => (motif.code === 'ALD' ? { ...motif, validTo: '2026-11-23' } : motif)),
  }
  await loadReference(ground.database.administrative, changed, clock.now())
  // Read what the database now says, without the files putting it right again.
  const [row] = await ground.asOwner(
    `select (select name from portal.organism where organism_id = '01-941') as name,
       (select successor_id from portal.organism where organism_id = '01-451') as successor,
       (select box_id::text from portal.box where organism_id = '01-451') as desk,
       (select offered from portal.motif where code = 'ATMP') as offered,
       (select valid_to::text from portal.motif where code = 'ALD') as last_day`,
  )
  assert.deepEqual(row, { name: 'CPAM renommée', successor: '01-181', desk, offered: false, last_day: '2026-11-23' })

  const again = await createOrganisms({ database: ground.database, clock })
  assert.equal(again.resolve('01-941')?.name, 'CPAM du Val-de-Marne')
  assert.equal(again.resolve('01-451')?.deskBoxId, desk)
})

it('keeps a motif to its dates, on the calendar of France', async () => {
  await ground.asOwner(`update portal.motif set valid_from = '2026-11-24', valid_to = '2026-11-25' where code = 'LPP'`)
  const { offeredMotifs } = await createOrganisms({ database: ground.database, clock })
  const offers = (at: string) => offeredMotifs(new Date(at)).some((motif) => motif.code === 'LPP')
  assert.equal(offers('2026-11-23T22:59:00Z'), false)
  assert.equal(offers('2026-11-23T23:00:00Z'), true)
  assert.equal(offers('2026-11-25T22:59:00Z'), true)
  assert.equal(offers('2026-11-25T23:00:00Z'), false)
})
