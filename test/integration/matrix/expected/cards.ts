import type { cardsContract } from '../../../../src/services/cards/contract.ts'
import type { Expectations } from '../expectation.ts'

export const cards: Expectations<typeof cardsContract> = {}
