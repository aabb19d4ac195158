import { problems, refuser } from '../../platform/http/problem.ts'

export const delegationsProblems = problems({
  'delegation-not-allowed': {
    status: 403,
    title: 'Seul un praticien, depuis l’un de ses propres lieux d’exercice, peut accorder une délégation.',
  },
  'delegate-shape': {
    status: 422,
    title: 'Indiquez le numéro RPPS d’un confrère (11 chiffres) ou l’identifiant d’une carte CPE.',
  },
  'delegate-rpps-key': { status: 422, title: 'Ce numéro RPPS n’existe pas : vérifiez les chiffres saisis.' },
  'delegate-oneself': { status: 422, title: 'Vous ne pouvez pas vous accorder une délégation à vous-même.' },
  'delegation-locum': {
    status: 422,
    title: 'Un remplaçant est un confrère, avec un numéro RPPS, et agit pour tous les motifs et toutes les actions.',
  },
  'delegation-dates': {
    status: 422,
    title: 'Une délégation commence au plus tôt aujourd’hui et dure un an au plus.',
  },
  'delegation-motifs': { status: 422, title: 'L’un des motifs choisis n’existe pas.' },
  'delegation-places': { status: 422, title: 'L’un des lieux choisis n’est pas ou n’est plus l’un des vôtres.' },
  'delegation-duplicate': {
    status: 409,
    title: 'Cette délégation existe déjà pour cette personne et cette période.',
  },
  'delegation-not-found': { status: 404, title: 'Cette délégation n’existe pas, ou n’est pas l’une des vôtres.' },
})
export const refuse = refuser(delegationsProblems)
