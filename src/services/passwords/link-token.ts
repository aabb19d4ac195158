// The token of a one-time link: its id and an HMAC of it under a key of the vault. Neither the database nor the outbox
// holds it; the worker makes it when it writes the mail.
import { timingSafeEqual } from 'node:crypto'
import type { Vault } from '../../platform/vault/vault.ts'

export type Link = { linkId: string; personId: string }

const bytesOf = (linkId: string) => Buffer.from(linkId.replaceAll('-', ''), 'hex')
const macOf = (vault: Vault, { linkId, personId }: Link) =>
  vault.index('administrative', 'portal', `link/${linkId}/${personId}`)

export async function makeLinkToken(vault: Vault, link: Link): Promise<string> {
  return Buffer.concat([bytesOf(link.linkId), await macOf(vault, link)]).toString('base64url')
}

/** The id that a token claims to be of; nothing is proven by it. */
export function claimedLinkId(token: string): string {
  const hex = Buffer.from(token, 'base64url').subarray(0, 16).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export async function isTokenOf(vault: Vault, token: string, link: Link): Promise<boolean> {
  const given = Buffer.from(token, 'base64url')
  const right = Buffer.concat([bytesOf(link.linkId), await macOf(vault, link)])
  return given.length === right.length && timingSafeEqual(given, right)
}
