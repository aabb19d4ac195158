// How people are named on screen.
import type { Principal } from '../../platform/sessions/principal.ts'

/** Roles of the service médical (DOMAIN.md part 1.5). */
const DESK_ROLES: Record<string, string> = {
  medecin_conseil: 'Médecin-conseil',
  chirurgien_dentiste_conseil: 'Chirurgien-dentiste-conseil',
  pharmacien_conseil: 'Pharmacien-conseil',
  infirmier_service_medical: 'Infirmier du service médical',
  agent_triage: 'Agent de triage du service médical',
  chef_service: 'Médecin-conseil chef de service',
}
export const deskRole = (role: string): string => DESK_ROLES[role] ?? 'Service médical'

/** Beside the profession of whoever writes from somebody else's box. */
const CAPACITIES = { delegate: ', par délégation', locum: ', remplaçant' }

/** The role a message is signed with: that of the desk, or what is added to a practitioner's profession. */
export function roleWritten({ side, role, onBehalfOf }: Principal): string {
  if (side === 'desk') return deskRole(role)
  return onBehalfOf ? CAPACITIES[onBehalfOf.capacity] : ''
}

/**
 * SQL: the role under a message of `person`; `written` is what `roleWritten` gives. At a place of their own it is the
 * profession practised there, which may be another than elsewhere.
 */
export const authorRole = (person: string, side: string, written: string, practiceBox: string): string =>
  `case ${side}::text when 'desk' then ${written}::text else
     coalesce(
       (select nullif(a.profession, '') from portal.box b join portal.activity a using (activity_id)
        where b.box_id = ${practiceBox} and a.person_id = ${person}),
       (select nullif(profession, '') from portal.person where person_id = ${person}),
       'Personnel de la structure')
     || ${written}::text end`
