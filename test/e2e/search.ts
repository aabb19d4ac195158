// Looks for strings wherever bytes lie: in files, in rows, in text; as they are, and in the encodings that software hides
// them in without meaning to.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Needle = { secret: string; as: string; bytes: Buffer }

/** Every encoding of each string that is looked for. */
export function needlesFor(secrets: string[]): Needle[] {
  return secrets.flatMap((secret) => {
    const bytes = Buffer.from(secret)
    const forms: Record<string, Buffer> = {
      'UTF-8': bytes,
      'Latin-1': Buffer.from(secret, 'latin1'),
      'UTF-16': Buffer.from(secret, 'utf16le'),
      hexadecimal: Buffer.from(bytes.toString('hex')),
      'JSON escapes': Buffer.from(escaped(secret)),
      'percent signs': Buffer.from(encodeURIComponent(secret)),
      'form encoding': Buffer.from(new URLSearchParams([['', secret]]).toString().slice(1)),
      // Its middle, whatever stands before it: three alignments.
      ...Object.fromEntries([0, 1, 2].map((shift) => [`base64 +${shift}`, base64At(bytes, shift)])),
    }
    const different = new Map<string, Needle>()
    for (const [as, form] of Object.entries(forms)) {
      const key = form.toString('latin1')
      if (!different.has(key)) different.set(key, { secret, as, bytes: form })
    }
    return [...different.values()]
  })
}

const escaped = (text: string) =>
  text.replaceAll(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)

function base64At(bytes: Buffer, shift: number): Buffer {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '')
  // What mixes with the neighbours is left out.
  return Buffer.from(text.slice(shift === 0 ? 0 : 4, -2))
}

/** « where: secret as encoding », for each that is found. */
export function findIn(where: string, haystack: Buffer | string, needles: Needle[]): string[] {
  const bytes = typeof haystack === 'string' ? Buffer.from(haystack) : haystack
  return needles
    .filter((needle) => bytes.includes(needle.bytes))
    .map(({ secret, as }) => `${where}: « ${secret} » as ${as}`)
}

/** The same in every file under a folder; also in their names. */
export function findUnder(folder: string, needles: Needle[]): { files: number; found: string[] } {
  const found: string[] = []
  let files = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    found.push(...findIn(`name of ${path}`, entry.name, needles))
    if (!entry.isFile()) continue
    try {
      const content = readFileSync(path)
      files++
      found.push(...findIn(path, content, needles))
    } catch (fault) {
      // A file that goes away while one looks holds nothing any more.
      if ((fault as NodeJS.ErrnoException).code !== 'ENOENT') throw fault
    }
  }
  return { files, found }
}
