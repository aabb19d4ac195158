// The reference files as the database wants them. Pure but for reading the files, so that what they say can be tested.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Admission } from './contract.ts'
import { readCsv } from './csv.ts'

export type Regime = { regimeCode: string; label: string; fullName: string; status: string }

export type Organism = {
  /** Régime and caisse, « 01-941 »; the régime alone when it has one caisse without a code. */
  organismId: string
  regimeCode: string
  caisseCode: string
  name: string
  departement: string
  type: string
  status: 'active' | 'active-2020' | 'historical' | 'alias'
  /** Who took over a merged caisse; null when nobody did, or when it is active. */
  successorId: string | null
  /** Whether its service médical has a desk here: active, and more than a national head. */
  hasDesk: boolean
}

const day = z.iso.date().nullable()
const Motifs = z.object({
  motifs: z.array(
    z.object({
      code: z.string().regex(/^[A-Z][A-Z-]{1,31}$/),
      label: z.string().min(1),
      validFrom: day,
      validTo: day,
      /** The legal clock of the motif (CSS L315-2); null when there is none. */
      clock: z
        .object({ days: z.int(), calendar: z.boolean(), from: z.string(), silence: z.string(), source: z.string() })
        .nullable(),
      offered: z.boolean(),
    }),
  ),
})
export type MotifEntry = z.infer<typeof Motifs>['motifs'][number]

const Told = z.object({ refusal: z.string().min(1), way: z.string().min(1) })
const Admissions = z.object({
  services: z.array(
    Told.extend({
      service: z.enum(['identification', 'exchanges']),
      name: z.string().min(1),
      professions: z.array(z.object({ code: z.string().min(1), label: z.string() })),
      employee: Told,
    }),
  ),
})

export type Reference = {
  regimes: Regime[]
  organisms: Organism[]
  motifs: MotifEntry[]
  /** Whom each service is open to. */
  admissions: Admission[]
  /** Of the files' content: tells whether they must be loaded again. */
  digest: string
}

/** What changes the rows without changing the files: raise it with the code below. */
const READER = '1'

const FOLDER = join(import.meta.dirname, '../../../data/reference')
const FILES = ['regimes.csv', 'organisms.csv', 'motifs.json', 'admitted-professions.json']

/** @throws Error when a file is missing or says something that cannot be. */
export async function readReference(folder = FOLDER): Promise<Reference> {
  const [regimes, organisms, motifs, professions] = await Promise.all(
    FILES.map((name) => readFile(join(folder, name), 'utf8')),
  )
  const digest = createHash('sha256').update([READER, regimes, organisms, motifs, professions].join('\0')).digest('hex')
  return {
    regimes: readRegimes(regimes!),
    organisms: readOrganisms(organisms!),
    motifs: Motifs.parse(JSON.parse(motifs!)).motifs,
    admissions: readAdmissions(professions!),
    digest,
  }
}

/** @throws Error when a service is missing or stands twice */
export function readAdmissions(json: string): Admission[] {
  const admissions = Admissions.parse(JSON.parse(json)).services.map(({ professions, ...told }) => ({
    ...told,
    professions: new Map(professions.map(({ code, label }) => [code, label])),
  }))
  const named = admissions.map(({ service }) => service).toSorted()
  if (named.join() !== 'exchanges,identification') throw new Error(`services of admitted-professions.json: ${named}`)
  return admissions
}

export function readRegimes(csv: string): Regime[] {
  return readCsv(csv).map((row) => ({
    regimeCode: row.regime_code!,
    label: typographic(row.label_portal!),
    fullName: typographic(row.full_name!),
    status: row.status!,
  }))
}

/**
 * Organismes with their successors. The key is the pair (régime, caisse): 941 is a CPAM in régime 01 and an MSA in 02.
 * @throws Error when a successor does not exist, or when successors go round in a circle
 */
export function readOrganisms(csv: string): Organism[] {
  const organisms = readCsv(csv).map((row) => {
    const { regime_code: regimeCode, caisse_code: caisseCode, status, note } = row as Record<string, string>
    if (!/^(active|active-2020|historical|alias)$/.test(status!)) throw new Error(`unknown status: ${status}`)
    const active = status!.startsWith('active')
    return {
      organismId: organismIdOf(regimeCode!, caisseCode!),
      regimeCode: regimeCode!,
      caisseCode: caisseCode!,
      name: typographic(row.name!),
      departement: row.departement!,
      type: row.type!,
      status: status as Organism['status'],
      successorId: active ? null : successorOf(regimeCode!, note!),
      hasDesk: active && !note!.includes('not a desk'),
    }
  })
  const known = new Map(organisms.map((organism) => [organism.organismId, organism]))
  if (known.size !== organisms.length) throw new Error('an organisme stands twice in the file')
  for (const organism of organisms) followSuccessors(known, organism.organismId)
  return organisms
}

export function organismIdOf(regimeCode: string, caisseCode: string): string {
  return caisseCode === '' ? regimeCode : `${regimeCode}-${caisseCode}`
}

/** « merged, successor 021 », « merged, successor 01/331 », « see 10/980 ». */
function successorOf(regimeCode: string, note: string): string | null {
  const match = /\b(?:successor|see) (?:(\d{2})\/)?(\w{3})\b/.exec(note)
  return match ? organismIdOf(match[1] ?? regimeCode, match[2]!) : null
}

/**
 * The last of a chain of successors; undefined for an organisme that is not known.
 * @throws Error on a successor that is not known, or a circle
 */
export function followSuccessors<O extends { organismId: string; successorId: string | null }>(
  known: ReadonlyMap<string, O>,
  organismId: string,
): O | undefined {
  let organism = known.get(organismId)
  const seen = new Set<string>()
  while (organism?.successorId) {
    if (seen.has(organism.organismId)) throw new Error(`successors of ${organismId} go round in a circle`)
    seen.add(organism.organismId)
    const next = known.get(organism.successorId)
    if (!next) throw new Error(`successor ${organism.successorId} of ${organism.organismId} is not known`)
    organism = next
  }
  return organism
}

/** The files are typed with straight apostrophes; what people read has curved ones. */
const typographic = (text: string) => text.replaceAll("'", '’')
