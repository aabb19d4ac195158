import type { cardsContract } from '../../../../src/services/cards/contract.ts'
import type { Expectations } from '../expectation.ts'

export const cards: Expectations<typeof cardsContract> = {
  // Off here: sent to the page that says so.
  'GET /api/sign-in/card': {},
  'GET /api/sign-in/card/callback': {},
}
