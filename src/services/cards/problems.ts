import { problems, refuser } from '../../platform/http/problem.ts'

/**
 * Refusals of a card, in the order of the checks. They are pages of the card's own origin (refusal-page.ts says what to
 * do); a sign-in that is over is `sign-in-expired`, of the accounts.
 */
export const cardsProblems = problems({
  'card-forwarding-refused': {
    status: 403,
    title: 'Cette adresse ne répond qu’au serveur mandataire de l’hébergeur.',
  },
  'card-missing': { status: 403, title: 'Aucune carte n’a été présentée.' },
  'card-unreadable': { status: 400, title: 'Le certificat présenté ne peut pas être lu.' },
  'card-authority-unknown': { status: 403, title: 'Ce certificat ne vient pas d’une carte de professionnel.' },
  'card-expired': { status: 403, title: 'Votre carte n’est pas, ou n’est plus, en cours de validité.' },
  'card-revocation-unavailable': {
    status: 503,
    title: 'La liste des cartes révoquées n’est pas à jour : aucune carte ne peut être acceptée pour le moment.',
  },
  'card-revoked': { status: 403, title: 'Votre carte a été révoquée.' },
  'card-signature-certificate': {
    status: 403,
    title: 'Vous avez choisi le certificat de signature de votre carte, et non celui d’authentification.',
  },
  'card-organisation': { status: 403, title: 'Ce certificat est celui d’une organisation, et non d’une personne.' },
  'card-type-refused': { status: 403, title: 'Cette carte n’est pas une carte nominative de professionnel.' },
  'card-holder-unknown': { status: 403, title: 'Votre carte est valable, mais vous n’êtes pas connu de ce portail.' },
})
export const refuse = refuser(cardsProblems)
