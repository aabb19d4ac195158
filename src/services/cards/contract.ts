// Sign-in by the card itself (CPS, CPE): what crosses the wire.
import { contract } from '../../platform/http/contract.ts'

export const cardsContract = contract({})
