import type { Runner } from '../../platform/database/database.ts'
import { statement } from '../../platform/database/database.ts'
import { newId } from '../../platform/identifiers.ts'
import type { Reference } from './reference.ts'

/** Under this name the loaded content is remembered in portal.reference_load. */
export const LOAD_NAME = 'reference'

// One statement, so that nobody ever sees half of a referential. Rows are never deleted: old exchanges name them.
const LOAD = statement(
  'organisms.load',
  `with regimes_ as (
    insert into portal.regime (regime_code, label, full_name, status)
    select "regimeCode", label, "fullName", status
    from jsonb_to_recordset($1::jsonb) as r ("regimeCode" text, label text, "fullName" text, status text)
    on conflict (regime_code) do update
      set label = excluded.label, full_name = excluded.full_name, status = excluded.status
  ), organisms_ as (
    insert into portal.organism
      (organism_id, regime_code, caisse_code, name, departement, type, status, successor_id)
    select "organismId", "regimeCode", "caisseCode", name, departement, type, status, "successorId"
    from jsonb_to_recordset($2::jsonb) as o ("organismId" text, "regimeCode" text, "caisseCode" text, name text,
      departement text, type text, status text, "successorId" text)
    on conflict (organism_id) do update
      set name = excluded.name, departement = excluded.departement, type = excluded.type, status = excluded.status,
        successor_id = excluded.successor_id
  ), desks_ as (
    insert into portal.box (box_id, kind, organism_id)
    select "boxId", 'desk', "organismId" from jsonb_to_recordset($3::jsonb) as d ("boxId" uuid, "organismId" text)
    on conflict (organism_id) where kind = 'desk' do nothing
  ), motifs_ as (
    insert into portal.motif (code, label, position, offered, valid_from, valid_to)
    select code, label, position, offered, "validFrom", "validTo"
    from jsonb_to_recordset($4::jsonb) as m (code text, label text, position smallint, offered boolean,
      "validFrom" date, "validTo" date)
    on conflict (code) do update
      set label = excluded.label, position = excluded.position, offered = excluded.offered,
        valid_from = excluded.valid_from, valid_to = excluded.valid_to
  ), gone_ as (
    update portal.motif set offered = false
    where offered and code not in (select code from jsonb_to_recordset($4::jsonb) as m (code text))
  )
  insert into portal.reference_load (name, digest, loaded_at) values ($5, $6, $7)
  on conflict (name) do update set digest = excluded.digest, loaded_at = excluded.loaded_at`,
)

/** Writes the reference files into the database, and makes the desk of each active organisme that has none. */
export async function loadReference(administrative: Runner, reference: Reference, now: Date): Promise<void> {
  const desks = reference.organisms
    .filter((organism) => organism.hasDesk)
    .map(({ organismId }) => ({ boxId: newId(), organismId }))
  await administrative.run(LOAD, [
    JSON.stringify(reference.regimes),
    JSON.stringify(reference.organisms),
    JSON.stringify(desks),
    JSON.stringify(reference.motifs.map((motif, position) => ({ ...motif, position }))),
    LOAD_NAME,
    reference.digest,
    now,
  ])
}
