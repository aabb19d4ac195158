// Roles of an insurer's people (DOMAIN.md part 1.5), on the two sides of the wall, each from the least to the most.

/** The service médical: under medical secrecy, at the desk of their organisms. */
export const DESK_ROLES = [
  'agent_triage',
  'infirmier_service_medical',
  'pharmacien_conseil',
  'chirurgien_dentiste_conseil',
  'medecin_conseil',
  'chef_service',
] as const

/** Those who see no exchange: the insurer's administration, and who audits or runs the portal. */
export const OFFICE_ROLES = ['agent_administratif', 'auditeur', 'administrateur'] as const

export const STAFF_ROLES = [...DESK_ROLES, ...OFFICE_ROLES] as const
export type StaffRoleName = (typeof STAFF_ROLES)[number]
