import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, it } from 'node:test'
import { Refusal } from '../../../src/platform/http/problem.ts'
import { type Principal, traceActor } from '../../../src/platform/sessions/principal.ts'
import { entry } from '../../../src/platform/trace/trace.ts'
import { createOrganisms, type Organisms } from '../../../src/services/organisms/service.ts'
import { PatientBanner, patientsContract } from '../../../src/services/patients/contract.ts'
import { createDemonstrationDirectory } from '../../../src/services/patients/directory/demonstration.ts'
import type { InsuredDirectory, InsuredPerson } from '../../../src/services/patients/directory/directory.ts'
import { readLimits } from '../../../src/services/patients/guard/identification-limits.ts'
import { identifyPatient as identifyTyped } from '../../../src/services/patients/identify-patient.ts'
import type { LookUpParts } from '../../../src/services/patients/look-up.ts'
import { readPatient } from '../../../src/services/patients/read-patient.ts'
import { createPatients } from '../../../src/services/patients/service.ts'
import { type Ground, openGround } from './database.ts'
import { principalOf } from './principals.ts'

const START = new Date('2026-11-23T10:00:00Z')
let now = START
const clock = { now: () => now }
const demonstration = createDemonstrationDirectory()
/** People the demonstration has not: of a closed régime. */
const others: InsuredPerson[] = [
  {
    ...demonstration.people[0]!,
    nir13: '1600198980001',
    key: '00',
    organismId: '03',
    regimeCode: '03',
  },
]
const directory: InsuredDirectory = {
  async find(nir13) {
    return [...(await demonstration.find(nir13)), ...others.filter((person) => person.nir13 === nir13)]
  },
}

let ground: Ground
let organisms: Organisms
before(async () => {
  ground = await openGround()
  organisms = await createOrganisms({ database: ground.database, clock })
})
after(() => ground?.close())
beforeEach(() => {
  now = START
})

const limits = readLimits()
const outbox = { wake: () => {} }
const securityContact = 'securite@organisme.example'
const context = () => ({
  ...{ database: ground.database, vault: ground.vault, clock, organisms, directory },
  ...{ limits, outbox, securityContact },
})
const service = () =>
  createPatients(
    { ...context(), configuration: { publicUrl: 'https://portail.example', securityContact } },
    { organisms, directory, outbox },
  )
const identifyPatient = (parts: LookUpParts, who: Principal, number: string) =>
  identifyTyped(parts, who, { number, address: '192.0.2.1' })

const practitioner = (): Principal => principalOf({ side: 'practice' })
const adviser = (...organismIds: string[]): Principal => principalOf({ side: 'desk', organismIds })
const refused = (code: string) => (fault: unknown) => {
  assert.ok(fault instanceof Refusal)
  assert.equal(fault.code, code)
  return true
}
type Event = { organism_id: string; type: string; exchange_id: string | null; event: string }
const eventsOf = async (principal: Principal) =>
  (await ground.asOwner(
    'select organism_id, type, exchange_id, event from trace.event where actor = $1 order by at, seq',
    [principal.personId],
  )) as Event[]

describe('identifying', () => {
  it('gives the people of a NIR to choose from, counted before, in one statement with its trace', async () => {
    const who = practitioner()
    const statements: string[] = []
    ground.database.onStatement = (name) => statements.push(name)
    const answer = await identifyPatient(context(), who, '2 84 05 88 321 025')
    ground.database.onStatement = null
    assert.deepEqual(statements, [
      'patients.countLookup',
      'patients.watchLookups',
      'patients.concludeLookup',
      'patients.putTraced',
    ])
    assert.equal(answer.keyComputed, true)
    assert.deepEqual(
      answer.beneficiaries.map(({ patientId: _, ...shown }) => shown),
      [
        { firstName: 'Claire', lastName: 'ESSAI', birthDate: '1984-05-17', rank: 1, quality: 'Assurée' },
        { firstName: 'Léo', lastName: 'ESSAI', birthDate: '2014-03-09', rank: 2, quality: 'Enfant' },
        { firstName: 'Zoé', lastName: 'ESSAI', birthDate: '2019-11-28', rank: 3, quality: 'Enfant' },
      ],
    )
    patientsContract['POST /api/patients/identifications'].response.parse(answer)

    const events = await eventsOf(who)
    assert.equal(events.length, 1)
    assert.deepEqual([events[0]!.organism_id, events[0]!.type], ['01-941', 'patient.identified'])
    const event = JSON.parse(events[0]!.event)
    assert.deepEqual(
      [event.found, event.means, event.patients, event.actor.session],
      [3, 'typed', answer.beneficiaries.map((one) => one.patientId), who.sessionId],
    )
    assert.doesNotMatch(events[0]!.event, /28405|ESSAI|1984/)
  })

  it('says whether the key was read or computed', async () => {
    assert.equal((await identifyPatient(context(), practitioner(), '284058832102532')).keyComputed, false)
  })

  it('shows a family sealed to whoever reads the database', async () => {
    const who = practitioner()
    await identifyPatient(context(), who, '2840588321025')
    const rows = await ground.asOwner(
      `select p::text as text, sealed, expires_at - created_at as kept
       from medical.patient_in_hand p where person_id = $1`,
      [who.personId],
    )
    assert.equal(rows.length, 3)
    for (const { text, sealed, kept } of rows) {
      assert.doesNotMatch(`${text}${(sealed as Buffer).toString('latin1')}`, /28405|ESSAI|MODELE|Claire|1984-05/)
      assert.equal((kept as { hours: number }).hours, 12)
    }
  })

  const faults: [typed: string, code: string][] = [
    ['', 'nir-length'],
    ['12345', 'nir-length'],
    ['2841988321025', 'nir-shape'],
    ['284058832102531', 'nir-key'],
    ['2555555941042', 'nir-fictitious'],
  ]
  for (const [typed, code] of faults)
    it(`refuses « ${typed} » at its field: ${code}`, async () => {
      const who = practitioner()
      await assert.rejects(identifyPatient(context(), who, typed), (fault) => {
        assert.ok(fault instanceof Refusal)
        assert.deepEqual([fault.code, fault.status], [code, 422])
        assert.deepEqual(
          fault.faults.map((one) => [one.pointer, one.code]),
          [['/number', code]],
        )
        assert.match(fault.faults[0]!.detail, /\.$/)
        return true
      })
    })

  it('traces a number nobody has, without the number', async () => {
    const who = practitioner()
    await assert.rejects(identifyPatient(context(), who, '2840588321026'), refused('patient-unknown'))
    const [event] = await eventsOf(who)
    assert.equal(event?.organism_id, 'portal')
    assert.deepEqual([JSON.parse(event!.event).found, JSON.parse(event!.event).patients], [0, []])
    assert.doesNotMatch(event!.event, /28405/)
  })

  it('says that a closed régime is not served, and keeps nothing in hand', async () => {
    const who = practitioner()
    await assert.rejects(identifyPatient(context(), who, '1600198980001'), refused('patient-organism-not-served'))
    const [row] = await ground.asOwner('select count(*)::int as n from medical.patient_in_hand where person_id = $1', [
      who.personId,
    ])
    assert.equal(row?.n, 0)
    assert.equal((await eventsOf(who)).length, 1)
  })

  it('leads the insured of a merged caisse to its successor', async () => {
    const person = demonstration.people.find((one) => one.organismId === '01-421')!
    const who = practitioner()
    const { beneficiaries } = await identifyPatient(context(), who, person.nir13)
    const banner = await readPatient(context(), who, beneficiaries[0]!.patientId)
    assert.deepEqual(banner.organism, { organismId: '01-422', name: 'CPAM de la Loire' })
  })

  it('passes on that the directory is away', async () => {
    const away = new Refusal('directory-unavailable', { status: 503, title: '' })
    const broken = { ...context(), directory: { find: async () => Promise.reject(away) } }
    await assert.rejects(identifyPatient(broken, practitioner(), '2840588321025'), refused('directory-unavailable'))
  })
})

describe('an adviser', () => {
  it('finds the insured of their own organismes', async () => {
    const { beneficiaries } = await identifyPatient(context(), adviser('01-941'), '2840588321025')
    assert.equal(beneficiaries.length, 3)
    await identifyPatient(context(), adviser('01-941', '01-451'), '1531245007231')
  })

  it('cannot tell another organisme’s insured, or an unserved one, from nobody', async () => {
    const told: unknown[] = []
    for (const number of ['1531245007231', '2840588321026', '1600198980001']) {
      const who = adviser('01-941')
      await assert.rejects(identifyPatient(context(), who, number), (fault) => {
        const { code, status, message, faults, extra } = fault as Refusal
        told.push({ code, status, message, faults, extra })
        return true
      })
      const [event] = await eventsOf(who)
      assert.equal(event?.organism_id, '01-941')
      told.push(JSON.parse(event!.event).found)
    }
    assert.deepEqual(told.slice(0, 2), told.slice(2, 4))
    assert.deepEqual(told.slice(0, 2), told.slice(4, 6))
    assert.equal((told[0] as { code: string }).code, 'patient-unknown')
  })
})

describe('the patient in hand', () => {
  const take = async (who: Principal, number = '2840588321025', at = 0) =>
    (await identifyPatient(context(), who, number)).beneficiaries[at]!.patientId

  it('has a banner: age of the day, grouped NIR, régime and organisme', async () => {
    const who = practitioner()
    const patientId = await take(who)
    const banner = await readPatient(context(), who, patientId)
    assert.deepEqual(PatientBanner.parse(banner), {
      patientId,
      firstName: 'Claire',
      lastName: 'ESSAI',
      birthName: 'MODELE',
      birthDate: '1984-05-17',
      age: '42 ans',
      sex: 'F',
      nir: '2 84 05 88 321 025',
      nirKey: '32',
      provisional: false,
      nirOfInsured: false,
      rank: 1,
      quality: 'Assurée',
      regime: { code: '01', label: 'REGIME GENERAL' },
      organism: { organismId: '01-941', name: 'CPAM du Val-de-Marne' },
    })
    assert.equal((await readPatient(context(), who, await take(who, undefined, 1))).nirOfInsured, true)
  })

  it('is marked when the number is provisional', async () => {
    const who = practitioner()
    const banner = await readPatient(context(), who, await take(who, '7 1 123 12345678'))
    assert.deepEqual([banner.provisional, banner.nirKey, banner.nir], [true, null, '7 1 123 12345678'])
  })

  it('shows every person of the demonstration in a banner the contract accepts', async () => {
    const who = practitioner()
    const families = Map.groupBy(demonstration.people, (person) => person.nir13)
    for (const nir13 of [...families.keys()].filter((_, at) => at < 45 || at % 20 === 0)) {
      const { beneficiaries } = await identifyPatient(context(), who, nir13)
      for (const { patientId } of beneficiaries) PatientBanner.parse(await readPatient(context(), who, patientId))
    }
  })

  it('is in nobody else’s hands, and cannot be guessed', async () => {
    const patientId = await take(practitioner())
    await assert.rejects(readPatient(context(), practitioner(), patientId), refused('patient-not-in-hand'))
    await assert.rejects(readPatient(context(), practitioner(), randomUUID()), refused('patient-not-in-hand'))
    assert.equal(await service().readInHand(randomUUID(), patientId), null)
  })

  it('leaves the hand of an adviser whose organisme is no longer theirs', async () => {
    const who = adviser('01-941')
    const patientId = await take(who)
    await readPatient(context(), who, patientId)
    await assert.rejects(
      readPatient(context(), { ...who, organismIds: ['01-451'] }, patientId),
      refused('patient-not-in-hand'),
    )
  })

  it('is kept twelve hours', async () => {
    const who = practitioner()
    const patientId = await take(who)
    now = new Date(START.getTime() + 12 * 3_600_000 - 1)
    await readPatient(context(), who, patientId)
    now = new Date(START.getTime() + 12 * 3_600_000)
    await assert.rejects(readPatient(context(), who, patientId), refused('patient-not-in-hand'))
  })

  it('cannot be moved to another row or another person inside the database', async () => {
    const who = practitioner()
    const [mine, other] = [await take(who), await take(who, '1531245007231')]
    await ground.asOwner(
      `update medical.patient_in_hand p set sealed = q.sealed, data_key = q.data_key, organism_id = q.organism_id
       from medical.patient_in_hand q where p.patient_id = $1 and q.patient_id = $2`,
      [mine, other],
    )
    await assert.rejects(readPatient(context(), who, mine), (fault) => !(fault instanceof Refusal))
    const thief = practitioner()
    await ground.asOwner('update medical.patient_in_hand set person_id = $1 where patient_id = $2', [
      thief.personId,
      other,
    ])
    await assert.rejects(readPatient(context(), thief, other), (fault) => !(fault instanceof Refusal))
  })

  it('is put there by an exchange too, with the event its caller gives', async () => {
    const [from, to] = [practitioner(), practitioner()]
    const patients = service()
    const identity = await patients.readInHand(from.personId, await take(from))
    assert.ok(identity)
    const patientId = await patients.putInHand(to.personId, JSON.parse(JSON.stringify(identity)), (patient) =>
      entry(clock, identity.organism.organismId, traceActor(to), {
        type: 'patient.taken',
        exchange: randomUUID(),
        patient,
      }),
    )
    assert.deepEqual(await patients.readInHand(to.personId, patientId), identity)
    assert.deepEqual(await readPatient(context(), to, patientId), patients.banner(patientId, identity))
    assert.equal((await eventsOf(to)).length, 1)
  })

  it('is out of reach of the administrative side', async () => {
    const { administrative } = ground.database
    const read = { name: 'test.administrative', text: 'select sealed from medical.patient_in_hand limit 1' }
    await assert.rejects(administrative.run(read), { code: '42501' })
  })
})
