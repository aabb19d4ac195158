// Mes délégations (delegates and locums): what crosses the wire.
import { contract } from '../../platform/http/contract.ts'

export const delegationsContract = contract({})
