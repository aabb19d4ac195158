// The alert to the security contact: an account, a means, a cause, a time; no patient, no number, no name.
import { composeLetter } from '../../../platform/outbox/letter.ts'
import type { Mail } from '../../../platform/outbox/mail.ts'
import type { Notice } from '../../../platform/outbox/outbox.ts'
import type { Cause } from './suspicion.ts'

/** Kind of notice in the outbox. */
export const BLOCKED_MAIL = 'identification-blocked'

const CAUSES: Record<Cause, string> = {
  run: 'des numéros voisins ont été demandés les uns après les autres',
  unknown: 'beaucoup de numéros demandés sont inconnus',
  volume: 'le nombre de numéros demandés dépasse un usage ordinaire',
  night: 'beaucoup de numéros ont été demandés la nuit',
}
const MEANS: Record<string, string> = {
  psc: 'Pro Santé Connect',
  card: 'carte',
  password: 'mot de passe',
  organism: 'fournisseur d’identité de l’organisme',
}
const PARIS = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', dateStyle: 'long', timeStyle: 'short' })

/** @param publicUrl the portal's public origin, of which the link is made */
export function composeBlockedMail(publicUrl: string, { outboxId, email, details }: Notice): Mail {
  const { account, cause, via, authMode, at } = details as Record<string, string>
  const means = [MEANS[via ?? ''] ?? via, authMode].filter(Boolean).join(', ')
  return composeLetter({
    id: outboxId,
    to: email,
    subject: 'Alerte : identification des patients bloquée pour un compte',
    paragraphs: [
      `L’identification des patients vient d’être bloquée pour un compte de Consilium, le ${PARIS.format(new Date(at!))} (heure de Paris).`,
      `Cause : ${CAUSES[cause as Cause]}. Compte : ${account}. Moyen de connexion : ${means}.`,
      'Un administrateur voit de qui il s’agit sur la page indiquée. Joignez la personne par un autre moyen que le portail, et demandez-lui de fermer ses connexions si elle ne reconnaît pas ces demandes ; le blocage se lève sur cette même page, avec un motif.',
    ],
    link: { label: 'Voir les blocages', address: `${publicUrl}/administration/identifications` },
    linkAfter: 3,
  })
}
