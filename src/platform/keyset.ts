// Keyset pages: where the next one begins.

/** As far as the dates of PostgreSQL go, and an identifier it takes. */
const CURSOR = /^(\d{1,15})\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/
const START = {
  first: { at: new Date(0), id: '00000000-0000-0000-0000-000000000000' },
  last: { at: new Date('9999-12-31T00:00:00Z'), id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
}

export const cursorOf = (at: Date, id: string): string => Buffer.from(`${at.getTime()}/${id}`).toString('base64url')

/** A cursor that cannot be read begins at the start: the `first` in time, or the `last`. */
export function readCursor(cursor: string | undefined, from: 'first' | 'last'): { at: Date; id: string } {
  const match = CURSOR.exec(Buffer.from(cursor ?? '', 'base64url').toString())
  if (match?.[1] && match[2]) return { at: new Date(Number(match[1])), id: match[2] }
  return START[from]
}
