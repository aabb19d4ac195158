// How states and findings of a general message are said.
import type { Finding, InquiryState } from '../../src/services/contact/contract.ts'

export const kindLabels: Record<Finding['kind'], string> = {
  nir: 'un numéro de sécurité sociale',
  name: 'le nom d’un patient',
  'birth-date': 'une date de naissance',
  diagnosis: 'un diagnostic ou un symptôme',
  treatment: 'un traitement',
  prescription: 'une prescription',
  'sick-leave': 'un arrêt de travail',
  ald: 'une affection de longue durée',
}

type Pill = { label: string; type: 'action' | 'archive' | 'canceled' | 'closed' | 'progress' | 'success' }
/** To its author. */
export const ownStates: Record<InquiryState, Pill> = {
  sent: { label: 'Envoyé', type: 'progress' },
  taken: { label: 'Pris en charge', type: 'progress' },
  answered: { label: 'Répondu', type: 'success' },
  returned: { label: 'Renvoyé : contenu médical', type: 'action' },
  closed: { label: 'Clos', type: 'closed' },
}
/** To the agents. */
export const queueStates: Record<InquiryState, Pill> = {
  sent: { label: 'À prendre', type: 'action' },
  taken: { label: 'Pris en charge', type: 'progress' },
  answered: { label: 'Répondu', type: 'success' },
  returned: { label: 'Renvoyé à son auteur', type: 'canceled' },
  closed: { label: 'Clos', type: 'closed' },
}

/** « un diagnostic, un traitement et une date de naissance » */
export function listOf(kinds: readonly Finding['kind'][]): string {
  const labels = [...new Set(kinds)].map((kind) => kindLabels[kind])
  const last = labels.pop() ?? ''
  return labels.length > 0 ? `${labels.join(', ')} et ${last}` : last
}
