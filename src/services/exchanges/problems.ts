import { problems, refuser } from '../../platform/http/problem.ts'

export const exchangesProblems = problems({
  'exchange-not-found': { status: 404, title: 'Cet échange n’existe pas, ou ne vous est pas accessible.' },
  'exchange-closed': {
    status: 409,
    title:
      'Cet échange est clos : il ne reçoit plus de message. Vous pouvez garder votre texte pour un nouvel échange.',
  },
  'motif-unknown': { status: 422, title: 'Ce motif n’existe pas ou ne peut pas être choisi aujourd’hui.' },
  'practitioner-required': { status: 422, title: 'Choisissez le praticien à qui vous écrivez.' },
  'patient-required': { status: 422, title: 'Identifiez d’abord le patient concerné.' },
  'organism-not-served': {
    status: 422,
    title: 'L’organisme de ce patient ne reçoit pas encore d’échanges ici. Écrivez-lui par courrier.',
  },
  'organism-not-yours': { status: 403, title: 'Ce patient ne relève pas de votre organisme.' },
  'delegation-motif': { status: 403, title: 'Votre délégation ne couvre pas ce motif.' },
  'carried-text-not-found': {
    status: 404,
    title: 'Ce texte n’est plus conservé : il l’est douze heures, pour son auteur seul.',
  },
  'draft-not-found': { status: 404, title: 'Ce brouillon n’existe plus : il a été envoyé ou supprimé.' },
  'draft-conflict': {
    status: 409,
    title: 'Ce brouillon a été modifié dans une autre fenêtre. Choisissez la version à garder.',
  },
})
export const refuse = refuser(exchangesProblems)
