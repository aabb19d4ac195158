import { statement } from '../../platform/database/database.ts'
import { reference as referenceOf } from '../../platform/identifiers.ts'
import { cursorOf, readCursor } from '../../platform/keyset.ts'
import type { Principal } from '../../platform/sessions/principal.ts'
import type { InquiryRow, InquiryState } from './contract.ts'
import { INQUIRY_PAGE } from './limits.ts'
import { objetName, organismName } from './names.ts'
import type { Parts } from './parts.ts'

export type Row = {
  inquiry_id: string
  organism_id: string
  objet: string
  state: InquiryState
  news: boolean
  sent_at: Date
  last_activity_at: Date
}

const LIST = statement(
  'contact.list-own',
  `select inquiry_id, organism_id, objet, state, news, sent_at, last_activity_at from contact.inquiry
   where person_id = $1 and (last_activity_at, inquiry_id) < ($2::timestamptz, $3::uuid)
   order by last_activity_at desc, inquiry_id desc limit ${INQUIRY_PAGE + 1}`,
)

/** One page of a person's own general messages, newest first. */
export async function listInquiries(
  parts: Pick<Parts, 'database' | 'organisms' | 'reference'>,
  principal: Principal,
  cursor?: string,
): Promise<{ rows: InquiryRow[]; next: string | null }> {
  const from = readCursor(cursor, 'last')
  const found = await parts.database.administrative.run<Row>(LIST, [principal.personId, from.at, from.id])
  const page = found.slice(0, INQUIRY_PAGE)
  const last = found.length > INQUIRY_PAGE ? page.at(-1) : undefined
  return {
    rows: page.map((row) => presentRow(parts, row)),
    next: last ? cursorOf(last.last_activity_at, last.inquiry_id) : null,
  }
}

export function presentRow({ organisms, reference }: Pick<Parts, 'organisms' | 'reference'>, row: Row): InquiryRow {
  return {
    inquiryId: row.inquiry_id,
    reference: referenceOf(row.inquiry_id),
    organism: organismName(organisms, row.organism_id),
    objet: objetName(reference, row.objet),
    state: row.state,
    news: row.news,
    sentAt: row.sent_at.toISOString(),
    since: row.last_activity_at.toISOString(),
  }
}
