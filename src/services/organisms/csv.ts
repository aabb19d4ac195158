// Comma-separated values (RFC 4180), as our reference files use them. Node has no reader, and this is all we need.

/**
 * Rows as objects by the names of the header. Quoted fields may hold commas, doubled quotes and line ends.
 * @throws Error naming the line when a row has not as many fields as the header, or a quote is left open
 */
export function readCsv(text: string): Record<string, string>[] {
  const rows: { line: number; fields: string[] }[] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y
  let fields: string[] = []
  let line = 1
  let start = 1
  field.lastIndex = text.startsWith('\ufeff') ? 1 : 0
  while (field.lastIndex < text.length || fields.length > 0) {
    const match = field.exec(text)
    if (!match) throw new Error(`line ${line}: a quote out of place`)
    const [whole, quoted, bare, end] = match
    fields.push(quoted === undefined ? bare! : quoted.replaceAll('""', '"'))
    line += whole.split('\n').length - 1
    if (end === ',') continue
    if (fields.length > 1 || fields[0] !== '') rows.push({ line: start, fields })
    fields = []
    start = line
  }
  const header = rows.shift()?.fields ?? []
  return rows.map(({ line, fields }) => {
    if (fields.length !== header.length)
      throw new Error(`line ${line}: ${fields.length} fields, ${header.length} expected`)
    return Object.fromEntries(header.map((name, at) => [name, fields[at]!]))
  })
}
