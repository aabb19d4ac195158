import { type Database, statement } from '../../platform/database/database.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { IdentificationBlock } from './contract.ts'

type Row = Omit<IdentificationBlock, 'displayName' | 'blockedAt' | 'lifted'> & {
  personId: string
  names: string[]
  blockedAt: Date
  liftedAt: Date | null
  liftedBy: string[]
  reason: string | null
}

/** Lifted blocks shown, the last first. */
const LIFTED_SHOWN = 100

const NAMES = (person: string) => `array[${person}.civility, ${person}.given_name, ${person}.family_name]`
const COLUMNS = `b.block_id as "blockId", b.person_id as "personId", ${NAMES('p')} as names, p.profession, p.subject as "nationalId", b.cause, b.counts,
  b.via, b.auth_mode as "authMode", b.blocked_at as "blockedAt", b.lifted_at as "liftedAt", ${NAMES('a')} as "liftedBy",
  b.reason`
const PEOPLE = `join portal.person p using (person_id) left join portal.person a on a.person_id = b.lifted_by`
/** An administrator sees practitioners, who are of no organisme, and the people of their own organismes. */
export const OF_THEIRS = (organisms: string) => `(b.organism_ids = '{}' or b.organism_ids && ${organisms}::text[])`

const LIST = statement(
  'patients.listBlocks',
  `(select ${COLUMNS} from portal.identification_block b ${PEOPLE}
    where b.lifted_at is null and ${OF_THEIRS('$1')} order by b.blocked_at desc)
   union all
   (select ${COLUMNS} from portal.identification_block b ${PEOPLE}
    where b.lifted_at is not null and ${OF_THEIRS('$1')} order by b.lifted_at desc limit $2)`,
)
const READ = statement(
  'patients.readBlock',
  `select ${COLUMNS} from portal.identification_block b ${PEOPLE} where b.block_id = $2 and ${OF_THEIRS('$1')}`,
)

/** Whose identification is blocked, then the last ones that were opened again. */
export async function listBlocks(
  { database }: { database: Database },
  { organismIds }: Principal,
): Promise<IdentificationBlock[]> {
  const rows = await database.administrative.run<Row>(LIST, [organismIds, LIFTED_SHOWN])
  return rows.map(present)
}

/** One block and whose it is; null when there is none, or it is not for this administrator. */
export async function readBlock(
  { database }: { database: Database },
  { organismIds }: Principal,
  blockId: string,
): Promise<{ personId: string; block: IdentificationBlock } | null> {
  const [row] = await database.administrative.run<Row>(READ, [organismIds, blockId])
  return row ? { personId: row.personId, block: present(row) } : null
}

function present({
  personId: _personId,
  names,
  blockedAt,
  liftedAt,
  liftedBy,
  reason,
  ...row
}: Row): IdentificationBlock {
  return {
    ...row,
    displayName: named(names),
    blockedAt: blockedAt.toISOString(),
    lifted: liftedAt ? { at: liftedAt.toISOString(), by: named(liftedBy), reason: reason ?? '' } : null,
  }
}

const named = (parts: (string | null)[]) => parts.filter(Boolean).join(' ')
