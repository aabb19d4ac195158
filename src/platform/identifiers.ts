import { v7 } from 'uuid'

/** A new UUID v7: grows with time, so that indexes stay compact. */
export const newId = (): string => v7()

// Crockford's base 32: no I, L, O, U, so that it can be said on the telephone.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The short number of an exchange that people can say, « 7KQ4-M2XD »: 40 random bits of its UUID. */
export function reference(id: string): string {
  let bits = BigInt(`0x${id.replaceAll('-', '').slice(-10)}`)
  let text = ''
  for (let i = 0; i < 8; i++) {
    text = ALPHABET[Number(bits & 31n)] + text
    bits >>= 5n
  }
  return `${text.slice(0, 4)}-${text.slice(4)}`
}
