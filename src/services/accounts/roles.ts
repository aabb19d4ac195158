// What an insurer's identity provider asserts of a person → the one role they act in here, or why there is none.
import { DESK_ROLES, OFFICE_ROLES, STAFF_ROLES, type StaffRoleName } from '../../platform/sessions/staff-roles.ts'

const LABELS: Record<StaffRoleName, string> = {
  agent_triage: 'Agent de triage du service médical',
  infirmier_service_medical: 'Infirmier du service médical',
  pharmacien_conseil: 'Pharmacien-conseil',
  chirurgien_dentiste_conseil: 'Chirurgien-dentiste-conseil',
  medecin_conseil: 'Médecin-conseil',
  chef_service: 'Médecin-conseil chef de service',
  agent_administratif: 'Agent administratif',
  auditeur: 'Auditeur',
  administrateur: 'Administrateur de la plateforme',
}

export type StaffRole = { role: StaffRoleName; label: string; desk: boolean }

/** Which of our roles each value of the provider's claim stands for. */
export type RoleMapping = Record<string, StaffRoleName>

/** Unless the host says otherwise, providers speak our names. */
export const OWN_NAMES: RoleMapping = Object.fromEntries(STAFF_ROLES.map((role) => [role, role]))

export type RoleReading =
  | { role: StaffRole; refusal?: undefined }
  | { role?: undefined; refusal: 'role-unknown' | 'roles-on-both-sides' }

/**
 * The least of the roles asserted. None that is known gives no access. One of the service médical together with one of
 * the administration gives none either: nobody stands on both sides of the wall, and which of the two to drop is the
 * insurer's to say, not ours to guess.
 */
export function readRoles(asserted: string[], mapping: RoleMapping = OWN_NAMES): RoleReading {
  const mine = new Set(asserted.filter((value) => Object.hasOwn(mapping, value)).map((value) => mapping[value]))
  const desk = DESK_ROLES.find((role) => mine.has(role))
  const office = OFFICE_ROLES.find((role) => mine.has(role))
  if (desk && office) return { refusal: 'roles-on-both-sides' }
  const role = desk ?? office
  return role ? { role: staffRole(role) } : { refusal: 'role-unknown' }
}

export function staffRole(role: StaffRoleName): StaffRole {
  return { role, label: LABELS[role], desk: (DESK_ROLES as readonly string[]).includes(role) }
}
