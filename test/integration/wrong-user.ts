// The people and the objects of the wrong-user walk: an exchange, a draft, a patient in hand, all of one practitioner.
import type { Answer, Client, RouteName } from './client.ts'
import { identify, OTHER_ORGANISM, type Someone, type World } from './harness.ts'

export const KINDS = [
  'stranger',
  'revoked',
  'password',
  'noPlace',
  'notAdmitted',
  'agent',
  'practitioner',
  'otherPractitioner',
  'adviser',
  'otherAdviser',
] as const
export type Kind = (typeof KINDS)[number]

/** All that a refusal may hold. */
export const CANARY_FREE = new Set(['type', 'title', 'status', 'code', 'faults', 'requestId'])

export type Scene = {
  owner: Client
  somebody: Someone
  exchangeId: string
  patientId: string
  practiceBoxId: string
  /** Another place of the same person. */
  otherBoxId: string
  keptDraftId: string
  /** Texts and names that nobody else may ever be told. */
  secrets: string[]
  /** Fresh objects for one route and kind, and how to call it. */
  prepare(route: string, kind: Kind): Promise<{ send(client: Client): Promise<Answer> }>
}

/** How each kind of person comes: always in a session of its own, since some routes end it. */
export const people: Record<Kind, (world: World, scene: Scene) => Promise<Client>> = {
  stranger: async (world) => world.stranger(),
  async revoked(world, { somebody }) {
    const client = await world.signIn(somebody)
    await client.do('POST /api/session/sign-out')
    return client
  },
  password: (world, { somebody }) => world.signIn(somebody, { level: 'low', via: 'password', authMode: 'PASSWORD' }),
  noPlace: async (world) => world.signIn(await world.practitioner({ places: 2 }), { place: null }),
  // Profession 26 of TRE_G15 (audioprothésiste): not admitted to the exchanges.
  notAdmitted: async (world) => world.signIn(await world.practitioner({ professionCode: '26' })),
  agent: async (world) => world.signIn(await world.staff('agent_administratif')),
  practitioner: (world, { somebody }) => world.signIn(somebody),
  otherPractitioner: async (world) => world.signIn(await world.practitioner()),
  adviser: async (world) => world.signIn(await world.staff()),
  otherAdviser: async (world) => world.signIn(await world.staff('medecin_conseil', [OTHER_ORGANISM])),
}

export async function setScene(world: World): Promise<Scene> {
  const somebody = await world.practitioner({ places: 2 })
  const owner = await world.signIn(somebody)
  const patientId = await identify(owner)
  const secrets = [world.canary('objet'), world.canary('texte'), world.canary('brouillon')]
  const [subject, text, draft] = secrets as [string, string, string]
  const content = { motif: 'ALD', subject, text: draft, practiceBoxId: null }
  const open = async () => {
    const { exchangeId } = await owner.do('POST /api/exchanges', { body: { patientId, motif: 'ALD', subject, text } })
    return exchangeId
  }
  const begin = async () => (await owner.do('POST /api/drafts', { body: { patientId, content } })).draftId
  const banner = await owner.do('GET /api/patients/:patientId', { params: { patientId } })
  const first = await open()
  const kept = await begin()

  return {
    owner,
    somebody,
    exchangeId: first,
    patientId,
    practiceBoxId: somebody.boxIds[0]!,
    otherBoxId: somebody.boxIds[1]!,
    keptDraftId: kept,
    secrets: [...secrets, banner.lastName, banner.birthDate],
    async prepare(route, kind) {
      const fresh = /messages|closure|POST \/api\/drafts/.test(route) ? await open() : first
      const exchangeId = fresh
      // The others are set on one and the same draft, which must outlive them.
      const draftId = /drafts\/:/.test(route) ? (kind === 'practitioner' ? await begin() : kept) : ''
      const own = { motif: 'ALD', subject: 'Objet', text: 'Texte', practiceBoxId: null }
      const bodies: Record<string, unknown> = {
        'PUT /api/session/place': { activityId: somebody.activityIds[1] },
        'PUT /api/account/email': { email: `nouvelle-${kind}@praticien.example` },
        'POST /api/patients/identifications': { number: '284058832102532' },
        'POST /api/practitioners/search': { query: 'FICTIF' },
        'POST /api/exchanges': { ...own, patientId, practiceBoxId: somebody.boxIds[0] },
        'POST /api/exchanges/:exchangeId/messages': { text: 'Texte' },
        'POST /api/drafts': { exchangeId, content: own },
        'PUT /api/drafts/:draftId': { version: 1, content: own },
      }
      const query: Record<string, Record<string, string>> = { 'GET /api/exchanges': { folder: 'todo' } }
      const params = { exchangeId, draftId, patientId, code: 'exchange-closed', issuerId: 'demonstration' }
      return {
        send: (client) => {
          if (route === 'GET /api/live') return live(client)
          return client.call(route as RouteName, { params, body: bodies[route], query: query[route] })
        },
      }
    },
  }
}

/** A stream does not end by itself: what counts is whether it opens. */
async function live(client: Client): Promise<Answer> {
  const refused = await Promise.race([
    client.live().then((stream) => stream.close()),
    new Promise<never>((_resolve, reject) => setTimeout(() => reject(new Error('late')), 3000).unref()),
  ]).then(
    () => null,
    (fault) => fault as Error,
  )
  if (!refused) return { status: 200, headers: {}, text: '', json: {}, code: undefined, problem: {} as never }
  return client.call('GET /api/live')
}
