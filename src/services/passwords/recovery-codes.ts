// Ten codes on paper, for who has lost the passkey or the application. The table holds an HMAC of each: from the database
// alone none can be tried.
import { randomInt } from 'node:crypto'
import type { Vault } from '../../platform/vault/vault.ts'

const COUNT = 10
/** Without what is mistaken for something else (0 O, 1 I L, U V). */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTWXYZ'
const LENGTH = 12

/** « K7QM-2XRD-9TPA »: 58 bits. */
export function newRecoveryCodes(): string[] {
  const one = () => Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return Array.from({ length: COUNT }, () => one().replaceAll(/(.{4})(?=.)/g, '$1-'))
}

export const recoveryIndex = (vault: Vault, personId: string, code: string): Promise<Buffer> =>
  vault.index('administrative', 'portal', `recovery/${personId}/${code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')}`)

export const recoveryIndexes = (vault: Vault, personId: string, codes: string[]): Promise<Buffer[]> =>
  Promise.all(codes.map((code) => recoveryIndex(vault, personId, code)))
