// The objects of the walk, all of one practitioner: exchanges, drafts, a patient in hand. What a service needs more of
// is added here, and used by its file of expected/.
import type { Client } from '../client.ts'
import { HOME_ORGANISM, identify, type Someone, type World } from '../harness.ts'

export type Scene = {
  world: World
  /** The practitioner whose objects these are, with two places, and a session of theirs. */
  somebody: Someone
  owner: Client
  /** An exchange that nobody closes. */
  exchangeId: string
  /** In hand of the owner. */
  patientId: string
  practiceBoxId: string
  /** Another place of the same person. */
  otherBoxId: string
  /** A draft that must outlive the walk. */
  keptDraftId: string
  /** Texts that only the parties may be told. */
  secrets: { subject: string; text: string; draft: string }
  /** Of the patient: never in a refusal. */
  identity: string[]
  /** A fresh exchange of the owner. */
  open(): Promise<string>
  /** A fresh draft of the owner, of a new exchange. */
  begin(): Promise<string>
  /** A fresh general message of the owner to their organisme. */
  inquire(): Promise<string>
  /** A fresh text of the owner, carried over from the general form. */
  carry(): Promise<string>
  /** A fresh delegation that the owner granted. */
  grant(): Promise<string>
}

/** All that a refusal may hold. */
export const MAY_BE_TOLD = new Set(['type', 'title', 'status', 'code', 'faults', 'requestId', 'stepUp'])

export async function setScene(world: World): Promise<Scene> {
  const somebody = await world.practitioner({ places: 2 })
  const owner = await world.signIn(somebody)
  const patientId = await identify(owner)
  const secrets = { subject: world.canary('objet'), text: world.canary('texte'), draft: world.canary('brouillon') }
  const { subject, text, draft } = secrets
  const content = { motif: 'ALD', subject, text: draft, practiceBoxId: null }
  const open = async () => {
    const { exchangeId } = await scene.owner.do('POST /api/exchanges', {
      body: { patientId, motif: 'ALD', subject, text },
    })
    return exchangeId
  }
  const begin = async () => (await scene.owner.do('POST /api/drafts', { body: { patientId, content } })).draftId
  const banner = await owner.do('GET /api/patients/:patientId', { params: { patientId } })
  const scene: Scene = {
    world,
    somebody,
    owner,
    exchangeId: '',
    patientId,
    practiceBoxId: somebody.boxIds[0]!,
    otherBoxId: somebody.boxIds[1]!,
    keptDraftId: '',
    secrets,
    identity: [banner.lastName, banner.birthDate],
    open,
    begin,
    async inquire() {
      const body = { organismId: HOME_ORGANISM, objet: 'ADMIN', text: 'Texte' }
      return (await scene.owner.do('POST /api/contact/inquiries', { body })).inquiryId
    },
    carry: async () => (await scene.owner.do('POST /api/exchanges/carried-texts', { body: { text } })).carriedId,
    grant: async () => world.delegate(somebody, await world.employee()),
  }
  scene.exchangeId = await open()
  scene.keptDraftId = await begin()
  return scene
}
