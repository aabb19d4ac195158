import type { delegationsContract } from '../../../../src/services/delegations/contract.ts'
import type { Expectations } from '../expectation.ts'

export const delegations: Expectations<typeof delegationsContract> = {}
