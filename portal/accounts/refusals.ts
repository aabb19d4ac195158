// Why a sign-in was refused, and the way on, by the code that the server puts in the address.
export type RefusalText = { title: string; text: string; way: string }

export const refusals: Record<string, RefusalText> = {
  'sign-in-cancelled': {
    title: 'Connexion annulée',
    text: 'Vous avez interrompu la connexion, ou votre fournisseur d’identité ne l’a pas autorisée.',
    way: 'Vous pouvez recommencer quand vous le souhaitez.',
  },
  'sign-in-expired': {
    title: 'Connexion trop longue',
    text: 'La connexion a duré trop longtemps, ou elle a été reprise depuis une ancienne page.',
    way: 'Recommencez depuis l’accueil ; cela suffit presque toujours.',
  },
  'provider-unavailable': {
    title: 'Fournisseur d’identité indisponible',
    text: 'Le service qui vérifie votre identité ne répond pas.',
    way: 'Réessayez dans quelques minutes.',
  },
  'not-a-professional': {
    title: 'Vous n’êtes pas reconnu comme professionnel de santé',
    text: 'Votre identité est vérifiée, mais aucun exercice professionnel n’y est attaché au répertoire (RPPS).',
    way: 'Vérifiez votre situation auprès de votre ordre ou de l’Agence du numérique en santé, puis réessayez.',
  },
  'profession-refused': {
    title: 'Votre profession n’ouvre pas ce portail',
    text: 'Les échanges médicaux sécurisés ne sont pas ouverts à votre profession pour le moment.',
    way: 'Écrivez au service médical de l’organisme par les voies habituelles.',
  },
  'level-insufficient': {
    title: 'Moyen de connexion insuffisant',
    text: 'Les échanges médicaux sécurisés demandent une carte CPS, une e‑CPS ou une CPE.',
    way: 'Recommencez en choisissant votre carte ou l’application e‑CPS.',
  },
  'role-refused': {
    title: 'Votre compte n’ouvre pas ce portail',
    text: 'Votre organisme vous a reconnu, mais votre compte ne porte aucun rôle connu de ce portail.',
    way: 'Adressez-vous à la personne qui gère les habilitations de votre organisme.',
  },
}

export const otherRefusal: RefusalText = {
  title: 'La connexion n’a pas abouti',
  text: 'Votre identité n’a pas pu être vérifiée.',
  way: 'Recommencez depuis l’accueil. Si cela se reproduit, signalez le code ci-dessous à votre support.',
}
