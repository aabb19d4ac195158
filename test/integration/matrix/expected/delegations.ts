import type { delegationsContract } from '../../../../src/services/delegations/contract.ts'
import { dayInFrance } from '../../../../src/services/delegations/rules.ts'
import type { Expectations } from '../expectation.ts'
import type { Scene } from '../scene.ts'

const today = ({ world }: Scene) => dayInFrance(world.clock.now())

export const delegations: Expectations<typeof delegationsContract> = {
  'GET /api/delegations': {},
  'POST /api/delegations': {
    call: (scene, kind) => ({
      body: {
        capacity: 'delegate',
        delegate: `30B0168811/${kind.toUpperCase()}`,
        scope: 'read',
        motifs: null,
        places: null,
        validFrom: today(scene),
        validTo: today(scene),
      },
    }),
    // Whoever has nothing to delegate: no profession that is admitted.
    but: { notAdmitted: 'delegation-not-allowed', delegateOutOfDates: 'delegation-not-allowed' },
    // What one holds from somebody else is not one's own to hand on.
    acting: 'delegation-not-allowed',
  },
  'POST /api/delegations/:delegationId/revocation': {
    call: async (scene) => ({ params: { delegationId: await scene.grant() } }),
    acting: 'delegation-not-found',
    other: 'delegation-not-found',
  },
}
