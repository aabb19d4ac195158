// Régimes, organismes and motifs: loaded at start when the files changed, then looked up in memory.
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/database.ts'
import { statement } from '../../platform/database/database.ts'
import type { MotifRow, OrganismRow, Organisms, RegimeRow } from './contract.ts'
import { LOAD_NAME, loadReference } from './load.ts'
import { followSuccessors, readReference } from './reference.ts'

export type { Organisms } from './contract.ts'

type Stored = { digest: string | null; regimes: RegimeRow[]; organisms: OrganismRow[]; motifs: MotifRow[] }

const READ = statement(
  'organisms.read',
  `select
    (select digest from portal.reference_load where name = $1) as digest,
    (select coalesce(jsonb_agg(jsonb_build_object('regimeCode', regime_code, 'label', label, 'fullName', full_name,
      'status', status) order by regime_code), '[]') from portal.regime) as regimes,
    (select coalesce(jsonb_agg(jsonb_build_object('organismId', o.organism_id, 'regimeCode', o.regime_code,
      'caisseCode', o.caisse_code, 'name', o.name, 'departement', o.departement, 'type', o.type, 'status', o.status,
      'successorId', o.successor_id, 'deskBoxId', b.box_id) order by o.organism_id), '[]')
      from portal.organism as o left join portal.box as b on b.kind = 'desk' and b.organism_id = o.organism_id
    ) as organisms,
    (select coalesce(jsonb_agg(jsonb_build_object('code', code, 'label', label, 'offered', offered,
      'validFrom', valid_from, 'validTo', valid_to) order by position), '[]') from portal.motif) as motifs`,
)

/** Loads what must be loaded (one statement when nothing changed, three when it did) and gives the look-ups. */
export async function createOrganisms(platform: { database: Database; clock: Clock }): Promise<Organisms> {
  const { administrative } = platform.database
  const read = async () => (await administrative.run<Stored>(READ, [LOAD_NAME]))[0]!
  const reference = await readReference()
  let stored = await read()
  if (stored.digest !== reference.digest) {
    await loadReference(administrative, reference, platform.clock.now())
    stored = await read()
  }
  const regimes = new Map(stored.regimes.map((row) => [row.regimeCode, row]))
  const organisms = new Map(stored.organisms.map((row) => [row.organismId, row]))
  const motifs = new Map(stored.motifs.map((row) => [row.code, row]))
  return {
    regime: (code) => regimes.get(code),
    organism: (organismId) => organisms.get(organismId),
    resolve(organismId) {
      const found = followSuccessors(organisms, organismId)
      if (!found?.deskBoxId || !found.status.startsWith('active')) return undefined
      return { ...found, deskBoxId: found.deskBoxId }
    },
    all: () => stored.organisms,
    motif: (code) => motifs.get(code),
    offeredMotifs(now) {
      const today = parisDay(now)
      return stored.motifs.filter(
        (motif) =>
          motif.offered &&
          (motif.validFrom === null || motif.validFrom <= today) &&
          (motif.validTo === null || today <= motif.validTo),
      )
    },
    admissions: reference.admissions,
    servicesOf: (code) =>
      reference.admissions.filter(({ professions }) => professions.has(code)).map(({ service }) => service),
  }
}

/** The day people in France read on the calendar, « 2026-11-23 ». */
const PARIS = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' })
const parisDay = (now: Date) => PARIS.format(now)
