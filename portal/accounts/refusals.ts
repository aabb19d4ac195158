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
    text: 'La connexion a duré trop longtemps, ou elle a commencé dans un autre navigateur ou une ancienne page.',
    way: 'Recommencez depuis l’accueil ; cela suffit presque toujours.',
  },
  'identity-provider-unavailable': {
    title: 'Vérification d’identité indisponible',
    text: 'Le service qui vérifie votre identité ne répond pas.',
    way: 'Réessayez dans quelques minutes.',
  },
  'identity-provider-unknown': {
    title: 'Fournisseur d’identité inconnu',
    text: 'L’organisme demandé n’est pas, ou n’est plus, relié à ce portail.',
    way: 'Choisissez votre organisme dans l’espace service médical.',
  },
  'not-a-professional': {
    title: 'Vous n’êtes pas reconnu comme professionnel de santé',
    text: 'Votre identité est vérifiée, mais aucun exercice professionnel n’y est attaché : ni profession au répertoire (RPPS), ni emploi dans une structure.',
    way: 'Praticien : vérifiez votre situation auprès de votre ordre ou de l’Agence du numérique en santé. Employé d’une structure : demandez à votre employeur d’y faire rattacher votre carte CPE.',
  },
  'no-place-of-practice': {
    title: 'Aucun lieu d’exercice',
    text: 'Votre identité est vérifiée, mais aucun lieu d’exercice en cours n’y est attaché au répertoire (RPPS).',
    way: 'Déclarez votre lieu d’exercice à votre ordre : il apparaîtra ici quelques jours après.',
  },
  'level-insufficient': {
    title: 'Moyen de connexion insuffisant',
    text: 'Les échanges médicaux sécurisés demandent une carte CPS, une e‑CPS ou une CPE.',
    way: 'Recommencez en choisissant votre carte ou l’application e‑CPS.',
  },
  'role-unknown': {
    title: 'Votre compte n’ouvre pas ce portail',
    text: 'Votre identité est vérifiée, mais votre compte ne porte aucun rôle connu de ce portail : aucune session n’est ouverte.',
    way: 'Adressez-vous à la personne qui gère les habilitations de votre organisme.',
  },
  'roles-on-both-sides': {
    title: 'Deux rôles qui s’excluent',
    text: 'Votre compte porte à la fois un rôle du service médical et un rôle administratif. Le secret médical sépare les deux : personne ne peut tenir l’un et l’autre.',
    way: 'Demandez à la personne qui gère les habilitations de votre organisme de retirer l’un des deux.',
  },
  'role-refused': {
    title: 'Votre compte n’ouvre pas ce portail',
    text: 'Votre compte ne porte aucun organisme pour lequel ce fournisseur d’identité peut se prononcer.',
    way: 'Adressez-vous à la personne qui gère les habilitations de votre organisme.',
  },
}

/** Pro Santé Connect does not answer: said before five seconds are over, with the other way where there is one. */
export const pscDownAlone: RefusalText = {
  title: 'Pro Santé Connect ne répond pas',
  text: 'Le service national qui vérifie votre identité est indisponible ou trop lent en ce moment. Le portail, lui, fonctionne.',
  way: 'Réessayez dans quelques minutes : la page que vous demandiez s’ouvrira après la connexion.',
}
export const pscDownWithCard: RefusalText = {
  ...pscDownAlone,
  way: 'Vous pouvez vous connecter avec votre carte CPS ou CPE, si elle est dans votre lecteur, ou réessayer dans quelques minutes. La page que vous demandiez s’ouvrira après la connexion.',
}

export const otherRefusal: RefusalText = {
  title: 'La connexion n’a pas abouti',
  text: 'Votre identité n’a pas pu être vérifiée.',
  way: 'Recommencez depuis l’accueil. Si cela se reproduit, signalez le code ci-dessous à votre support.',
}
