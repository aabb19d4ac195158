// The card's own origin: one page, which asks for a certificate in the handshake (no browser can be asked later), checks
// it, and leads back to the portal with a ticket. Behind a reverse proxy it speaks plain http, and takes the certificate
// from a header, which it checks as if it came from a stranger.
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { Logger } from 'pino'
import { SECURITY_HEADERS } from '../../platform/http/malformed.ts'
import { faultKind } from '../../platform/http/server.ts'
import type { Admission } from './admit-card.ts'
import type { Verdict } from './check-card.ts'
import { readForwarded } from './forwarded-certificate.ts'
import { PAGE_HEADERS, type PageCode, refusalPage, statusOf } from './refusal-page.ts'

/** Whoever looks for the card, its reader and its code does so within the handshake. */
const HANDSHAKE_MS = 120_000

export type TlsMaterial = { certificate: string; key: string; authorities: string }

export type ListenerParts = {
  /** Public origin of the portal. */
  portal: string
  log: Logger
  /** Judges what was presented: a certificate's DER, or nothing. */
  check(der: Uint8Array | null): Verdict
  admit(input: { state: string; verdict: () => Verdict }): Promise<Admission>
} & (
  | { kind: 'tls'; material: TlsMaterial }
  /** @param isProxy whether an address is that of a reverse proxy whose header counts */
  | { kind: 'forwarded'; header: string; isProxy(address: string | undefined): boolean }
)

export type CardListener = {
  server: Server | HttpsServer
  /** New server certificate or authorities, without closing anything; resumed TLS sessions end here. */
  renew(material: TlsMaterial): void
}

export function createListener(parts: ListenerParts): CardListener {
  const limits = { requestTimeout: 30_000, headersTimeout: 15_000, keepAliveTimeout: 5_000 }
  const handle = (request: IncomingMessage, response: ServerResponse) =>
    void answer(parts, request, response).catch((fault) => {
      parts.log.error({ fault: faultKind(fault) }, 'card sign-in: unforeseen fault')
      if (!response.headersSent) say(response, parts, 'card-revocation-unavailable', '/')
    })
  if (parts.kind === 'forwarded') {
    const server = createHttpServer(limits, handle)
    return { server, renew: () => {} }
  }
  const server = createHttpsServer(
    { ...limits, ...contextOf(parts.material), handshakeTimeout: HANDSHAKE_MS, ALPNProtocols: ['http/1.1'] },
    handle,
  )
  return { server, renew: (material) => server.setSecureContext(contextOf(material)) }
}

const contextOf = ({ certificate, key, authorities }: TlsMaterial) => ({
  cert: certificate,
  key,
  // The names that the browser offers cards by, and what completes the chain of one that sends its certificate alone.
  ca: authorities,
  requestCert: true,
  // A refusal is a page in French, not a broken connection: what TLS thinks of the card is asked below.
  rejectUnauthorized: false,
  minVersion: 'TLSv1.2' as const,
})

async function answer(parts: ListenerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://card.invalid')
  if (request.method !== 'GET' || pathname !== '/') {
    response.writeHead(request.method === 'GET' ? 404 : 405, { ...SECURITY_HEADERS, ...PAGE_HEADERS, allow: 'GET' })
    response.end()
    return
  }
  // Nobody but the proxy: whoever reaches this port by another way could write any header.
  if (parts.kind === 'forwarded' && !parts.isProxy(request.socket.remoteAddress)) {
    parts.log.warn({ code: 'card-forwarding-refused' }, 'card refused')
    return say(response, parts, 'card-forwarding-refused', '/')
  }
  const state = searchParams.get('etat') ?? ''
  const admission = await parts.admit({ state, verdict: () => judge(parts, request) })
  if ('refusal' in admission) {
    parts.log.warn({ code: admission.refusal }, 'card refused')
    return say(response, parts, admission.refusal, admission.returnTo)
  }
  const query = new URLSearchParams({ etat: state, ticket: admission.ticket })
  response.writeHead(302, {
    ...SECURITY_HEADERS,
    ...PAGE_HEADERS,
    location: `${parts.portal}/api/sign-in/card/callback?${query}`,
  })
  response.end()
}

function judge(parts: ListenerParts, request: IncomingMessage): Verdict {
  if (parts.kind === 'forwarded') {
    const given = request.headersDistinct[parts.header] ?? []
    const [value] = given
    // An empty header is how a proxy says that there was no certificate.
    if (!value) return parts.check(null)
    const der = given.length === 1 ? readForwarded(value) : null
    return der ? parts.check(der) : { refusal: 'card-unreadable', serial: '' }
  }
  const socket = request.socket as TLSSocket
  const verdict = parts.check(socket.getPeerCertificate()?.raw ?? null)
  // OpenSSL has looked at the chain too, by its own means: both must agree.
  if ('card' in verdict && !socket.authorized)
    return { refusal: 'card-authority-unknown', serial: verdict.card.certificate.serial }
  return verdict
}

function say(response: ServerResponse, { portal }: ListenerParts, code: PageCode, returnTo: string): void {
  // The next try must begin with a handshake, or it would come with the same certificate.
  response.writeHead(statusOf(code), { ...SECURITY_HEADERS, ...PAGE_HEADERS, connection: 'close' })
  response.end(refusalPage(code, { portal, returnTo }))
}
