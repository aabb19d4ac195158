import { statement } from '../../platform/database/database.ts'
import { newId } from '../../platform/identifiers.ts'
import { digestOf, once } from '../../platform/once.ts'
import { holds } from '../../platform/sessions/holds.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, traceCte, traceValues, withFact } from '../../platform/trace/trace.ts'
import type { PatientIdentity } from '../patients/contract.ts'
import { tellAgain } from './access.ts'
import { draftHeld, keepers } from './drafts-held.ts'
import { offeredAt } from './list-motifs.ts'
import { authorRole, roleWritten } from './names.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { readStoredDraft } from './read-draft.ts'
import { opened } from './rules.ts'
import { sealBody, sealHeader } from './sealing.ts'

export type OpenInput = {
  patientId?: string | null
  motif: string
  subject: string
  text: string
  practiceBoxId?: string | null
  draftId?: string | null
}

// Who may is asked here: the person must hold, now, the box of their side; the motif must be one that is offered.
const OPEN = statement(
  'exchanges.open',
  `with boxes_ as (
     select pb.box_id as practice_box, db.box_id as desk_box, a.person_id as practitioner
     from portal.box pb join portal.activity a using (activity_id)
     cross join portal.box db
     where pb.box_id = $3 and db.organism_id = $1 and db.kind = 'desk'
       and exists (select from portal.box_holder h
         where h.box_id = case $5::text when 'practice' then pb.box_id else db.box_id end
           and ${holds({ person: '$4', at: '$6', boxes: '$22', scope: 'send', motif: '$7' })})
       and exists (select from portal.motif m where m.code = $7 and ${offeredAt('$6')})),
   exchange_ as (
     insert into medical.exchange (organism_id, exchange_id, practice_box, desk_box, practitioner, nir_index,
       beneficiary_index, motif, state, awaits, key_id, data_key, header, messages, opened_at, last_activity_at,
       noticed_at, notice_id)
     select $1, $2, practice_box, desk_box, practitioner, $8, $9, $7, $10, $11, $12, $13, $14, 1, $6, $6,
       case $5::text when 'desk' then $6::timestamptz end, case $5::text when 'desk' then $19::uuid end
     from boxes_ returning practice_box, desk_box, practitioner),
   draft_ as (
     delete from medical.draft d using exchange_ x where d.draft_id = $18
       and ${draftHeld({ person: '$4', at: '$6', boxes: '$22', keepers: '$23' })}
     returning nullif(d.prepared_by, $4) as prepared_by),
   message_ as (
     insert into medical.message (organism_id, exchange_id, seq, message_id, side, author, author_role, body, sent_at,
       prepared_by, on_behalf_of)
     select $1, $2, 1, $15, $5, $4, ${authorRole('$4', '$5', '$16', 'practice_box')}, $17, $6, draft_.prepared_by, $24
     from exchange_ left join draft_ on true),
   entries_ as (
     insert into medical.box_entry (box_id, exchange_id, organism_id, side, folder, unread, last_activity_at)
     select t.box_id, $2, $1, t.side, case when t.side = $5 then 'waiting' else 'todo' end, t.side <> $5, $6
     from exchange_ x cross join lateral (values (x.practice_box, 'practice'), (x.desk_box, 'desk')) as t (box_id, side)),
   notice_ as (
     insert into portal.outbox (outbox_id, kind, person_id, exchange_id, created_at, due_at)
     select $19, 'exchange', x.practitioner, $2, $6, $6 from exchange_ x where $5::text = 'desk'),
   once_ as (
     insert into portal.idempotency (person_id, key, digest, result, created_at)
     select $4, $20, $21, jsonb_build_object('exchangeId', $2::uuid::text), $6 from exchange_),
   event_ as (select ${withFact(25, 'preparedBy', '(select prepared_by from draft_)')} as text),
   ${traceCte(25, 'exchange_', '(select text from event_)')}
   select x.practice_box, x.desk_box from exchange_ x, lane_`,
)

const MOTIF_HELD = statement(
  'exchanges.open-motif-held',
  `select 1 from portal.box_holder h
   where ${holds({ person: '$1', at: '$2', boxes: '$3', scope: 'send', motif: '$4::text' })} limit 1`,
)

const DIAGNOSE = statement(
  'exchanges.open-diagnose',
  `select exists (select from portal.motif m where m.code = $1 and ${offeredAt('$4')}) as motif,
     exists (select from portal.box where organism_id = $2 and kind = 'desk') as desk,
     exists (select from portal.box where box_id = $3 and kind = 'practice') as practice`,
)

/**
 * Opens an exchange with its first message, in one statement.
 * @throws Refusal `patient-required`, `practitioner-required`, `motif-unknown`, `organism-not-served`,
 * `organism-not-yours`, `delegation-motif`
 */
export async function openExchange(
  parts: Parts,
  principal: Principal,
  key: string,
  input: OpenInput,
): Promise<{ exchangeId: string }> {
  const { database, vault, clock, live, outbox } = parts
  const side = principal.side === 'desk' ? 'desk' : 'practice'
  const digest = await digestOf(vault, 'openExchange', input)
  const who = { personId: principal.personId, key, digest }
  const patient = await patientOf(parts, principal, input)
  const practiceBox = side === 'practice' ? principal.practiceBox : input.practiceBoxId
  if (!practiceBox)
    throw refuse('practitioner-required', { faults: [fault('/practiceBoxId', 'practitioner-required')] })

  const result = await once<{ practice_box: string; desk_box: string }, { exchangeId: string }>(
    database.medical,
    who,
    async () => {
      // Without a patient there is nothing to write; a retry of what was sent from a draft still finds its answer.
      if (!patient) return []
      const organismId = patient.organism.organismId
      const exchangeId = newId()
      const messageId = newId()
      const dataKey = await vault.newDataKey('medical', organismId, exchangeId)
      const situation = opened(side)
      const rows = await database.medical.run<{ practice_box: string; desk_box: string }>(OPEN, [
        organismId,
        exchangeId,
        practiceBox,
        principal.personId,
        side,
        clock.now(),
        input.motif,
        await vault.index('medical', organismId, patient.nir13),
        await vault.index('medical', organismId, `${patient.nir13}/${patient.birthDate}/${patient.twinRank}`),
        situation.state,
        situation.awaits,
        dataKey.keyId,
        dataKey.wrapped,
        sealHeader(vault, dataKey, organismId, exchangeId, { subject: input.subject.trim(), patient }),
        messageId,
        roleWritten(principal),
        sealBody(vault, dataKey, organismId, exchangeId, messageId, input.text),
        input.draftId ?? null,
        newId(),
        key,
        digest,
        principal.boxes,
        keepers(principal),
        principal.onBehalfOf?.personId ?? null,
        ...traceValues(
          entry(clock, organismId, traceActor(principal), {
            type: 'exchange.opened',
            exchange: exchangeId,
            message: messageId,
            motif: input.motif,
          }),
        ),
      ])
      if (rows.length > 0)
        parts.known.remember({
          organism_id: organismId,
          exchange_id: exchangeId,
          key_id: dataKey.keyId,
          data_key: dataKey.wrapped,
        })
      return rows.map((row) => ({ ...row, exchangeId }))
    },
  )
  if ('done' in result) {
    const { practice_box, desk_box, exchangeId } = result.done as (typeof result)['done'] & { exchangeId: string }
    live.tell({ boxes: [practice_box, desk_box], exchangeId, motif: input.motif })
    if (side === 'desk') outbox.wake()
    return { exchangeId }
  }
  if ('earlier' in result) {
    await tellAgain(parts, principal, result.earlier.exchangeId)
    return result.earlier
  }
  if (!patient) throw refuse('patient-required')
  if (principal.onBehalfOf && !(await motifHeld(parts, principal, input.motif))) throw refuse('delegation-motif')
  throw await diagnose(parts, side, input.motif, patient.organism.organismId, practiceBox)
}

async function patientOf(parts: Parts, principal: Principal, input: OpenInput): Promise<PatientIdentity | null> {
  const inHand = input.patientId ? await parts.patients.readInHand(principal.personId, input.patientId) : null
  // A draft outlives the patient in hand it was begun with.
  if (inHand || !input.draftId) return inHand
  return (await readStoredDraft(parts, principal, input.draftId))?.patient ?? null
}

async function motifHeld({ database, clock }: Parts, { personId, boxes }: Principal, motif: string) {
  return (await database.medical.run(MOTIF_HELD, [personId, clock.now(), boxes, motif])).length > 0
}

async function diagnose(parts: Parts, side: string, motif: string, organismId: string, practiceBox: string) {
  const [found] = await parts.database.medical.run<{ motif: boolean; desk: boolean; practice: boolean }>(DIAGNOSE, [
    motif,
    organismId,
    practiceBox,
    parts.clock.now(),
  ])
  if (!found?.motif) return refuse('motif-unknown', { faults: [fault('/motif', 'motif-unknown')] })
  if (!found.desk) return refuse('organism-not-served')
  if (!found.practice)
    return refuse('practitioner-required', { faults: [fault('/practiceBoxId', 'practitioner-required')] })
  return refuse(side === 'desk' ? 'organism-not-yours' : 'practitioner-required')
}

const DETAILS: Record<string, string> = {
  'motif-unknown': 'Choisissez un motif de la liste.',
  'practitioner-required': 'Choisissez le praticien à qui vous écrivez.',
}
const fault = (pointer: string, code: string) => ({ pointer, code, detail: DETAILS[code] ?? '' })
