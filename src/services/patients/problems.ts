// Refusals of the identification. None tells what was typed, nor whether a number is somebody's.
import { problems, refuser } from '../../platform/http/problem.ts'

export const patientsProblems = problems({
  'nir-length': {
    status: 422,
    title: 'Le numéro de sécurité sociale n’a pas le bon nombre de caractères : 13, ou 15 avec la clé.',
  },
  'nir-shape': { status: 422, title: 'Le numéro de sécurité sociale n’a pas la forme attendue.' },
  'nir-key': { status: 422, title: 'La clé ne correspond pas au numéro de sécurité sociale.' },
  'nir-fictitious': {
    status: 422,
    title: 'Ce numéro fictif sert à facturer des soins anonymes : il n’identifie aucun patient.',
  },
  // One sentence for « unknown » and « not of your organisme »: the answer must not be a way to tell them apart.
  'patient-unknown': {
    status: 404,
    title: 'Aucun patient ne peut être présenté pour ce numéro. Vérifiez-le et recommencez.',
  },
  'patient-organism-not-served': {
    status: 422,
    title:
      'La caisse de ce patient n’est pas reliée à ce service. Écrivez à son service médical par courrier, avec l’imprimé habituel.',
  },
  'patient-not-in-hand': {
    status: 404,
    title: 'Ce patient n’est pas, ou n’est plus, identifié par vous. Identifiez-le de nouveau.',
  },
  'identification-blocked': {
    status: 403,
    title:
      'L’identification des patients est bloquée pour votre compte : son usage a paru inhabituel. Demandez à l’administrateur de la plateforme de la rouvrir.',
  },
  'identification-block-not-found': {
    status: 404,
    title: 'Ce blocage n’existe pas, ou ne relève pas de vos organismes.',
  },
  'identification-block-lifted': { status: 409, title: 'Ce blocage a déjà été levé.' },
  'reason-names-a-patient': {
    status: 422,
    title: 'Le motif contient ce qui ressemble à un numéro de sécurité sociale : décrivez l’usage, sans aucun patient.',
  },
  'directory-unavailable': {
    status: 503,
    title: 'Le répertoire des assurés ne répond pas. Réessayez dans un instant.',
  },
})
export const refuse = refuser(patientsProblems)
