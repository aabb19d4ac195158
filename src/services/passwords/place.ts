// Where a sign-in comes from, as far as « a new place » needs it: the network (an IPv4 /24, an IPv6 /48) and the family of
// the browser, as an HMAC for this person. No cookie: signing out clears everything in the browser, and every sign-in
// would then be from a new place.
import { isIPv4 } from 'node:net'
import type { Vault } from '../../platform/vault/vault.ts'

export const placeIndex = (
  vault: Vault,
  personId: string,
  { address, browser }: { address: string; browser: string },
): Promise<Buffer> =>
  vault.index('administrative', 'portal', `place/${personId}/${networkOf(address)}/${familyOf(browser)}`)

export function networkOf(address: string): string {
  const bare = address.replace(/^::ffff:/i, '')
  if (isIPv4(bare)) return bare.split('.').slice(0, 3).join('.')
  const [head = '', tail] = bare.toLowerCase().split('%')[0]!.split('::')
  const left = head ? head.split(':') : []
  const right = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array<string>(Math.max(0, zeros)).fill('0'), ...right]
  return groups
    .slice(0, 3)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}

// In this order: each says the names of those after it too.
const BROWSERS = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari']
const SYSTEMS = ['Windows', 'Android', 'iPhone', 'iPad', 'Macintosh', 'CrOS', 'Linux']

/** Browser and system, without their versions: an update is no new place. */
export function familyOf(browser: string): string {
  const named = (names: string[]) => names.find((name) => browser.includes(name)) ?? 'other'
  return `${named(BROWSERS)} ${named(SYSTEMS)}`
}
