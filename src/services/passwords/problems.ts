import { problems, refuser } from '../../platform/http/problem.ts'

/** Refusals of this service. None tells whether an account exists to somebody who does not know its password. */
export const passwordsProblems = problems({
  'password-off': { status: 404, title: 'La connexion par mot de passe n’est pas proposée sur ce portail.' },
  'password-wrong': { status: 403, title: 'Identifiant ou mot de passe incorrect.' },
  'password-slowed': { status: 429, title: 'Trop d’essais : patientez avant de recommencer.' },
  'password-locked': {
    status: 403,
    title:
      'Trop d’échecs pour cet identifiant : la connexion par mot de passe est fermée. Connectez-vous par carte, ou demandez un lien, pour la rouvrir.',
  },
  'password-dormant': {
    status: 403,
    title:
      'Ce compte n’a pas servi depuis six mois : la connexion par mot de passe est fermée. Connectez-vous par carte, ou demandez un lien, pour la rouvrir.',
  },
  'password-refused': { status: 422, title: 'Ce mot de passe ne convient pas.' },
  'password-none': { status: 409, title: 'Choisissez d’abord un mot de passe.' },
  'password-email-missing': {
    status: 409,
    title: 'Un mot de passe demande une adresse électronique, où vous prévenir. Enregistrez-la d’abord.',
  },
  'link-ended': {
    status: 410,
    title: 'Ce lien a déjà servi, a été remplacé ou a plus de 30 minutes. Demandez-en un autre.',
  },
  'sign-in-ticket-ended': {
    status: 403,
    title: 'La connexion a duré trop longtemps. Recommencez avec votre mot de passe.',
  },
  'second-factor-wrong': { status: 403, title: 'Cette vérification n’a pas abouti. Recommencez.' },
  'second-factor-exists': { status: 409, title: 'Cette vérification est déjà enregistrée.' },
  'second-factor-unknown': { status: 404, title: 'Cette vérification n’existe pas ou n’existe plus.' },
  'proof-required': {
    status: 403,
    title: 'Pour ce changement, saisissez d’abord votre mot de passe, ou reconnectez-vous par carte.',
  },
})
export const refuse = refuser(passwordsProblems)
