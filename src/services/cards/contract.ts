// Sign-in by the card itself (CPS, CPE): what crosses the wire on the portal's side. The card is shown to an origin of its
// own (listener.ts), which has one page and no API.
import { z } from 'zod'
import { contract } from '../../platform/http/contract.ts'
import { ReturnPath } from '../accounts/contract.ts'

export const cardsContract = contract({
  'GET /api/sign-in/card': {
    operationId: 'startCardSignIn',
    summary: 'Begin a sign-in by the card itself: leads to the origin that asks for it (a navigation)',
    level: 'none',
    right: 'anyone',
    kind: 'redirect',
    status: 302,
    query: z.strictObject({ retour: ReturnPath.optional() }),
  },
  'GET /api/sign-in/card/callback': {
    operationId: 'finishCardSignIn',
    summary: 'Return from the card’s own origin, with a ticket that serves once',
    level: 'none',
    right: 'anyone',
    kind: 'redirect',
    status: 302,
    query: z.looseObject({}),
  },
})
