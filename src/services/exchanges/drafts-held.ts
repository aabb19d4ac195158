// Which drafts are a person's: on the practitioners' side, those kept in a box that they hold enough to write from; an
// adviser's own, as long as they hold the desk of the organisme that the draft is for.
import { holds } from '../../platform/sessions/holds.ts'
import type { Principal } from '../../platform/sessions/principal.ts'

/** Where the drafts of this person are kept: the boxes acted from, or themselves. */
export const keepers = ({ side, personId, boxes }: Pick<Principal, 'side' | 'personId' | 'boxes'>): string[] =>
  side === 'desk' ? [personId] : boxes

/**
 * SQL: draft `d` is theirs. A delegate for some motifs sees, of the drafts without a motif yet, those they began.
 * @param names of the parameters: the person, the moment, `Principal.boxes`, and what `keepers` gives
 */
export const draftHeld = (names: { person: string; at: string; boxes: string; keepers: string }): string =>
  `d.kept_in = any (${names.keepers}::uuid[]) and exists (
     select from portal.box_holder h join portal.box hb using (box_id)
     where (h.box_id = d.kept_in or d.kept_in = ${names.person} and hb.organism_id = d.organism_id) and ${holds({
       ...names,
       scope: 'prepare',
       motif: `coalesce(d.motif, case when d.person_id = ${names.person} then h.motifs[1] end)`,
     })})`
