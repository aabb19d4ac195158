// Régimes, organismes and motifs, as the other services are handed them (nothing here crosses the wire by itself).
import type { Service } from '../../platform/http/contract.ts'

export type RegimeRow = { regimeCode: string; label: string; fullName: string; status: string }
export type OrganismRow = {
  organismId: string
  regimeCode: string
  caisseCode: string
  name: string
  departement: string
  type: string
  status: string
  successorId: string | null
  /** The box of its service médical; null when it has none here (merged, national head). */
  deskBoxId: string | null
}
export type MotifRow = {
  code: string
  label: string
  offered: boolean
  validFrom: string | null
  validTo: string | null
}

type Told = { refusal: string; way: string }
export type Admission = Told & {
  service: Service
  /** In French, as the portal calls it. */
  name: string
  /** Label by profession code (TRE_G15). */
  professions: ReadonlyMap<string, string>
  /** What employees of a structure (CPE) are told instead. */
  employee: Told
}

export type Organisms = {
  regime(code: string): RegimeRow | undefined
  /** The organisme of this very code, merged ones included: for showing what an old document says. */
  organism(organismId: string): OrganismRow | undefined
  /**
   * The active organisme that answers for this code today, successors followed, with its desk;
   * undefined when there is none (unknown, or closed without a successor).
   */
  resolve(organismId: string): (OrganismRow & { deskBoxId: string }) | undefined
  all(): readonly OrganismRow[]
  /** A motif by code, also one that is no longer offered: old exchanges name it. */
  motif(code: string): MotifRow | undefined
  /** Motifs an exchange can be opened with on this day, in the order of the list. */
  offeredMotifs(now: Date): MotifRow[]
  /** Whom each service is open to, and what the others are told. */
  admissions: readonly Admission[]
  /** The services that a profession (code of TRE_G15) is admitted to. */
  servicesOf(professionCode: string): Service[]
}
