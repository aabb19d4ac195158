// Who holds a box, asked of portal.box_holder by every statement itself: the person, the moment, the box acted from, what
// the act needs, the motif it is about. In one place, so that no statement forgets a part of it.

/** What a delegation opens; each includes those before it (the type portal.scope is in the same order). */
export const SCOPES = ['headers', 'read', 'prepare', 'send'] as const
export type Scope = (typeof SCOPES)[number]

export const covers = (scope: Scope, needed: Scope): boolean => SCOPES.indexOf(scope) >= SCOPES.indexOf(needed)

/** SQL: the lines of box_holder `h` that hold at this moment. */
export const inForce = (at: string): string => `h.valid_from <= ${at} and (h.valid_to is null or h.valid_to > ${at})`

/** Names of the parameters (« $1 »…) and SQL of what is asked for. */
export type Asked = {
  person: string
  at: string
  /** The boxes acted from (`Principal.boxes`): one's own, or the one of the holder whose place was chosen. */
  boxes: string
  /** What the act needs. */
  scope: Scope
  /** SQL of the motif it is about. */
  motif: string
}

/** SQL: a line `h` of box_holder gives this right. */
export const holds = ({ person, at, boxes, scope, motif }: Asked): string =>
  `h.person_id = ${person} and h.box_id = any (${boxes}::uuid[]) and ${inForce(at)}
   and h.scope >= '${scope}' and (h.motifs is null or ${motif} = any (h.motifs))`

/** SQL of the motifs that several lines `h` give together; null where one of them gives all. */
export const MOTIFS = `case when bool_and(h.motifs is not null)
  then string_to_array(string_agg(array_to_string(h.motifs, ' '), ' '), ' ') end`

/** SQL: the boxes that such lines give for some motif at least; `motifs` is null where they give all. */
export const heldBoxes = ({ person, at, boxes, scope }: Omit<Asked, 'motif'>): string =>
  `select h.box_id, ${MOTIFS} as motifs
   from portal.box_holder h
   where h.person_id = ${person} and h.box_id = any (${boxes}::uuid[]) and ${inForce(at)} and h.scope >= '${scope}'
   group by h.box_id`
