/** One certificate alone, as a reverse proxy writes it: nothing before it, nothing after. */
const PEM = /^-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END CERTIFICATE-----\s*$/
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/**
 * The certificate that a reverse proxy forwards: nginx's `$ssl_client_escaped_cert` (PEM, URL-encoded), or its DER in
 * base64 (HAProxy; between colons, RFC 9440). Null when it is neither: an empty Buffer would be a card, unreadable.
 */
export function readForwarded(value: string): Buffer | null {
  let text: string
  try {
    text = decodeURIComponent(value).trim()
  } catch {
    return null
  }
  const base64 = (PEM.exec(text)?.[1] ?? text.replace(/^:(.*):$/, '$1')).replaceAll(/\s/g, '')
  return BASE64.test(base64) ? Buffer.from(base64, 'base64') : null
}
