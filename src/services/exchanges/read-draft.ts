import { statement } from '../../platform/database/database.ts'
import { personName } from '../../platform/person-name.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { PatientIdentity } from '../patients/contract.ts'
import type { DraftContent } from './content.ts'
import type { Draft } from './contract.ts'
import { draftHeld, keepers } from './drafts-held.ts'
import { type Counters, countExchanges } from './list-exchanges.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { openDraftContent, openDraftPatient, type SealedDraft } from './sealing-drafts.ts'

type Row = SealedDraft & {
  exchange_id: string | null
  patient: Buffer
  version: number
  prepared_by: string | null
  updated_at: Date
}
export type StoredDraft = {
  draftId: string
  version: number
  exchangeId: string | null
  organismId: string
  patient: PatientIdentity
  content: DraftContent
  preparedBy: string | null
  updatedAt: Date
}

const WHO = { person: '$1', at: '$2', boxes: '$3', keepers: '$4' }
const DRAFT = `select d.draft_id, d.person_id, d.organism_id, d.exchange_id, d.key_id, d.data_key, d.patient, d.sealed, d.version,
  d.updated_at, ${personName('q')} as prepared_by
  from medical.draft d left join portal.person q on q.person_id = d.prepared_by and q.person_id <> $1
  where ${draftHeld(WHO)}`
const ONE = statement('drafts.read', `${DRAFT} and d.draft_id = $5`)
const ALL = statement('drafts.list', `${DRAFT} order by d.updated_at desc limit 200`)

/** The first four parameters of statements that ask `draftHeld`. */
export const draftHolder = ({ clock }: Parts, principal: Principal, now = clock.now()): unknown[] => [
  principal.personId,
  now,
  principal.boxes,
  keepers(principal),
]
const LABELS = statement(
  'drafts.labels',
  `select b.box_id, ${personName('p')} || ', ' || a.name as label
   from portal.box b join portal.activity a using (activity_id) join portal.person p using (person_id)
   where b.box_id = any ($1::uuid[])`,
)

/** A draft of this person, or of the box they act from, opened; null when there is none. */
export async function readStoredDraft(
  parts: Parts,
  principal: Principal,
  draftId: string,
): Promise<StoredDraft | null> {
  const [row] = await parts.database.medical.run<Row>(ONE, [...draftHolder(parts, principal), draftId])
  return row ? open(parts, row) : null
}

/** @throws Refusal `draft-not-found` */
export async function readDraft(parts: Parts, principal: Principal, draftId: string): Promise<Draft> {
  const draft = await readStoredDraft(parts, principal, draftId)
  if (!draft) throw refuse('draft-not-found')
  const [presented] = await present(parts, principal, [draft])
  return presented!
}

/** The person's drafts, newest first, with the counters of the folders. */
export async function listDrafts(parts: Parts, principal: Principal): Promise<{ drafts: Draft[]; counters: Counters }> {
  const rows = await parts.database.medical.run<Row>(ALL, draftHolder(parts, principal))
  const drafts = await present(parts, principal, await Promise.all(rows.map((row) => open(parts, row))))
  return { drafts, counters: await countExchanges(parts, principal) }
}

async function open({ vault }: Parts, row: Row): Promise<StoredDraft> {
  return {
    draftId: row.draft_id,
    version: row.version,
    exchangeId: row.exchange_id,
    organismId: row.organism_id,
    patient: await openDraftPatient(vault, row),
    content: await openDraftContent(vault, row),
    preparedBy: row.prepared_by,
    updatedAt: row.updated_at,
  }
}

async function present({ database, patients }: Parts, principal: Principal, drafts: StoredDraft[]): Promise<Draft[]> {
  // Practitioners are found from the service médical only: to a practitioner, the box of another has no name.
  const boxes = principal.side === 'desk' ? drafts.flatMap(({ content }) => content.practiceBoxId ?? []) : []
  const labels = new Map<string, string>()
  if (boxes.length > 0)
    for (const row of await database.medical.run<{ box_id: string; label: string }>(LABELS, [boxes]))
      labels.set(row.box_id, row.label)
  return drafts.map((draft) => {
    const { patientId: _none, ...patient } = patients.banner('', draft.patient)
    return {
      draftId: draft.draftId,
      version: draft.version,
      exchangeId: draft.exchangeId,
      patient,
      content: draft.content,
      practitionerLabel: labels.get(draft.content.practiceBoxId ?? '') ?? null,
      preparedBy: draft.preparedBy,
      updatedAt: draft.updatedAt.toISOString(),
    }
  })
}
