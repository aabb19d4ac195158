import { statement } from '../../platform/database/database.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, traceCte, traceValues } from '../../platform/trace/trace.ts'
import { AGENT } from './access.ts'
import type { InquiryState } from './contract.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { ALLOWED } from './rules.ts'
import { inquiryKey, newInquiryKey, openContent, type SealedInquiry, sealContent } from './sealing.ts'

const READ = statement(
  'contact.redirect-read',
  `select x.inquiry_id, x.organism_id, x.key_id, x.data_key, x.sealed from contact.inquiry x
   where x.inquiry_id = $2 and ${AGENT}`,
)
// Only what nobody has answered yet is passed on: the text is then the only thing sealed under the old key.
const REDIRECT = statement(
  'contact.redirect',
  `with inquiry_ as (
     update contact.inquiry x set organism_id = $4, redirected_from = x.organism_id, state = 'sent', taken_by = null,
       key_id = $5, data_key = $6, sealed = $7, last_activity_at = $8, news = true
     where x.inquiry_id = $2 and x.state = any ($3::text[]) and x.organism_id = $9 and x.answers = 0 and ${AGENT}
     returning x.state),
   ${traceCte(10, 'inquiry_')}
   select x.state from inquiry_ x, lane_`,
)

/**
 * Passes a general message on to another organisme, under that one's key; the agent reads it no more.
 * @throws Refusal `inquiry-not-found`, `inquiry-state`, `contact-organism-unknown` (unknown, or where it already is)
 */
export async function redirectInquiry(
  parts: Parts,
  principal: Principal,
  inquiryId: string,
  to: string,
): Promise<{ state: InquiryState; at: string }> {
  const { database, vault, clock, organisms } = parts
  const organism = organisms.resolve(to)
  const [row] = await database.administrative.run<SealedInquiry>(READ, [principal.personId, inquiryId])
  if (!row) throw refuse('inquiry-not-found')
  if (!organism || organism.organismId === row.organism_id)
    throw refuse('contact-organism-unknown', {
      faults: [
        {
          pointer: '/organismId',
          code: 'contact-organism-unknown',
          detail: 'Choisissez un autre organisme de la liste.',
        },
      ],
    })
  const content = openContent(vault, await inquiryKey(vault, row), row)
  const key = await newInquiryKey(vault, organism.organismId, inquiryId)
  const now = clock.now()
  const [done] = await database.administrative.run<{ state: InquiryState }>(REDIRECT, [
    principal.personId,
    inquiryId,
    ALLOWED.redirect,
    organism.organismId,
    key.keyId,
    key.wrapped,
    sealContent(vault, key, organism.organismId, inquiryId, content),
    now,
    row.organism_id,
    ...traceValues(
      entry(clock, row.organism_id, traceActor(principal), {
        type: 'inquiry.redirected',
        inquiry: inquiryId,
        to: organism.organismId,
      }),
    ),
  ])
  if (!done) throw refuse('inquiry-state')
  return { state: done.state, at: now.toISOString() }
}
