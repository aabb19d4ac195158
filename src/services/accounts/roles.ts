// Roles an insurer's identity provider may assert (DOMAIN.md part 1.5), and which of them are of the service médical.

const DESK: Record<string, string> = {
  medecin_conseil: 'Médecin-conseil',
  chirurgien_dentiste_conseil: 'Chirurgien-dentiste-conseil',
  pharmacien_conseil: 'Pharmacien-conseil',
  infirmier_service_medical: 'Infirmier du service médical',
  agent_triage: 'Agent de triage du service médical',
  chef_service: 'Médecin-conseil chef de service',
}

/** Those who see no exchange: the insurer's administration, and who runs or audits the portal. */
const OFFICE: Record<string, string> = {
  agent_administratif: 'Agent administratif',
  administrateur: 'Administrateur de la plateforme',
  auditeur: 'Auditeur',
}

export type StaffRole = { role: string; label: string; desk: boolean }

/**
 * The role a person acts in: the first asserted one that is of the service médical, else that of an administrative
 * agent. An unknown role gives no right: it is treated as an agent's, whatever it is called.
 */
export function staffRole(asserted: string[]): StaffRole {
  for (const role of asserted) {
    if (Object.hasOwn(DESK, role)) return { role, label: DESK[role]!, desk: true }
  }
  for (const role of asserted) {
    if (Object.hasOwn(OFFICE, role)) return { role, label: OFFICE[role]!, desk: false }
  }
  return { role: 'agent', label: 'Agent', desk: false }
}
