import { problems, refuser } from '../../platform/http/problem.ts'

export const passwordsProblems = problems({})
export const refuse = refuser(passwordsProblems)
