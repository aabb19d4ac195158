// What is refused before it is sent: the sentences stand at the fields.
import { MESSAGE_MAX, SUBJECT_MAX } from '../../src/services/exchanges/limits.ts'

const numbers = new Intl.NumberFormat('fr-FR')

/** « Votre message dépasse de 12 caractères la limite de 10 000… »; undefined when it fits. */
export function tooLong(what: string, text: string, max: number): string | undefined {
  // As the server counts: characters, of which an emoji is one.
  const over = [...text].length - max
  if (over <= 0) return undefined
  return `${what} dépasse de ${numbers.format(over)} caractère${over > 1 ? 's' : ''} la limite de ${numbers.format(max)} : raccourcissez-le avant de l’envoyer.`
}

export function faultOfText(text: string, what: 'message' | 'réponse'): string | undefined {
  if (text.trim() === '') return what === 'message' ? 'Écrivez votre message.' : 'Écrivez votre réponse.'
  return tooLong('Votre texte', text, MESSAGE_MAX)
}

export function faultOfSubject(subject: string): string | undefined {
  if (subject.trim() === '') return 'Indiquez l’objet du message.'
  return tooLong('L’objet', subject, SUBJECT_MAX)
}

/** Text as the server takes it: no NUL, no lone surrogate; nobody can see what this takes away. */
export function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '')
}
