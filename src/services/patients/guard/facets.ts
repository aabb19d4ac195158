// What makes two numbers neighbours. Pure: the texts made here are hashed before they go anywhere.

/** The parts of a number (DOMAIN part 3.1). */
export const PARTS = ['sex', 'year', 'month', 'department', 'commune', 'order'] as const
export type Part = (typeof PARTS)[number]

const PLACE: Record<Part, [from: number, to: number]> = {
  sex: [0, 1],
  year: [1, 3],
  month: [3, 5],
  department: [5, 7],
  commune: [7, 10],
  order: [10, 13],
}

/**
 * The number without the parts that vary: two numbers with the same facet are alike in all the others. Null where it
 * would say nothing: caisses give provisional numbers one after the other, so that strangers share their beginning.
 */
export function facetOf(nir13: string, varies: readonly Part[]): string | null {
  const provisional = /^[5-8]/.test(nir13)
  if (provisional && varies.length > 1 && varies.includes('order')) return null
  return PARTS.map((part) => (varies.includes(part) ? '*' : nir13.slice(...PLACE[part]))).join('')
}

/** The ten numbers that this one stands among. */
export const decadeOf = (nir13: string): string => nir13.slice(0, 12)
