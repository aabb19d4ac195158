// What this service tells people by mail.
import { composeLetter } from '../../platform/outbox/letter.ts'
import type { Compose } from '../../platform/outbox/outbox.ts'

export function accountsMails(publicUrl: string): Record<string, Compose> {
  return {
    'email-changed': ({ outboxId, email }) =>
      composeLetter({
        id: outboxId,
        to: email,
        subject: 'L’adresse électronique de votre compte a changé',
        paragraphs: [
          'L’adresse où Consilium vous prévient vient d’être remplacée par une autre : ce message est le dernier envoyé à celle-ci.',
          'Si ce n’est pas vous, connectez-vous par carte, remettez votre adresse dans « Mon compte », et fermez dans « Mes connexions » celles que vous ne reconnaissez pas.',
        ],
        link: { label: 'Ouvrir le portail', address: `${publicUrl}/` },
        linkAfter: 2,
      }),
  }
}
