import { problems, refuser } from '../../platform/http/problem.ts'

export const cardsProblems = problems({})
export const refuse = refuser(cardsProblems)
