// The directory of the insured: the one interface behind which an installation finds the people of a NIR.

/** What links a person to the insured of the NIR (SNDS: 1 assuré, 2 conjoint, 3 enfant, 4 autre). */
export type Quality = 'assuré' | 'conjoint' | 'enfant' | 'autre'

/** One person reachable by a NIR: the insured, or somebody attached to them (DOMAIN part 3.5). */
export type InsuredPerson = {
  /** The NIR of the insured, which a dependant shares: 13 characters, Corsica as 2A or 2B. */
  nir13: string
  /** Two digits; null for the provisional numbers that have none (MIG, NNP). */
  key: string | null
  /** In the order of the civil status; at least one. */
  firstNames: string[]
  /** The name in use. */
  lastName: string
  birthName: string
  /** Full ISO date: the NIR alone does not tell the century. */
  birthDate: string
  sex: 'F' | 'M'
  /** 1 unless born in a multiple birth: with the NIR and the birth date, designates one person in the régime général. */
  twinRank: number
  /** Rank of the beneficiary under this NIR, the insured first; it changes with rights, so it never identifies alone. */
  rank: number
  quality: Quality
  /** As the directory knows it, « 01-941 »; it may be the code of a merged caisse (see organisms.resolve). */
  organismId: string
  regimeCode: string
  /** When rights to care are open. */
  rights: Rights
}

/** The stretches of time in which rights are open, both days included; null where one has no end, or all when unknown. */
export type Rights = { from: string | null; until: string | null }[] | null

export interface InsuredDirectory {
  /**
   * Everybody reachable by this NIR, the insured first; empty when nobody is.
   * Throws the refusal `directory-unavailable` when the directory cannot answer.
   */
  find(nir13: string, signal?: AbortSignal): Promise<InsuredPerson[]>
}
