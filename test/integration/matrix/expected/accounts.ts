import type { accountsContract } from '../../../../src/services/accounts/contract.ts'
import type { Expectations } from '../expectation.ts'

const demonstration = () => ({ params: { issuerId: 'demonstration' } })

export const accounts: Expectations<typeof accountsContract> = {
  'GET /api/session': {},
  'GET /api/sign-in/options': {},
  // Without a simulator here, and without a request that was begun: sent to the page that says why.
  'GET /api/sign-in/psc': {},
  'GET /api/sign-in/psc/callback': {},
  'GET /api/sign-in/organism/:issuerId': { call: demonstration },
  'GET /api/sign-in/organism/:issuerId/callback': { call: demonstration },
  'PUT /api/session/place': {
    call: ({ somebody }) => ({ body: { activityId: somebody.activityIds[1] } }),
    other: 'place-not-yours',
    but: { adviser: 'place-not-yours', triage: 'place-not-yours' },
  },
  'PUT /api/account/default-place': {
    call: ({ somebody }) => ({ body: { activityId: somebody.activityIds[1] } }),
    // Where one starts from is a place of one's own.
    acting: 'place-not-yours',
    other: 'place-not-yours',
  },
  'PUT /api/account/email': {
    call: (_scene, kind) => ({ body: { email: `nouvelle-${kind}@praticien.example` } }),
  },
  'POST /api/session/extension': {},
  'GET /api/account/connections': {},
  // The session of somebody else does not exist; the practitioner's own are theirs to close, whatever their means.
  'DELETE /api/account/connections/:sessionId': {
    call: async ({ world, somebody }) => {
      await world.signIn(somebody)
      const [row] = await world.database.sql<{ session_id: string }>(
        'select session_id from portal.session where person_id = $1 order by created_at desc limit 1',
        [somebody.personId],
      )
      return { params: { sessionId: row!.session_id } }
    },
    acting: 'not-found',
    other: 'not-found',
    but: { adviser: 'not-found', triage: 'not-found' },
  },
  // The owner's other sessions, that of the scene included.
  'POST /api/account/connections/closure': {
    async after(scene) {
      scene.owner = await scene.world.signIn(scene.somebody)
    },
  },
  'POST /api/session/sign-out': {},
  // Called by an identity provider, with a form: whoever sends JSON is not even read (back-channel.test.ts).
  'POST /api/sign-out/back-channel/:issuerId': {
    call: () => ({ params: { issuerId: 'demonstration' }, body: { logout_token: 'x' } }),
    own: 'media-type-unsupported',
    other: 'media-type-unsupported',
    but: { withoutOrigin: 'media-type-unsupported' },
  },
}
