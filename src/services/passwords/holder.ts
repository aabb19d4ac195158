import { type Database, statement } from '../../platform/database/database.ts'

/** A practitioner as this service knows them: who may have a password, and what it must not be made of. */
export type Holder = {
  personId: string
  /** RPPS; empty for a person who has none. */
  identifier: string
  names: string[]
  email: string | null
  /** Names and cities of their places of practice. */
  places: string[]
  /** Whether they have a password. */
  active: boolean
}

const FIELDS = `p.person_id as "personId", p.rpps as identifier, array[p.given_name, p.family_name] as names, p.email,
  array(select a.name || ' ' || a.city from portal.activity a where a.person_id = p.person_id and a.active) as places,
  exists (select 1 from portal.password_account c where c.person_id = p.person_id) as active`

const BY_IDENTIFIER = statement(
  'passwords.holder-by-identifier',
  `select ${FIELDS} from portal.person p where p.rpps = $1 and p.rpps <> '' and p.realm = 'ans'`,
)
const BY_ID = statement('passwords.holder', `select ${FIELDS} from portal.person p where p.person_id = $1`)

export async function holderByIdentifier(database: Database, identifier: string): Promise<Holder | null> {
  return (await database.administrative.run<Holder>(BY_IDENTIFIER, [identifier]))[0] ?? null
}

export async function holderById(database: Database, personId: string): Promise<Holder> {
  return (await database.administrative.run<Holder>(BY_ID, [personId]))[0]!
}
