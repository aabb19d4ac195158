// A stage for measures: a PostgreSQL of its own, fictional people with sessions, exchanges made by the product's own acts.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/platform/clock.ts'
import { type Configuration, readConfiguration } from '../src/platform/configuration.ts'
import { type Connection, type Database, openDatabase, statement } from '../src/platform/database/database.ts'
import { migrate } from '../src/platform/database/migrate.ts'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres/start-embedded-postgres.ts'
import { newId } from '../src/platform/identifiers.ts'
import { createSessions } from '../src/platform/sessions/sessions.ts'
import { nobody } from '../src/platform/trace/events.ts'
import { entry, PORTAL_CHAIN } from '../src/platform/trace/trace.ts'
import { createKeyFiles, fileKeys } from '../src/platform/vault/keys.ts'
import { createVault, type Vault } from '../src/platform/vault/vault.ts'
import { createOrganisms } from '../src/services/organisms/service.ts'
import type { PatientIdentity } from '../src/services/patients/contract.ts'

export const ORGANISM = '01-941'

export type Person = { personId: string; cookie: string; boxId: string }
export type Stage = {
  connection: Connection
  configuration: Configuration
  database: Database
  vault: Vault
  practitioners: Person[]
  adviser: Person
  close(): Promise<void>
}

const PERSON = statement(
  'bench.person',
  `with person_ as (
     insert into portal.person (person_id, kind, realm, subject, family_name, given_name, search_name, profession_code,
       profession, email, created_at)
     values ($1::uuid, $2, 'bench', $1::uuid::text, 'ESSAI', 'Mesure', 'essai mesure', '10', 'Médecin', $3, now()) returning person_id),
   activity_ as (
     insert into portal.activity (activity_id, person_id, activity_key, name, address_line, city, profession, profession_code,
       speciality, sector_code)
     select $4, person_id, 'a', 'CABINET DE MESURE', '1 RUE DE L ESSAI', '94000 CRETEIL', 'Médecin', '10', '', 'SA07'
     from person_ where $2 = 'practitioner' returning activity_id),
   box_ as (insert into portal.box (box_id, kind, activity_id) select $5, 'practice', activity_id from activity_)
   select 1`,
)
const HOLDER = statement(
  'bench.holder',
  "insert into portal.box_holder (box_id, person_id, capacity, valid_from) values ($1, $2, 'holder', now() - interval '1 day')",
)
const DESK = statement('bench.desk', "select box_id from portal.box where kind = 'desk' and organism_id = $1")

/** @param folder where the database lies; a temporary one, removed at the end, unless told */
export async function setStage(practitionerCount: number): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'consilium-bench-'))
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres') })
  const connection: Connection = { kind: 'embedded', ...postgres.connection }
  await migrate(connection)
  const database = openDatabase(connection)
  const keysFolder = join(folder, 'keys')
  await createKeyFiles(keysFolder)
  const vault = createVault(await fileKeys(keysFolder))
  const organisms = await createOrganisms({ database, clock: systemClock })
  const sessions = createSessions(database, systemClock, organisms.servicesOf)
  const [desk] = await database.administrative.run<{ box_id: string }>(DESK, [ORGANISM])

  async function person(kind: 'practitioner' | 'staff'): Promise<Person> {
    const [personId, activityId, practiceBox] = [newId(), newId(), newId()]
    const boxId = kind === 'practitioner' ? practiceBox : desk!.box_id
    await database.administrative.run(PERSON, [personId, kind, `${personId}@mesure.example`, activityId, practiceBox])
    await database.administrative.run(HOLDER, [boxId, personId])
    const { cookie } = await sessions.open(
      {
        personId,
        side: kind === 'practitioner' ? 'practice' : 'desk',
        role: kind === 'practitioner' ? 'practitioner' : 'medecin_conseil',
        level: 'substantial',
        via: 'bench',
        authMode: 'CARD',
        acr: 'eidas1',
        issuer: 'bench',
        activityId: kind === 'practitioner' ? activityId : null,
        organismIds: kind === 'practitioner' ? [] : [ORGANISM],
        authTime: new Date(),
        idpSid: null,
        sealedIdToken: null,
      },
      () => entry(systemClock, PORTAL_CHAIN, nobody, { type: 'session.opened', via: 'bench', authMode: '', acr: '' }),
    )
    return { personId, cookie: `__Host-consilium=${cookie}`, boxId }
  }
  const practitioners = await Promise.all(Array.from({ length: practitionerCount }, () => person('practitioner')))
  const adviser = await person('staff')
  const configuration: Configuration = {
    ...readConfiguration({ CONSILIUM_DATA: folder, CONSILIUM_LOG_LEVEL: 'warn' }),
    keysFolder,
  }
  return {
    connection,
    configuration,
    database,
    vault,
    practitioners,
    adviser,
    async close() {
      await database.close()
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A made-up patient of the measured organism. */
export function patient(): PatientIdentity {
  const order = String(randomBytes(2).readUInt16BE() % 1000).padStart(3, '0')
  return {
    firstName: 'Mesure',
    lastName: 'FICTIVE',
    birthName: 'FICTIVE',
    birthDate: '1984-05-12',
    sex: 'F',
    nir: `2 84 05 88 321 ${order}`,
    nirKey: '01',
    provisional: false,
    nirOfInsured: false,
    rank: 1,
    quality: 'Assurée',
    regime: { code: '01', label: 'REGIME GENERAL' },
    organism: { organismId: ORGANISM, name: 'CPAM du Val-de-Marne' },
    nir13: `2840588321${order}`,
    twinRank: 1,
  }
}

/** About 1.6 kB of French-looking text. */
export const TEXT = 'Texte de mesure sans aucun sens médical, assez long pour ressembler à une vraie question. '.repeat(
  18,
)
