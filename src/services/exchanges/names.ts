// How people are named on screen.

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

/** SQL: « Dr Camille EXEMPLE » of a row of portal.person. */
export const personName = (alias: string): string =>
  `btrim(${alias}.civility || ' ' || ${alias}.given_name || ' ' || upper(${alias}.family_name))`
