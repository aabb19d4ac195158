// The limits that many people share: of a network address, of an organisme's insured, of a desk. With small numbers.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, it } from 'node:test'
import { Refusal } from '../../../src/platform/http/problem.ts'
import type { Principal } from '../../../src/platform/sessions/principal.ts'
import { createOrganisms, type Organisms } from '../../../src/services/organisms/service.ts'
import { createDemonstrationDirectory } from '../../../src/services/patients/directory/demonstration.ts'
import { readLimits } from '../../../src/services/patients/guard/identification-limits.ts'
import { identifyPatient } from '../../../src/services/patients/identify-patient.ts'
import { type Ground, openGround } from './database.ts'
import { principalOf } from './principals.ts'

const NUMBER = '2840588321025'
const ELSEWHERE = '1531245007231'
let now = new Date('2026-11-23T10:00:00Z')
const clock = { now: () => now }
let ground: Ground
let organisms: Organisms
before(async () => {
  ground = await openGround()
  organisms = await createOrganisms({ database: ground.database, clock })
})
after(() => ground?.close())

const shipped = readLimits()
const limits = {
  ...shipped,
  perAddress: { hour: 4, day: 9 },
  perOrganism: { patientsHour: 3, deskHour: 3 },
}
const practitioner = () => principalOf({ side: 'practice' })
const adviser = (...organismIds: string[]) => principalOf({ side: 'desk', organismIds })
let last = 0
/** Each from an address of its own, unless told. */
async function ask(
  who: Principal,
  number = NUMBER,
  more: Partial<typeof limits> = {},
  address = `10.0.${last >> 8}.${last++ & 255}`,
) {
  const parts = { database: ground.database, vault: ground.vault, clock, organisms }
  try {
    await identifyPatient(
      {
        ...parts,
        directory: createDemonstrationDirectory(),
        limits: { ...limits, ...more },
        outbox: { wake: () => {} },
        securityContact: 'securite@organisme.example',
      },
      who,
      { number, address },
    )
    return 'found'
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault
    const [event] = await ground.asOwner('select event from trace.event where actor = $1 order by at desc limit 1', [
      who.personId,
    ])
    const { limit } = JSON.parse(String(event?.event)) as { limit?: string }
    return fault.code === 'too-many-requests' ? `${limit}: ${fault.extra.detail}` : fault.code
  }
}
const open = { perOrganism: { patientsHour: 1000, deskHour: 1000 } }
const later = (hours: number) => {
  now = new Date(now.getTime() + hours * 3_600_000)
}

it('an address, whoever is behind it, an hour and a day', async () => {
  const from = (address: string) => ask(practitioner(), NUMBER, open, address)
  for (let n = 0; n < 4; n++) assert.equal(await from('198.51.100.7'), 'found')
  const told = await from('198.51.100.7')
  assert.match(told, /^addressHour: Les identifications venues de votre réseau .* en une heure ; .* à 12 h 00\.$/)
  assert.equal(await from('198.51.100.8'), 'found')
  assert.match(await from('::ffff:198.51.100.7'), /^addressHour/, 'the same address, told as IPv6')
  later(1)
  for (let n = 0; n < 3; n++) assert.equal(await from('198.51.100.7'), 'found')
  assert.match(await from('198.51.100.7'), /^addressDay: .* demain à 0 h 00\.$/, 'refused ones count too')
})

it('an IPv6 network, whatever the address within', async () => {
  later(24)
  const answers: string[] = []
  for (const end of ['1', '2:3', 'aaaa:0:1', 'ffff'])
    answers.push(await ask(practitioner(), NUMBER, open, `2001:db8:0:7::${end}`))
  assert.deepEqual(answers, Array(4).fill('found'))
  assert.match(await ask(practitioner(), NUMBER, open, '2001:db8::7:0:0:0:9'), /^addressHour/)
  assert.equal(await ask(practitioner(), NUMBER, open, '2001:db8:0:8::1'), 'found')
})

it('the insured of an organisme, whoever asks', async () => {
  later(24)
  const asked: string[] = []
  for (let n = 0; n < 4; n++) asked.push(await ask(n % 2 ? practitioner() : adviser('01-941')))
  assert.deepEqual(asked.slice(0, 3), Array(3).fill('found'))
  assert.match(asked[3]!, /^organismPatientsHour: Les identifications d’assurés de cet organisme/)
  assert.equal(await ask(practitioner(), ELSEWHERE), 'found', 'the others are not concerned')
  later(1)
  assert.equal(await ask(practitioner()), 'found')
})

it('what a desk asks, found or not', async () => {
  later(24)
  const asked: string[] = []
  for (const number of [ELSEWHERE, NUMBER, ELSEWHERE, NUMBER]) asked.push(await ask(adviser('01-941'), number))
  assert.deepEqual(asked.slice(0, 3), ['patient-unknown', 'found', 'patient-unknown'])
  assert.match(asked[3]!, /^deskHour: Les identifications demandées par votre organisme/)
  assert.equal(await ask(adviser('01-451'), ELSEWHERE), 'found')
  assert.match(await ask(adviser('01-451', '01-941')), /^deskHour/, 'of several desks, each counts')
})

it('many at once: exactly as many as allowed', async () => {
  later(24)
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(practitioner())))
  assert.equal(answers.filter((answer) => answer === 'found').length, 3)
  const address = `192.0.2.${randomUUID().length}`
  const sameAddress = await Promise.all(Array.from({ length: 20 }, () => ask(practitioner(), NUMBER, open, address)))
  assert.equal(sameAddress.filter((answer) => answer === 'found').length, 4)
})
