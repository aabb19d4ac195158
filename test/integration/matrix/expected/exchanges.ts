import type { exchangesContract } from '../../../../src/services/exchanges/contract.ts'
import type { Expectations } from '../expectation.ts'
import { KINDS, type Kind } from '../kinds.ts'
import type { Scene } from '../scene.ts'

const written = { motif: 'ALD', subject: 'Objet', text: 'Texte', practiceBoxId: null }
const one = ({ exchangeId }: Scene) => ({ params: { exchangeId } })
const fresh = async (scene: Scene) => ({ params: { exchangeId: await scene.open() } })
// All the others are set on one and the same draft, which must outlive them.
const draftOf = async (scene: Scene, kind: Kind) => ({
  draftId: kind === 'practitioner' || KINDS[kind].stands === 'acting' ? await scene.begin() : scene.keptDraftId,
})
/** Drafts are the practitioner's box's, patients in hand a person's own: neither is the other party's. */
const personal = (code: string): { other: string; but: Partial<Record<Kind, string>> } => ({
  other: code,
  but: { adviser: code, triage: code },
})

export const exchanges: Expectations<typeof exchangesContract> = {
  'GET /api/exchanges': { call: () => ({ query: { folder: 'todo' } }) },
  'GET /api/exchanges/counters': {},
  'GET /api/motifs': {},
  'POST /api/practitioners/search': { call: () => ({ body: { query: 'FICTIF' } }) },
  'POST /api/exchanges': {
    call: ({ patientId, practiceBoxId }) => ({ body: { ...written, patientId, practiceBoxId } }),
    ...personal('patient-required'),
    // The patient is in hand of whoever identified, even for the same box.
    acting: 'patient-required',
  },
  'GET /api/exchanges/:exchangeId': { call: one, other: 'exchange-not-found' },
  'POST /api/exchanges/:exchangeId/messages': {
    call: async (scene) => ({ ...(await fresh(scene)), body: { text: 'Texte' } }),
    other: 'exchange-not-found',
  },
  'POST /api/exchanges/:exchangeId/closure': { call: fresh, other: 'exchange-not-found' },
  'POST /api/exchanges/:exchangeId/patient': { call: one, other: 'exchange-not-found' },
  'POST /api/exchanges/carried-texts': { call: () => ({ body: { text: 'Texte' } }) },
  // The text is its author’s own, and of the owner’s.
  'GET /api/exchanges/carried-texts/:carriedId': {
    call: async (scene) => ({ params: { carriedId: await scene.carry() } }),
    own: 'carried-text-not-found',
    other: 'carried-text-not-found',
    but: { practitioner: 200, withoutOrigin: 200 },
  },
  'GET /api/live': {},

  'GET /api/drafts': {},
  'POST /api/drafts': {
    call: async (scene) => ({ body: { exchangeId: await scene.open(), content: written } }),
    other: 'exchange-not-found',
  },
  'GET /api/drafts/:draftId': {
    call: async (scene, kind) => ({ params: await draftOf(scene, kind) }),
    ...personal('draft-not-found'),
  },
  'PUT /api/drafts/:draftId': {
    call: async (scene, kind) => ({ params: await draftOf(scene, kind), body: { version: 1, content: written } }),
    ...personal('draft-not-found'),
  },
  // Throwing away what is not there, or not one's own, is no fault and changes nothing.
  'DELETE /api/drafts/:draftId': { call: async (scene, kind) => ({ params: await draftOf(scene, kind) }) },
}
