import { statement } from '../../platform/database/database.ts'
import { newId, reference as referenceOf } from '../../platform/identifiers.ts'
import { digestOf, once } from '../../platform/once.ts'
import { type Principal, traceActor } from '../../platform/sessions/principal.ts'
import { entry, traceCte, traceValues } from '../../platform/trace/trace.ts'
import type { Parts } from './parts.ts'
import { refuse } from './problems.ts'
import { newInquiryKey, sealContent } from './sealing.ts'

const SEND = statement(
  'contact.send',
  `with inquiry_ as (
     insert into contact.inquiry (inquiry_id, organism_id, person_id, activity_id, objet, state, key_id, data_key, sealed,
       found, sent_at, last_activity_at)
     values ($1, $2, $3, $4, $5, 'sent', $6, $7, $8, $9, $10, $10) returning inquiry_id),
   once_ as (
     insert into portal.idempotency (person_id, key, digest, result, created_at)
     select $3, $11, $12, jsonb_build_object('inquiryId', inquiry_id::text), $10 from inquiry_),
   ${traceCte(13, 'inquiry_')}
   select inquiry_id as "inquiryId" from inquiry_, lane_`,
)

/**
 * Sends a general message. The text is looked at first: a NIR is refused for good, what looks medical unless its author
 * says why it is sent all the same; nothing of a refused text is kept.
 * @throws Refusal `inquiry-nir`, `inquiry-medical` (both with `findings`), `objet-unknown`, `contact-organism-unknown`
 */
export async function sendInquiry(
  parts: Parts,
  principal: Principal,
  key: string,
  input: { organismId: string; objet: string; text: string; reason?: string | null },
): Promise<{ inquiryId: string; reference: string }> {
  const { database, vault, clock, organisms, reference, detector } = parts
  const organism = organisms.resolve(input.organismId)
  if (!organism)
    throw refuse('contact-organism-unknown', { faults: [fault('/organismId', 'contact-organism-unknown')] })
  const now = clock.now()
  if (!reference.offeredObjets(now).some(({ code }) => code === input.objet))
    throw refuse('objet-unknown', { faults: [fault('/objet', 'objet-unknown')] })

  const findings = detector.find(input.text)
  const inReason = input.reason ? detector.find(input.reason) : []
  if ([...findings, ...inReason].some(({ kind }) => kind === 'nir'))
    throw refuse('inquiry-nir', { extra: { findings } })
  const reason = input.reason?.trim() || null
  if (findings.length > 0 && !reason) throw refuse('inquiry-medical', { extra: { findings } })

  const inquiryId = newId()
  const dataKey = await newInquiryKey(vault, organism.organismId, inquiryId)
  // A reason is kept only when there was something to give one for.
  const content = { text: input.text, reason: findings.length > 0 ? reason : null }
  const kinds = [...new Set(findings.map(({ kind }) => kind))]
  const digest = await digestOf(vault, 'sendInquiry', input)
  const result = await once<{ inquiryId: string }, { inquiryId: string }>(
    database.administrative,
    { personId: principal.personId, key, digest },
    () =>
      database.administrative.run(SEND, [
        inquiryId,
        organism.organismId,
        principal.personId,
        principal.activityId,
        input.objet,
        dataKey.keyId,
        dataKey.wrapped,
        sealContent(vault, dataKey, organism.organismId, inquiryId, content),
        kinds,
        now,
        key,
        digest,
        ...traceValues(
          entry(clock, organism.organismId, traceActor(principal), {
            type: 'inquiry.sent',
            inquiry: inquiryId,
            objet: input.objet,
            flagged: kinds,
          }),
        ),
      ]),
  )
  const { inquiryId: sent } = 'done' in result ? result.done : 'earlier' in result ? result.earlier : { inquiryId }
  return { inquiryId: sent, reference: referenceOf(sent) }
}

const DETAILS: Record<string, string> = {
  'contact-organism-unknown': 'Choisissez un organisme de la liste.',
  'objet-unknown': 'Choisissez un objet de la liste.',
}
const fault = (pointer: string, code: string) => ({ pointer, code, detail: DETAILS[code] ?? '' })
