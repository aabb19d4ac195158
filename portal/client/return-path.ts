/** The rule of the accounts contract (`ReturnPath`): a path of this portal, never another site. */
export function isReturnPath(path: unknown): path is string {
  return typeof path === 'string' && path.length <= 512 && /^\/(?![/\\])[!-[\]-~]*$/.test(path)
}

/** The path to come back to after a sign-in, or the home page. */
export function returnPathOf(value: unknown): string {
  return isReturnPath(value) ? value : '/'
}

/** Where a sign-in made beside a page that waits comes back to: it tells that page, and goes away. */
export const SIGNED_IN_BESIDE = '/connexion/terminee'

export function pscAddress(path: string): string {
  return `/api/sign-in/psc?retour=${encodeURIComponent(returnPathOf(path))}`
}

/** The card itself, by mutual TLS, where the portal offers it. */
export function cardAddress(path: string): string {
  return `/api/sign-in/card?retour=${encodeURIComponent(returnPathOf(path))}`
}

export function organismAddress(issuerId: string, path: string): string {
  return `/api/sign-in/organism/${encodeURIComponent(issuerId)}?retour=${encodeURIComponent(returnPathOf(path))}`
}
