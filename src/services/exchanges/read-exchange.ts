import { statement } from '../../platform/database/database.ts'
import { reference } from '../../platform/identifiers.ts'
import { personName } from '../../platform/person-name.ts'
import { covers, type Scope } from '../../platform/sessions/holds.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, traceCte, traceValues } from '../../platform/trace/trace.ts'
import { held, ONE_EXCHANGE, refuseAccess } from './access.ts'
import type { Exchange, ExchangePatient } from './contract.ts'
import type { Side } from './limits.ts'
import type { Parts } from './parts.ts'
import { type Awaits, may, type State } from './rules.ts'
import { exchangeKey, openBody, openHeader, type SealedExchange } from './sealing.ts'
import { openDraftContent } from './sealing-drafts.ts'

const LAST = 200

type Row = SealedExchange & {
  side: Side
  scope: Scope
  motif: string
  motif_label: string
  state: State
  awaits: Awaits
  opened_at: Date
  last_activity_at: Date
  closed_at: Date | null
  messages: number
  practitioner_name: string
  profession: string
  speciality: string
  place: string
  address: string
  organism: string
  notice: Exchange['notice']
  seqs: number[]
  message_ids: string[]
  sides: Side[]
  authors: string[]
  author_names: string[]
  author_roles: string[]
  bodies: Buffer[]
  sent: Date[]
  read: (Date | null)[]
  readers: (string | null)[]
  read_for_holder: (boolean | null)[]
  preparers: (string | null)[]
  holders: (string | null)[]
  draft_id: string | null
  draft_person: string
  draft_prepared_by: string | null
  draft_key_id: string
  draft_data_key: Buffer
  draft_sealed: Buffer
  draft_version: number
  draft_updated_at: Date
}

/** SQL: how the practitioner of exchange `x` was told; `w` is their person. A notice no longer kept was sent. */
export const NOTICE = `case when x.notice_id is null then 'none'
  else coalesce((select case when n.done_at is not null then 'sent' when w.email is null then 'noAddress' else 'pending' end
        from portal.outbox n where n.outbox_id = x.notice_id), 'sent') end`

// Everything in one look: the right, the header, the last messages with their authors, the draft of an answer.
const READ = statement(
  'exchanges.read',
  `select x.organism_id, x.exchange_id, x.key_id, x.data_key, x.header, e.side, held_.scope,
     x.motif, m.label as motif_label, x.state, x.awaits, x.opened_at, x.last_activity_at, x.closed_at, x.messages,
     ${personName('w')} as practitioner_name, a.profession, a.speciality, a.name as place,
     concat_ws(', ', nullif(a.address_line, ''), nullif(a.city, '')) as address, o.name as organism, ${NOTICE} as notice,
     t.*, d.draft_id, d.person_id as draft_person, ${personName('q')} as draft_prepared_by, d.key_id as draft_key_id, d.data_key as draft_data_key, d.sealed as draft_sealed,
     d.version as draft_version, d.updated_at as draft_updated_at
   from ${held('read')}
   join portal.person w on w.person_id = x.practitioner
   join portal.box b on b.box_id = x.practice_box
   join portal.activity a using (activity_id)
   join portal.organism o on o.organism_id = x.organism_id
   join portal.motif m on m.code = x.motif
   left join medical.draft d on d.exchange_id = x.exchange_id and held_.scope >= 'prepare'
     and d.kept_in = case e.side when 'practice' then x.practice_box else $1 end
   left join portal.person q on q.person_id = d.prepared_by and q.person_id <> $1
   cross join lateral (
     select array_agg(l.seq order by l.seq) as seqs, array_agg(l.message_id::text order by l.seq) as message_ids,
       array_agg(l.side order by l.seq) as sides, array_agg(l.author::text order by l.seq) as authors,
       array_agg(${personName('p')} order by l.seq) as author_names, array_agg(l.author_role order by l.seq) as author_roles,
       array_agg(l.body order by l.seq) as bodies, array_agg(l.sent_at order by l.seq) as sent,
       array_agg(l.read_at order by l.seq) as read, array_agg(${personName('r')} order by l.seq) as readers,
       array_agg(l.side = 'desk' and r.person_id <> x.practitioner order by l.seq) as read_for_holder,
       array_agg(${personName('b')} order by l.seq) as preparers, array_agg(${personName('o')} order by l.seq) as holders
     from (select * from medical.message l where l.organism_id = x.organism_id and l.exchange_id = x.exchange_id
       and l.seq < $5 order by l.seq desc limit ${LAST}) as l
     join portal.person p on p.person_id = l.author
     left join portal.person r on r.person_id = l.read_by
     left join portal.person b on b.person_id = l.prepared_by
     left join portal.person o on o.person_id = l.on_behalf_of) as t
   where ${ONE_EXCHANGE}`,
)

// Reading is an act: the first reading of each message, the end of « unread », the notice answered, the trace.
const MARK = statement(
  'exchanges.mark-read',
  `with exchange_ as (
     update medical.exchange x set noticed_at = case $4::text when 'practice' then null else x.noticed_at end
     where x.organism_id = $1 and x.exchange_id = $2
     returning case $4::text when 'practice' then x.practice_box else x.desk_box end as box_id, x.messages, x.motif),
   messages_ as (
     update medical.message m set read_at = $5, read_by = $3 from exchange_
     where m.organism_id = $1 and m.exchange_id = $2 and m.side <> $4 and m.read_at is null and m.seq <= $6 returning 1),
   entries_ as (
     update medical.box_entry e set unread = false from exchange_ x
     where e.box_id = x.box_id and e.exchange_id = $2 and e.unread and x.messages = $6 returning 1),
   ${traceCte(7, 'exchange_')}
   select (select count(*) from messages_)::int as newly, (select count(*) from entries_)::int as entries,
     x.box_id, x.motif, (select practice_box from medical.exchange where organism_id = $1 and exchange_id = $2) as practice_box,
     (select desk_box from medical.exchange where organism_id = $1 and exchange_id = $2) as desk_box
   from exchange_ x, lane_`,
)

/**
 * Reads an exchange, oldest message first.
 * @param before messages before this number only, to page back
 * @throws Refusal `exchange-not-found`
 */
export async function readExchange(
  parts: Parts,
  principal: Principal,
  exchangeId: string,
  before?: number,
): Promise<Exchange> {
  const { database, vault, clock, live, patients } = parts
  const now = clock.now()
  const [row] = await database.medical.run<Row>(READ, [
    principal.personId,
    exchangeId,
    now,
    principal.boxes,
    before ?? 2_147_483_647,
  ])
  if (!row) throw await refuseAccess(parts, principal, exchangeId, 'read')
  const key = await exchangeKey(vault, row)
  const { subject, patient } = openHeader(vault, key, row)
  const draft = await draftOf(parts, row)
  const upTo = row.seqs?.at(-1) ?? 0

  const [mark] = await database.medical.run<{
    newly: number
    entries: number
    practice_box: string
    desk_box: string
    motif: string
  }>(MARK, [
    row.organism_id,
    exchangeId,
    principal.personId,
    row.side,
    now,
    upTo,
    ...traceValues(
      entry(clock, row.organism_id, traceActor(principal), { type: 'exchange.read', exchange: exchangeId, upTo }),
    ),
  ])
  // The other side sees « lu », and one's own counters go down.
  if (mark && (mark.newly > 0 || mark.entries > 0))
    live.tell({ boxes: [mark.practice_box, mark.desk_box], exchangeId, motif: mark.motif })

  const { patientId: _none, ...banner } = patients.banner('', patient)
  const messages = (row.seqs ?? []).map((seq, i): Exchange['messages'][number] => ({
    messageId: row.message_ids[i]!,
    seq,
    side: row.sides[i]!,
    mine: row.authors[i] === principal.personId,
    author: { displayName: row.author_names[i]!, role: row.author_roles[i]! },
    preparedBy: row.preparers[i] ?? null,
    onBehalfOf: row.holders[i] ?? null,
    text: openBody(vault, key, row.organism_id, exchangeId, row.message_ids[i]!, row.bodies[i]!),
    sentAt: row.sent[i]!.toISOString(),
    readAt: row.read[i]?.toISOString() ?? null,
    readBy: row.readers[i] ?? null,
    readForHolder: row.read_for_holder[i] ?? false,
  }))
  return {
    exchangeId,
    reference: reference(exchangeId),
    motif: { code: row.motif, label: row.motif_label },
    subject,
    patient: banner satisfies ExchangePatient,
    practitioner: {
      displayName: row.practitioner_name,
      profession: row.speciality ? `${row.profession}, ${row.speciality}` : row.profession,
      place: row.place,
      address: row.address,
    },
    organism: row.organism,
    side: row.side,
    state: row.state,
    awaits: row.awaits,
    openedAt: row.opened_at.toISOString(),
    since: row.last_activity_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
    notice: row.notice,
    messages,
    earlier: (row.seqs?.[0] ?? 1) > 1,
    draft,
    may: {
      answer: may(row, 'write', row.side) && covers(row.scope, 'prepare'),
      send: may(row, 'write', row.side) && covers(row.scope, 'send'),
      close: may(row, 'close', row.side),
    },
  }
}

async function draftOf({ vault }: Parts, row: Row): Promise<Exchange['draft']> {
  if (!row.draft_id) return null
  const content = await openDraftContent(vault, {
    draft_id: row.draft_id,
    person_id: row.draft_person,
    organism_id: row.organism_id,
    key_id: row.draft_key_id,
    data_key: row.draft_data_key,
    sealed: row.draft_sealed,
  })
  return {
    draftId: row.draft_id,
    version: row.draft_version,
    text: content.text,
    updatedAt: row.draft_updated_at.toISOString(),
    preparedBy: row.draft_prepared_by,
  }
}
