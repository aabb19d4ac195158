// Turns what a schema refuses into one French sentence per field.
import type { z } from 'zod'
import { type FieldFault, refuse } from './problem.ts'

/** Nobody reads more, and an answer must not be longer than its request. */
const FAULTS_MAX = 50

/**
 * The validated value.
 * @param where `body`, `params` or `query`; a body's pointer begins with a slash, the others with their name
 * @throws Refusal `request-invalid` with one fault per field
 */
export function validate(schema: z.ZodType, value: unknown, where: 'body' | 'params' | 'query'): unknown {
  const result = read(schema, value)
  if (result.success) return result.data
  const faults = result.error.issues.flatMap((issue) => faultsOf(issue, where)).slice(0, FAULTS_MAX)
  throw refuse('request-invalid', { faults })
}

/** A value made to be no value ({"length": {"toString": null}}) makes the library itself stumble. */
function read(schema: z.ZodType, value: unknown): ReturnType<z.ZodType['safeParse']> {
  try {
    return schema.safeParse(value)
  } catch (fault) {
    if (fault instanceof TypeError) throw refuse('request-invalid', { cause: fault })
    throw fault
  }
}

function faultsOf(issue: z.core.$ZodIssue, where: string): FieldFault[] {
  const prefix = where === 'body' ? '' : where
  const pointer = [prefix, ...issue.path.map((step) => escaped(String(step)))].join('/')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${escaped(key.slice(0, 60))}`,
      code: 'unknown-field',
      detail: 'Ce champ n’est pas attendu.',
    }))
  return [{ pointer: pointer || '/', ...sentence(issue) }]
}

function sentence(issue: z.core.$ZodIssue): { code: string; detail: string } {
  switch (issue.code) {
    case 'invalid_type':
      // zod says « undefined » in the message only; the input itself is never kept, so that no value is echoed.
      return issue.message.includes('undefined')
        ? { code: 'missing', detail: 'Ce champ est obligatoire.' }
        : { code: 'wrong-type', detail: 'Ce champ n’est pas du type attendu.' }
    case 'too_big':
      return issue.origin === 'string'
        ? { code: 'too-long', detail: `Le texte dépasse ${number(issue.maximum)} caractères.` }
        : { code: 'too-big', detail: `La valeur dépasse ${number(issue.maximum)}.` }
    case 'too_small':
      return issue.origin === 'string'
        ? { code: 'empty-text', detail: 'Ce champ est obligatoire.' }
        : { code: 'too-small', detail: `La valeur doit être d’au moins ${number(issue.minimum)}.` }
    case 'invalid_value':
      return { code: 'unknown-value', detail: 'Cette valeur n’est pas dans la liste.' }
    case 'invalid_format':
      return issue.format === 'email'
        ? {
            code: 'email-invalid',
            detail: 'Cette adresse électronique n’est pas valide (exemple : prenom.nom@exemple.fr).',
          }
        : { code: 'wrong-format', detail: 'Ce champ n’a pas la forme attendue.' }
    case 'custom':
      if (issue.message === 'empty-text') return { code: 'empty-text', detail: 'Ce champ est obligatoire.' }
      if (issue.message === 'malformed-text')
        return { code: 'malformed-text', detail: 'Ce texte contient un caractère qui ne peut pas être conservé.' }
      return { code: 'refused', detail: 'Cette valeur n’est pas acceptée.' }
    default:
      return { code: 'refused', detail: 'Cette valeur n’est pas acceptée.' }
  }
}

/** A step of a JSON pointer (RFC 6901), without what could not be sent back. */
const escaped = (step: string) => step.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')

const number = (value: number | bigint) => new Intl.NumberFormat('fr-FR').format(value)
