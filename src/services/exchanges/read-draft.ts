import { statement } from '../../platform/database/database.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { PatientIdentity } from '../patients/contract.ts'
import type { DraftContent } from './content.ts'
import type { Draft } from './contract.ts'
import { type Counters, countExchanges } from './list-exchanges.ts'
import { personName } from './names.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { openDraftContent, openDraftPatient, type SealedDraft } from './sealing-drafts.ts'

type Row = SealedDraft & { exchange_id: string | null; patient: Buffer; version: number; updated_at: Date }
export type StoredDraft = {
  draftId: string
  version: number
  exchangeId: string | null
  organismId: string
  patient: PatientIdentity
  content: DraftContent
  updatedAt: Date
}

const COLUMNS = 'draft_id, person_id, organism_id, exchange_id, key_id, data_key, patient, sealed, version, updated_at'
const ONE = statement('drafts.read', `select ${COLUMNS} from medical.draft where draft_id = $1 and person_id = $2`)
const ALL = statement(
  'drafts.list',
  `select ${COLUMNS} from medical.draft where person_id = $1 order by updated_at desc limit 200`,
)
const LABELS = statement(
  'drafts.labels',
  `select b.box_id, ${personName('p')} || ', ' || a.name as label
   from portal.box b join portal.activity a using (activity_id) join portal.person p using (person_id)
   where b.box_id = any ($1::uuid[])`,
)

/** A draft of this person, opened; null when there is none. */
export async function readStoredDraft(
  parts: Parts,
  principal: Principal,
  draftId: string,
): Promise<StoredDraft | null> {
  const [row] = await parts.database.medical.run<Row>(ONE, [draftId, principal.personId])
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
  const rows = await parts.database.medical.run<Row>(ALL, [principal.personId])
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
      updatedAt: draft.updatedAt.toISOString(),
    }
  })
}
