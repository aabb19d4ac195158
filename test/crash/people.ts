// Made-up people with open sessions, written past the server (their sessions outlive its death).
import { systemClock } from '../../src/platform/clock.ts'
import { type Database, statement } from '../../src/platform/database/database.ts'
import { createSessions } from '../../src/platform/sessions/sessions.ts'
import { nobody } from '../../src/platform/trace/events.ts'
import { entry, PORTAL_CHAIN } from '../../src/platform/trace/trace.ts'
import { enrolPractitioner } from '../../src/services/accounts/enrol-practitioner.ts'
import { enrolStaff } from '../../src/services/accounts/enrol-staff.ts'
import { staffRole } from '../../src/services/accounts/roles.ts'
import { type Client, createClient } from '../integration/client.ts'

export const ORGANISM = '01-941'
export type Person = {
  personId: string
  side: 'practice' | 'desk'
  /** The practitioner's box, or the desk's. */
  boxId: string
  client: Client
}

const BOX = statement('test.box-held', 'select box_id from portal.box_holder where person_id = $1')

/** Enrols somebody and signs them in; `number` tells them apart. */
export async function somebody(database: Database, url: string, side: Person['side'], number: number): Promise<Person> {
  const parts = { database, clock: systemClock }
  let personId: string
  let activityId: string | null = null
  if (side === 'practice') {
    const enrolled = await enrolPractitioner(parts, {
      kind: 'practitioner',
      nationalId: `8${99_100_000_000 + number}`,
      rpps: String(99_100_000_000 + number),
      civility: 'Dr',
      givenName: 'Essai',
      familyName: `CANARI-${number}`,
      professionCode: '10',
      profession: 'Médecin',
      speciality: '',
      email: `praticien-${number}@essai.example`,
      places: [
        {
          key: `E${number}`,
          name: `CABINET D ESSAI ${number}`,
          addressLine: '1 RUE DE L ESSAI',
          city: '94000 CRETEIL',
          professionCode: '10',
          profession: 'Médecin',
          speciality: '',
          sectorCode: 'SA07',
        },
      ],
    })
    personId = enrolled.personId
    activityId = enrolled.activityIds[0]!
  } else {
    const role = staffRole('medecin_conseil')
    const identity = {
      subject: `essai-${number}`,
      civility: 'Dr',
      givenName: 'Conseil',
      familyName: `CANARI-${number}`,
      email: null,
      roles: ['medecin_conseil'],
      organisms: [ORGANISM],
    }
    personId = (await enrolStaff(parts, { issuerId: 'none', identity, role, organismIds: [ORGANISM] })).personId
  }
  const { cookie } = await createSessions(database, systemClock, () => []).open(
    {
      personId,
      side,
      role: side === 'practice' ? 'practitioner' : 'medecin_conseil',
      level: 'substantial',
      via: 'test',
      authMode: 'CARD',
      acr: 'eidas1',
      issuer: 'https://identity.example',
      activityId,
      organismIds: side === 'practice' ? [] : [ORGANISM],
      authTime: new Date(),
      idpSid: null,
      sealedIdToken: null,
    },
    () => entry(systemClock, PORTAL_CHAIN, nobody, { type: 'session.opened', via: 'test', authMode: '', acr: '' }),
  )
  const [held] = await database.administrative.run<{ box_id: string }>(BOX, [personId])
  return { personId, side, boxId: held!.box_id, client: createClient(url, '__Host-consilium', cookie) }
}
