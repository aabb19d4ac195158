import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { createVault } from '../../platform/vault/vault.ts'
import { claimedLinkId, isTokenOf, makeLinkToken } from './link-token.ts'

const vaultOf = (byte: number) =>
  createVault({ indexKey: async () => createSecretKey(Buffer.alloc(32, byte)) } as never)
const link = { linkId: '019c0000-0000-7000-8000-00000000000a', personId: '019c0000-0000-7000-8000-00000000000b' }

test('a token is its link’s, its person’s and its vault’s', async () => {
  const vault = vaultOf(1)
  const token = await makeLinkToken(vault, link)
  assert.match(token, /^[A-Za-z0-9_-]{64}$/)
  assert.equal(claimedLinkId(token), link.linkId)
  assert.equal(await isTokenOf(vault, token, link), true)
  assert.equal(await isTokenOf(vault, token, { ...link, personId: link.linkId }), false)
  assert.equal(await isTokenOf(vault, token, { ...link, linkId: link.personId }), false)
  assert.equal(await isTokenOf(vaultOf(2), token, link), false)
})

test('every character of a token counts', async () => {
  const vault = vaultOf(1)
  const token = await makeLinkToken(vault, link)
  for (let at = 0; at < token.length; at++) {
    const other = token[at] === 'A' ? 'B' : 'A'
    assert.equal(await isTokenOf(vault, token.slice(0, at) + other + token.slice(at + 1), link), false, String(at))
  }
})
