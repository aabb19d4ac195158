// The e-mail that says that an exchange exists, and nothing of what it holds (DOMAIN.md part 5, T2).
import type { Mail } from '../../platform/outbox/mail.ts'
import type { Notice } from '../../platform/outbox/outbox.ts'

/** Further messages within this time, while unread, add no second notice. */
export const NOTICE_QUIET_MS = 10 * 60_000

/** @param publicUrl the portal's public origin, of which the link is made */
export function composeNotice(publicUrl: string, notice: Notice): Mail {
  const link = `${publicUrl}/echanges/${notice.exchangeId}`
  const lines = [
    'Bonjour,',
    'Un échange médical sécurisé vous attend sur Consilium. Son contenu n’est lisible que sur le portail, après connexion avec votre carte CPS, e-CPS ou CPE.',
    'Ce message est envoyé automatiquement : n’y répondez pas et n’écrivez aucune donnée médicale par courrier électronique.',
  ]
  return {
    id: notice.outboxId,
    to: notice.email,
    subject: 'Vous avez reçu un échange médical sécurisé',
    text: `${lines[0]}\n\n${lines[1]}\n\nOuvrir l’échange : ${link}\n\n${lines[2]}\n`,
    html: `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Échange médical sécurisé</title></head><body style="font-family:Arial,sans-serif;color:#16233a"><p>${lines[0]}</p><p>${lines[1]}</p><p><a href="${link}">Ouvrir l’échange</a></p><p>${lines[2]}</p></body></html>`,
  }
}
