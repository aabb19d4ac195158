// Who calls, what lies in the database, and what nobody else may ever be told: made by the target, used by the fuzzer.

export const KINDS = [
  'stranger',
  'password',
  'noPlace',
  'notAdmitted',
  'agent',
  'administrator',
  'auditor',
  'practitioner',
  'adviser',
  'otherAdviser',
] as const
export type Kind = (typeof KINDS)[number]

/** Identifiers and values by the name they have in the document: `exchangeId`, `number`… */
export type Pools = Record<string, string[]>

export type Scene = {
  url: string
  cookieName: string
  cookies: Record<Kind, string | null>
  own: Record<Kind, Pools>
  /** Of the owner, a practitioner who calls nothing: what the others must not reach. */
  owner: Pools
  /** Distinctive texts of the owner, and who is a party to them. */
  secrets: { text: string; parties: Kind[] }[]
  /** Stands in what the fuzzer types, and must be in no log. */
  typed: string
}

export type Memory = { heap: number; rss: number; logged: number; streams: number; connections: number }

/** What the target can be asked, and what it gives. */
export type Calls = {
  signIn: { input: Kind; output: string | null }
  /** Begins a draft of somebody who may write; gives its identifier. */
  newDraft: { input: Kind; output: string }
  memory: { input: null; output: Memory }
  /** Ends everything; gives what is wrong with what was logged. */
  stop: { input: null; output: string[] }
}
export type Question = { id: number; name: keyof Calls; input: unknown }
export type Reply = { id: number; output?: unknown; fault?: string }
