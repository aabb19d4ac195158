import { problems, refuser } from '../../platform/http/problem.ts'

/**
 * Refusals of this service. Those of a sign-in are not answered but put in the address the browser is sent to,
 * /connexion/refusee?code=…; a means of too low a level is `level-insufficient`, of the edge.
 */
export const accountsProblems = problems({
  'identity-provider-unavailable': {
    status: 503,
    title: 'Le service qui vérifie votre identité ne répond pas. Réessayez dans quelques minutes.',
  },
  'identity-provider-unknown': { status: 404, title: 'Ce fournisseur d’identité n’est pas connu de ce portail.' },
  'sign-in-cancelled': { status: 403, title: 'La connexion a été annulée, ou le fournisseur d’identité l’a refusée.' },
  'sign-in-expired': {
    status: 400,
    title: 'La connexion a duré trop longtemps, ou elle a commencé dans un autre navigateur. Recommencez.',
  },
  'sign-in-refused': { status: 403, title: 'Votre identité n’a pas pu être vérifiée. Recommencez.' },
  'not-a-professional': {
    status: 403,
    title: 'Votre identité est vérifiée, mais aucun exercice professionnel n’y est attaché.',
  },
  'no-place-of-practice': {
    status: 403,
    title: 'Aucun lieu d’exercice en cours n’est attaché à votre identité professionnelle.',
  },
  'role-unknown': {
    status: 403,
    title: 'Votre compte ne porte aucun rôle connu de ce portail.',
  },
  'roles-on-both-sides': {
    status: 403,
    title: 'Votre compte porte à la fois un rôle du service médical et un rôle administratif.',
  },
  'role-refused': {
    status: 403,
    title: 'Votre compte ne porte aucun organisme pour lequel ce fournisseur d’identité peut se prononcer.',
  },
  'logout-token-refused': {
    status: 400,
    title: 'Cet avis de déconnexion n’est pas valable pour ce fournisseur d’identité.',
  },
  'place-not-yours': { status: 404, title: 'Ce lieu d’exercice n’est pas ou n’est plus l’un des vôtres.' },
})
export const refuse = refuser(accountsProblems)
