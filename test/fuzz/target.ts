// The process that is fuzzed: a whole server on a fresh database, with its people and their exchanges. Run by
// start-target.ts, with the garbage collector exposed.
import { createClient } from '../integration/client.ts'
import {
  HOME_ORGANISM,
  INSURED_941,
  INSURED_OTHER,
  identify,
  OTHER_ORGANISM,
  openExchange,
  type Someone,
  startWorld,
  type World,
} from '../integration/harness.ts'
import type { Calls, Kind, Pools, Question, Scene } from './scene.ts'
import { KINDS } from './scene.ts'

const COOKIE = '__Host-consilium'
/** A made-up number of the demonstration whose family carries a name that no other of the scene has. */
const OWNERS_PATIENT = '2910599109123'

const world = await startWorld({ environment: { PORT: process.argv[2]! } })
const people = await meet(world)
const { scene, secrets } = await setScene(world, people)

async function meet(world: World): Promise<Record<Kind, Someone | null>> {
  return {
    stranger: null,
    password: await world.practitioner(),
    noPlace: await world.practitioner({ places: 2 }),
    // Profession 26 of TRE_G15 (audioprothésiste): not admitted to the exchanges.
    notAdmitted: await world.practitioner({ professionCode: '26' }),
    agent: await world.staff('agent_administratif'),
    administrator: await world.staff('administrateur'),
    auditor: await world.staff('auditeur'),
    practitioner: await world.practitioner({ places: 2 }),
    adviser: await world.staff('medecin_conseil', [HOME_ORGANISM]),
    otherAdviser: await world.staff('medecin_conseil', [OTHER_ORGANISM]),
  }
}

async function signIn(kind: Kind): Promise<string | null> {
  const person = people[kind]
  if (!person) return null
  const more =
    kind === 'password'
      ? ({ level: 'low', via: 'password', authMode: 'PASSWORD' } as const)
      : kind === 'noPlace'
        ? { place: null }
        : {}
  return (await world.signIn(person, more)).cookie
}

async function setScene(world: World, people: Record<Kind, Someone | null>) {
  const cookies = {} as Record<Kind, string | null>
  for (const kind of KINDS) cookies[kind] = await signIn(kind)
  const as = (kind: Kind) => createClient(world.url, COOKIE, cookies[kind])
  const own = Object.fromEntries(
    KINDS.map((kind): [Kind, Pools] => [kind, { activityId: people[kind]?.activityIds ?? [] }]),
  ) as Record<Kind, Pools>
  const boxes = people.practitioner!.boxIds

  for (const kind of ['practitioner', 'adviser', 'otherAdviser'] as const) {
    const client = as(kind)
    const number = kind === 'otherAdviser' ? INSURED_OTHER : INSURED_941
    const patientId = await identify(client, number)
    const practiceBoxId = kind === 'practitioner' ? null : boxes[0]!
    const exchanges: string[] = []
    for (let n = 0; n < 30; n++) {
      const body = { patientId, practiceBoxId, motif: 'ALD', subject: `Objet ${n}`, text: 'Texte de l’essai.' }
      exchanges.push((await client.do('POST /api/exchanges', { body })).exchangeId)
    }
    const { next } = await client.do('GET /api/exchanges', { query: { folder: 'waiting' } })
    Object.assign(own[kind], {
      exchangeId: exchanges,
      draftId: [],
      patientId: [patientId],
      practiceBoxId: boxes,
      number: [number, number.slice(0, 13), number.replace(/(.)(..)(..)/, '$1 $2 $3 ')],
      cursor: [next!],
      motif: (await client.do('GET /api/motifs')).motifs.map(({ code }) => code),
    })
  }
  // Sessions to close, beside the one that asks.
  for (let n = 0; n < 40; n++) await signIn('practitioner')
  const { connections } = await as('practitioner').do('GET /api/account/connections')
  own.practitioner.sessionId = connections.filter(({ current }) => !current).map(({ sessionId }) => sessionId)
  // An account of its own to change, which the campaign never sets (that would close the sessions it works in).
  await as('practitioner').do('PUT /api/account/password', { body: { password: 'girafe vinaigre boussole' } })
  own.password.number = own.practitioner.number!
  // General messages: each act of an agent uses one up.
  own.practitioner.inquiryId = []
  for (let n = 0; n < 120; n++) {
    const body = { organismId: HOME_ORGANISM, objet: 'ADMIN', text: `Ma demande, numéro ${n}.` }
    own.practitioner.inquiryId.push((await as('practitioner').do('POST /api/contact/inquiries', { body })).inquiryId)
  }
  own.agent.inquiryId = [...own.practitioner.inquiryId]
  own.practitioner.delegationId = []
  for (let n = 0; n < 60; n++)
    own.practitioner.delegationId.push(await world.delegate(people.practitioner!, await world.employee()))
  own.administrator.blockId = await blockPeople(world, 200)
  await as('adviser').do('POST /api/exchanges/:exchangeId/closure', {
    params: { exchangeId: own.practitioner.exchangeId![0]! },
  })
  return withOwner(world, { url: world.url, cookieName: COOKIE, cookies, own, typed: world.canary('saisi') })
}

/** People whose identification is blocked: the administrator opens each once. */
async function blockPeople(world: World, count: number): Promise<string[]> {
  const rows = await world.database.sql<{ block_id: string }>(
    `with person_ as (
       insert into portal.person (person_id, kind, realm, subject, family_name, given_name, search_name, created_at)
       select gen_random_uuid(), 'practitioner', 'ans', 'fictif-bloque-' || n, 'FICTIF', 'Essai', 'fictif essai', now()
       from generate_series(1, $1::int) n returning person_id)
     insert into portal.identification_block
       (block_id, person_id, organism_ids, cause, counts, role, via, auth_mode, blocked_at)
     select gen_random_uuid(), person_id, '{}', 'run', '{"numbers": 8, "unknown": 0, "night": 0, "alike": 8}',
       'practitioner', 'psc', 'CARD', now() from person_ returning block_id`,
    [count],
  )
  return rows.map(({ block_id }) => block_id)
}

async function withOwner(world: World, rest: Omit<Scene, 'owner' | 'secrets'>) {
  const person = await world.practitioner({ places: 2 })
  const client = await world.signIn(person)
  const patientId = await identify(client, OWNERS_PATIENT)
  const banner = await client.do('GET /api/patients/:patientId', { params: { patientId } })
  const texts = {
    subject: world.canary('objet'),
    text: world.canary('texte'),
    draft: world.canary('brouillon'),
    answer: world.canary('reponse'),
  }
  const exchangeId = await openExchange(client, { number: OWNERS_PATIENT, subject: texts.subject, text: texts.text })
  const content = { motif: 'ALD', subject: texts.draft, text: texts.draft, practiceBoxId: null }
  const { draftId } = await client.do('POST /api/drafts', { body: { patientId, content } })
  const answer = { ...content, subject: '', text: texts.answer }
  await client.do('POST /api/drafts', { body: { exchangeId, content: answer } })
  const { person: shown } = await client.do('GET /api/session')
  const { counters: _counters, ...page } = await client.do('GET /api/exchanges', { query: { folder: 'waiting' } })
  const cursor = Buffer.from(`${Date.parse(page.rows[0]!.since) + 1}/${exchangeId}`).toString('base64url')

  const secrets: Scene['secrets'] = [
    // The service médical of the patient's own organism is a party to the exchange; to a draft, nobody is.
    { text: texts.subject, parties: ['adviser'] },
    { text: texts.text, parties: ['adviser'] },
    { text: banner.lastName, parties: ['adviser'] },
    { text: banner.birthDate, parties: ['adviser'] },
    { text: banner.nir, parties: ['adviser'] },
    { text: OWNERS_PATIENT, parties: [] },
    { text: texts.draft, parties: [] },
    { text: texts.answer, parties: [] },
    { text: shown!.email!, parties: [] },
    { text: client.cookie!, parties: [] },
    // Practitioners are found by name from the service médical, and by nobody else.
    { text: shown!.displayName.split(' ').at(-1)!, parties: ['adviser', 'otherAdviser'] },
  ]
  const owner: Pools = {
    exchangeId: [exchangeId],
    draftId: [draftId],
    patientId: [patientId],
    practiceBoxId: person.boxIds,
    activityId: person.activityIds,
    cursor: [cursor],
  }
  return { scene: { ...rest, owner, secrets } satisfies Scene, secrets: secrets.map(({ text }) => text) }
}

const answers: { [Name in keyof Calls]: (input: Calls[Name]['input']) => Promise<Calls[Name]['output']> } = {
  signIn,
  async newDraft(kind) {
    const client = createClient(world.url, COOKIE, scene.cookies[kind])
    const patientId = scene.own[kind].patientId![0]!
    const content = { motif: 'ALD', subject: 'Objet', text: 'Brouillon', practiceBoxId: null }
    return (await client.do('POST /api/drafts', { body: { patientId, content } })).draftId
  },
  async memory() {
    // Those of the scene's own client, which are kept.
    world.server.app.server.closeIdleConnections()
    // Twice: what a finaliser frees goes with the second.
    for (let n = 0; n < 2; n++) {
      global.gc?.()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const { heapUsed, rss } = process.memoryUsage()
    const connections = await new Promise<number>((resolve) =>
      world.server.app.server.getConnections((_fault, count) => resolve(count)),
    )
    // The log is kept in memory by the test, not by the product.
    return { heap: heapUsed, rss, logged: world.logs().length, streams: world.server.live.size(), connections }
  },
  async stop() {
    const logs = world.logs()
    const faults = secrets.filter((secret) => logs.includes(secret)).map((secret) => `a log tells ${secret}`)
    await world.stop().catch((fault: Error) => faults.push(fault.message))
    return faults
  },
}

process.on('message', async ({ id, name, input }: Question) => {
  try {
    const output = await (answers[name] as (input: unknown) => Promise<unknown>)(input)
    process.send!({ id, output })
  } catch (fault) {
    process.send!({ id, fault: String(fault) })
  }
  if (name === 'stop') process.disconnect()
})
// Whoever started it is gone.
process.once('disconnect', () => setTimeout(() => process.exit(), 5000).unref())
process.send!({ id: 0, output: scene })
