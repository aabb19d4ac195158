// Who walks: every kind of person the portal knows, what each may pass at the gates, and how each comes.
// A new kind is a line of KINDS; it then calls every route.
import type { Level, Right } from '../../../src/platform/http/contract.ts'
import type { Scope } from '../../../src/platform/sessions/holds.ts'
import type { NewSession } from '../../../src/platform/sessions/sessions.ts'
import type { Client } from '../client.ts'
import { OTHER_ORGANISM, type Someone, type World } from '../harness.ts'
import type { Scene } from './scene.ts'

/** What a person is to the objects of the scene: one of the two parties, acting for the owner, or somebody else. */
export type Stands = 'own' | 'acting' | 'other'

export type KindOfPerson = {
  /** Assurance of the sign-in; `none` where there is no session that counts. */
  level: Level
  /** Every right held. `anyone` and `signedIn` are understood. */
  rights: Exclude<Right, 'anyone' | 'signedIn'>[]
  /** Rights that a place of practice, not chosen yet, would open. */
  placeWanted?: Right[]
  /** At somebody else's place: the most that may be done there. */
  scope?: Scope
  stands: Stands
  /** Which texts of the scene are kept from them; all of them from `other`. */
  keptFrom?: (keyof Scene['secrets'])[]
  /** Headers of each request: a right session used by a page that is not the portal's. */
  headers?: { origin?: string; 'sec-fetch-site'?: string }
  /** Always in a session of its own, since some routes end it. */
  comes(world: World, scene: Scene): Promise<Client>
}

const DAY = 24 * 3_600_000
const PRACTITIONER = { level: 'substantial', rights: ['practitioner', 'party', 'practice'] } as const
const DESK = { level: 'substantial', rights: ['adviser', 'party'] } as const
const as = (level: NewSession['level']): Partial<NewSession> => ({ level, via: 'password', authMode: 'PASSWORD' })

/** A secretary of the owner's structure, with a CPE, at the owner's place and within a scope. */
const delegate = (scope: Scope): KindOfPerson => ({
  ...PRACTITIONER,
  rights: [...PRACTITIONER.rights],
  scope,
  stands: 'acting',
  keptFrom: ({ headers: ['text', 'draft'], read: ['draft'], prepare: [], send: [] } as const)[scope].slice(),
  async comes(world, scene) {
    const secretary = await world.employee()
    await world.delegate(scene.somebody, secretary, { scope })
    return atTheOwnersPlace(world, scene, secretary)
  },
})
const atTheOwnersPlace = (world: World, { somebody }: Scene, person: Someone) =>
  world.signIn(person, { activityId: somebody.activityIds[0]! })

const list = <const K extends string>(kinds: Record<K, KindOfPerson>) => kinds

export const KINDS = list({
  signedOut: { level: 'none', rights: [], stands: 'other', comes: async (world) => world.stranger() },
  revoked: {
    level: 'none',
    rights: [],
    stands: 'other',
    async comes(world, { somebody }) {
      const client = await world.signIn(somebody)
      await client.do('POST /api/session/sign-out')
      return client
    },
  },
  // The owner of the scene with a password only, then with a second factor too: same person, less assurance.
  password: {
    ...PRACTITIONER,
    level: 'low',
    rights: [...PRACTITIONER.rights],
    stands: 'own',
    comes: (world, { somebody }) => world.signIn(somebody, as('low')),
  },
  passwordAndFactor: {
    ...PRACTITIONER,
    level: 'low2',
    rights: [...PRACTITIONER.rights],
    stands: 'own',
    comes: (world, { somebody }) => world.signIn(somebody, as('low2')),
  },
  practitioner: {
    ...PRACTITIONER,
    rights: [...PRACTITIONER.rights],
    stands: 'own',
    comes: (world, { somebody }) => world.signIn(somebody),
  },
  otherPractitioner: {
    ...PRACTITIONER,
    rights: [...PRACTITIONER.rights],
    stands: 'other',
    comes: async (world) => world.signIn(await world.practitioner()),
  },
  noPlace: {
    level: 'substantial',
    rights: ['practice'],
    placeWanted: ['practitioner', 'party'],
    stands: 'other',
    comes: async (world) => world.signIn(await world.practitioner({ places: 2 }), { place: null }),
  },
  // Profession 26 of TRE_G15 (audioprothésiste): not admitted to the exchanges.
  notAdmitted: {
    level: 'substantial',
    rights: ['practice'],
    stands: 'other',
    comes: async (world) => world.signIn(await world.practitioner({ professionCode: '26' })),
  },
  delegateHeaders: delegate('headers'),
  delegateRead: delegate('read'),
  delegatePrepare: delegate('prepare'),
  delegateSend: delegate('send'),
  // The place was chosen while the delegation lasted, and the session has outlived it.
  delegateOutOfDates: {
    level: 'substantial',
    rights: ['practice'],
    placeWanted: [],
    stands: 'other',
    async comes(world, scene) {
      const secretary = await world.employee()
      const now = world.clock.now().getTime()
      await world.delegate(scene.somebody, secretary, { from: new Date(now - 2 * DAY), to: new Date(now - DAY) })
      return atTheOwnersPlace(world, scene, secretary)
    },
  },
  // A colleague with their own card, on the owner's folders.
  locum: {
    ...PRACTITIONER,
    rights: [...PRACTITIONER.rights],
    scope: 'send',
    stands: 'acting',
    async comes(world, scene) {
      const colleague = await world.practitioner()
      await world.delegate(scene.somebody, colleague, { capacity: 'locum' })
      return atTheOwnersPlace(world, scene, colleague)
    },
  },
  adviser: {
    ...DESK,
    rights: [...DESK.rights],
    stands: 'own',
    comes: async (world) => world.signIn(await world.staff()),
  },
  otherAdviser: {
    ...DESK,
    rights: [...DESK.rights],
    stands: 'other',
    comes: async (world) => world.signIn(await world.staff('medecin_conseil', [OTHER_ORGANISM])),
  },
  triage: {
    ...DESK,
    rights: [...DESK.rights],
    stands: 'own',
    comes: async (world) => world.signIn(await world.staff('agent_triage')),
  },
  agent: {
    level: 'substantial',
    rights: ['agent'],
    stands: 'other',
    comes: async (world) => world.signIn(await world.staff('agent_administratif')),
  },
  administrator: {
    level: 'substantial',
    rights: ['administrator'],
    stands: 'other',
    comes: async (world) => world.signIn(await world.staff('administrateur')),
  },
  auditor: {
    level: 'substantial',
    rights: ['auditor'],
    stands: 'other',
    comes: async (world) => world.signIn(await world.staff('auditeur')),
  },
  // The owner's own session, in the hands of something that is no browser's page.
  withoutOrigin: {
    ...PRACTITIONER,
    rights: [...PRACTITIONER.rights],
    stands: 'own',
    headers: { origin: undefined, 'sec-fetch-site': undefined },
    comes: (world, { somebody }) => world.signIn(somebody),
  },
  // The owner's own session, used by another site: an old browser tells its Origin only, a new one Sec-Fetch-Site too.
  foreignOrigin: {
    ...PRACTITIONER,
    rights: [...PRACTITIONER.rights],
    stands: 'own',
    headers: { origin: 'https://autre-site.example', 'sec-fetch-site': undefined },
    comes: (world, { somebody }) => world.signIn(somebody),
  },
  crossSite: {
    ...PRACTITIONER,
    rights: [...PRACTITIONER.rights],
    stands: 'own',
    headers: { origin: undefined, 'sec-fetch-site': 'cross-site' },
    comes: (world, { somebody }) => world.signIn(somebody),
  },
})
export type Kind = keyof typeof KINDS
export const KIND_NAMES = Object.keys(KINDS) as Kind[]
