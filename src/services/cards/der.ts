// The little of DER (X.690) that is read by hand: private extensions of a card, and revocation lists, of which the
// X.509 library takes minutes for the hundred thousand entries of a real one.

export type Element = { tag: number; start: number; contents: number; end: number }

export class DerFault extends Error {}

export const SEQUENCE = 0x30
const INTEGER = 0x02
const OCTET_STRING = 0x04
const OBJECT_IDENTIFIER = 0x06
const TEXTS = new Set([0x0c, 0x13, 0x16])
const UTC_TIME = 0x17
const GENERALIZED_TIME = 0x18

/**
 * The element that begins at `at`.
 * @param limit where what holds it ends; an element that goes beyond is refused
 * @throws DerFault
 */
export function elementAt(bytes: Uint8Array, at: number, limit = bytes.length): Element {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined || at + 2 > limit) throw new DerFault('truncated')
  let contents = at + 2
  let length = first
  if (first > 0x7f) {
    const count = first & 0x7f
    // Definite lengths only, and none that no file could have.
    if (count === 0 || count > 4 || contents + count > limit) throw new DerFault('length')
    length = 0
    for (let i = 0; i < count; i++) length = length * 256 + bytes[contents + i]!
    contents += count
  }
  if (contents + length > limit) throw new DerFault('truncated')
  return { tag, start: at, contents, end: contents + length }
}

/** The elements within one. */
export function* childrenOf(bytes: Uint8Array, parent: Element): Generator<Element> {
  for (let at = parent.contents; at < parent.end; ) {
    const child = elementAt(bytes, at, parent.end)
    yield child
    at = child.end
  }
}

/** The element at `at`, which must be of this kind. */
export function expectAt(bytes: Uint8Array, at: number, tag: number, limit?: number): Element {
  const element = elementAt(bytes, at, limit)
  if (element.tag !== tag) throw new DerFault(`tag ${element.tag}, not ${tag}`)
  return element
}

/** A serial number as both lists and certificates are asked for it: hexadecimal, without leading zeros. */
export function serialOf(bytes: Uint8Array, element: Element): string {
  if (element.tag !== INTEGER) throw new DerFault('serial')
  return plainSerial(
    Buffer.from(bytes.buffer, bytes.byteOffset + element.contents, element.end - element.contents).toString('hex'),
  )
}
export const plainSerial = (hex: string): string => hex.toLowerCase().replace(/^0+(?=.)/, '')

/** The value of an extension that is a small INTEGER, one byte, or a text; null for anything else. */
export function plainValue(bytes: Uint8Array): number | string | null {
  try {
    const { tag, contents, end } = elementAt(bytes, 0)
    if (end !== bytes.length) return null
    const value = bytes.subarray(contents, end)
    if (TEXTS.has(tag)) return Buffer.from(value).toString('utf8')
    if (tag !== INTEGER && tag !== OCTET_STRING) return null
    return value.length >= 1 && value.length <= 4 ? Buffer.from(value).readUIntBE(0, value.length) : null
  } catch {
    return null
  }
}

/** @throws DerFault */
export function timeOf(bytes: Uint8Array, { tag, contents, end }: Element): Date {
  const text = Buffer.from(bytes.subarray(contents, end)).toString('latin1')
  const match = /^(\d{2,4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text)
  if (!match || (tag !== UTC_TIME && tag !== GENERALIZED_TIME)) throw new DerFault('time')
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (match[1]!.length !== (tag === UTC_TIME ? 2 : 4)) throw new DerFault('time')
  // RFC 5280, 4.1.2.5.1: two figures are of 1950 to 2049.
  const full = tag === UTC_TIME ? year + (year < 50 ? 2000 : 1900) : year
  return new Date(Date.UTC(full, month - 1, day, hour, minute, second))
}
export const isTime = ({ tag }: Element): boolean => tag === UTC_TIME || tag === GENERALIZED_TIME

/** An object identifier in figures, « 2.5.29.28 ». */
export function oidOf(bytes: Uint8Array, { tag, contents, end }: Element): string {
  if (tag !== OBJECT_IDENTIFIER || end === contents) throw new DerFault('oid')
  const parts: number[] = []
  let value = 0
  for (let i = contents; i < end; i++) {
    value = value * 128 + (bytes[i]! & 0x7f)
    if (bytes[i]! > 0x7f) continue
    if (parts.length === 0)
      parts.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)))
    else parts.push(value)
    value = 0
  }
  return parts.join('.')
}
