// Delegations in words.
import type { Session } from '~/client/session.ts'
import { dateOf } from '../ui/typography.ts'

type Acting = NonNullable<NonNullable<Session['place']>['onBehalfOf']>
export type Scope = Acting['scope']

export const SCOPES: readonly { value: Scope; label: string; detail: string }[] = [
  {
    value: 'headers',
    label: 'Voir les listes seulement',
    detail: 'Patient, objet, motif et état de chaque échange, sans le texte des messages.',
  },
  {
    value: 'read',
    label: 'Lire les échanges',
    detail: 'Les listes, et le texte des messages. Rien ne peut être écrit.',
  },
  {
    value: 'prepare',
    label: 'Préparer',
    detail: 'Lire, identifier un patient et rédiger des brouillons, que vous relisez et envoyez.',
  },
  {
    value: 'send',
    label: 'Préparer et envoyer',
    detail: 'Lire, rédiger et envoyer en votre nom ; chaque message dit qui l’a envoyé et pour qui.',
  },
]

const SHORT: Record<Scope, string> = {
  headers: 'listes seulement',
  read: 'lecture',
  prepare: 'préparation',
  send: 'préparation et envoi',
}
export const scopeInWords = (scope: Scope): string => SHORT[scope]

/** « le Dr Camille EXEMPLE », « Camille EXEMPLE ». */
export const theOne = (name: string): string => (/^(Dr|Pr) /.test(name) ? `le ${name}` : name)

/** A grant ends with its last day, at the first moment of the next one. */
export const lastDay = (until: string): string => dateOf(new Date(Date.parse(until) - 1).toISOString())

/** « délégation : lecture », « remplacement ». */
export const actingInWords = ({ capacity, scope }: Pick<Acting, 'capacity' | 'scope'>): string =>
  capacity === 'locum' ? 'remplacement' : `délégation : ${scopeInWords(scope)}`
