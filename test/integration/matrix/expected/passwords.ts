import type { passwordsContract } from '../../../../src/services/passwords/contract.ts'
import type { Expectations } from '../expectation.ts'

export const passwords: Expectations<typeof passwordsContract> = {}
