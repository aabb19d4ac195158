// What is hardly HTTP never becomes a request: Node refuses it by itself, in its own words. Here it is refused in ours,
// by the same document as everything else.
import type { Socket } from 'node:net'
import { problemDocument, type Refusal, refuse } from './problem.ts'

export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin-allow-popups',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
}

const REASON: Record<number, string> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

/** Answers bytes that could not be read as a request, and hangs up. */
export function refuseMalformed(fault: Error & { code?: string }, socket: Socket): void {
  // `_httpMessage`: an answer is already on its way, and another one would be taken for a part of it.
  const answering = (socket as Socket & { _httpMessage?: { headersSent?: boolean } })._httpMessage?.headersSent
  if (fault.code === 'ECONNRESET' || !socket.writable || answering) return void socket.destroy()
  hangUpOn(socket, refusalOf(fault.code))
}

/** Writes a refusal on a bare connection, and hangs up. */
export function hangUpOn(socket: Socket, refusal: Refusal, headers: Record<string, string> = {}): void {
  const requestId = crypto.randomUUID()
  const body = Buffer.from(problemDocument(refusal, requestId))
  const lines = Object.entries({
    ...SECURITY_HEADERS,
    ...headers,
    'cache-control': 'no-store',
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(body.length),
    'x-request-id': requestId,
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  const { status } = refusal
  socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${REASON[status] ?? ''}\r\n${lines.join('')}\r\n`), body]))
}

function refusalOf(code: string | undefined): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return refuse('headers-too-large')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return refuse('request-too-slow')
  return refuse('request-invalid')
}
