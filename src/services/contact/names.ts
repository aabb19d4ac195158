// How organismes and objets of a general message are named.
import type { Organisms } from '../organisms/contract.ts'
import type { ContactReference } from './reference.ts'

/** « 941 - CPAM du Val-de-Marne »: the number and the name, apart. */
export function organismName(organisms: Pick<Organisms, 'organism'>, organismId: string) {
  const found = organisms.organism(organismId)
  return { organismId, number: found?.caisseCode ?? '', name: found?.name ?? organismId }
}

export function objetName(reference: Pick<ContactReference, 'objet'>, code: string) {
  return { code, label: reference.objet(code)?.label ?? code }
}
