import type { systemContract } from '../../../../src/platform/http/system.ts'
import type { Expectations } from '../expectation.ts'

export const system: Expectations<typeof systemContract> = {
  'GET /api/health': {},
  'GET /api/openapi.json': {},
  'GET /api/reference': {},
  'GET /docs/errors/:code': { call: () => ({ params: { code: 'exchange-closed' } }) },
}
