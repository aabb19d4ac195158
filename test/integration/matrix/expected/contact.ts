import type { contactContract } from '../../../../src/services/contact/contract.ts'
import { HOME_ORGANISM, OTHER_ORGANISM } from '../../harness.ts'
import type { Expectations } from '../expectation.ts'
import type { Kind } from '../kinds.ts'
import type { Scene } from '../scene.ts'

const fresh = async (scene: Scene) => ({ params: { inquiryId: await scene.inquire() } })
/** Its author’s own, whoever acts for them: not even a colleague reads it. */
const authors: { other: string; own: string; but: Partial<Record<Kind, number>> } = {
  own: 'inquiry-not-found',
  other: 'inquiry-not-found',
  but: { practitioner: 200, password: 200, passwordAndFactor: 200, withoutOrigin: 200 },
}

export const contact: Expectations<typeof contactContract> = {
  'GET /api/contact/organisms': {},
  'GET /api/contact/organisms/:organismId': { call: () => ({ params: { organismId: HOME_ORGANISM } }) },
  'POST /api/contact/inspections': { call: () => ({ body: { text: 'Texte' } }) },
  'POST /api/contact/inquiries': {
    call: () => ({ body: { organismId: HOME_ORGANISM, objet: 'ADMIN', text: 'Texte' } }),
  },
  'GET /api/contact/inquiries': {},
  'GET /api/contact/inquiries/:inquiryId': { call: fresh, ...authors },
  'GET /api/contact/queue': { call: () => ({ query: { folder: 'todo' } }) },
  'GET /api/contact/queue/:inquiryId': { call: fresh },
  'POST /api/contact/queue/:inquiryId/taking': { call: fresh },
  'POST /api/contact/queue/:inquiryId/answers': {
    call: async (scene) => ({ ...(await fresh(scene)), body: { text: 'Texte' } }),
  },
  'POST /api/contact/queue/:inquiryId/redirection': {
    call: async (scene) => ({ ...(await fresh(scene)), body: { organismId: OTHER_ORGANISM } }),
  },
  'POST /api/contact/queue/:inquiryId/return': { call: fresh },
  'POST /api/contact/queue/:inquiryId/closure': { call: fresh },
  'GET /api/contact/destinations': {},
  'GET /api/contact/models': {},
  'GET /api/contact/statistics': {},
}
