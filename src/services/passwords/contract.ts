// Password portal (activation, sign-in, second factors): what crosses the wire.
import { contract } from '../../platform/http/contract.ts'

export const passwordsContract = contract({})
