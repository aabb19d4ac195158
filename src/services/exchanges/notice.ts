// The e-mail that says that an exchange exists, and nothing of what it holds (DOMAIN.md part 5, T2).
import { composeLetter } from '../../platform/outbox/letter.ts'
import type { Mail } from '../../platform/outbox/mail.ts'
import type { Notice } from '../../platform/outbox/outbox.ts'

/** Further messages within this time, while unread, add no second notice. */
export const NOTICE_QUIET_MS = 10 * 60_000

/** @param publicUrl the portal's public origin, of which the link is made */
export function composeNotice(publicUrl: string, notice: Notice): Mail {
  return composeLetter({
    id: notice.outboxId,
    to: notice.email,
    subject: 'Vous avez reçu un échange médical sécurisé',
    paragraphs: [
      'Un échange médical sécurisé vous attend sur Consilium. Son contenu n’est lisible que sur le portail, après connexion avec votre carte CPS, e-CPS ou CPE.',
    ],
    link: { label: 'Ouvrir l’échange', address: `${publicUrl}/echanges/${notice.exchangeId}` },
  })
}
