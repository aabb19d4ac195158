// The mails of « Contacter l'Assurance Maladie »: that something is there, and nothing of what it holds.
import { composeLetter } from '../../platform/outbox/letter.ts'
import type { Compose } from '../../platform/outbox/outbox.ts'

/** @param publicUrl the portal's public origin, of which the link is made */
export function contactMails(publicUrl: string): Record<string, Compose> {
  const letter =
    (subject: string, paragraph: string): Compose =>
    ({ outboxId, email }) =>
      composeLetter({
        id: outboxId,
        to: email,
        subject,
        paragraphs: [paragraph],
        link: { label: 'Ouvrir « Mes messages »', address: `${publicUrl}/mes-messages` },
      })
  return {
    'inquiry-news': letter(
      'Il y a du nouveau dans « Mes messages »',
      'L’un des messages que vous avez adressés à un organisme sur Consilium a reçu une réponse, ou a été clos. Vous le retrouvez dans « Mes messages ».',
    ),
    'inquiry-returned': letter(
      'Un message vous est renvoyé',
      'L’un des messages que vous avez adressés à un organisme sur Consilium vous est renvoyé sans avoir été traité. Vous en trouverez la raison dans « Mes messages ».',
    ),
  }
}
