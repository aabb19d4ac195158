import { problems, refuser } from '../../platform/http/problem.ts'

export const contactProblems = problems({
  'inquiry-nir': {
    status: 422,
    title:
      'Votre message contient un numéro de sécurité sociale : il ne peut pas être envoyé par ce formulaire. Retirez-le, ou continuez dans un échange médical sécurisé.',
  },
  'inquiry-medical': {
    status: 422,
    title:
      'Votre message semble contenir une information médicale ou personnelle sur un patient. Continuez dans un échange médical sécurisé, corrigez-le, ou indiquez pourquoi vous l’envoyez tel quel.',
  },
  'objet-unknown': { status: 422, title: 'Cet objet n’existe pas ou ne peut pas être choisi aujourd’hui.' },
  'contact-organism-unknown': { status: 422, title: 'Choisissez un organisme de la liste.' },
  'inquiry-not-found': { status: 404, title: 'Ce message n’existe pas, ou ne vous est pas accessible.' },
  'inquiry-state': {
    status: 409,
    title: 'Ce message a changé d’état entre-temps : rechargez la page pour voir où il en est.',
  },
})
export const refuse = refuser(contactProblems)
