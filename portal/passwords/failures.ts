import { ApiProblem, sentenceOf } from '~/client/problem.ts'

/** The sentence of a refusal, with how long to wait where the server says so. */
export function sentenceOfRefusal(failure: unknown): string {
  const sentence = sentenceOf(failure)
  if (!(failure instanceof ApiProblem) || typeof failure.extra.retryAfter !== 'number') return sentence
  const seconds = failure.extra.retryAfter
  const wait = seconds < 90 ? `${seconds} seconde${seconds > 1 ? 's' : ''}` : `${Math.ceil(seconds / 60)} minutes`
  return `${sentence} Réessayez dans ${wait}.`
}
