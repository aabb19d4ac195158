import { problems, refuser } from '../../platform/http/problem.ts'

export const delegationsProblems = problems({})
export const refuse = refuser(delegationsProblems)
