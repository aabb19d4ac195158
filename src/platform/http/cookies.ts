// One cookie for the session. Its prefix makes browsers refuse it from a neighbouring host or over plain http
// (localhost counts as safe); a plain-http demonstration on a network address gets the same without the prefix.
import type { FastifyReply, FastifyRequest } from 'fastify'

export type Cookies = {
  session(request: FastifyRequest): string | null
  setSession(reply: FastifyReply, value: string): void
  clearSession(reply: FastifyReply): void
  /** Binds a sign-in that has begun to the browser that began it. */
  signIn(request: FastifyRequest): string | null
  setSignIn(reply: FastifyReply, value: string): void
}

/** @param publicUrl the portal's public origin */
export function createCookies(publicUrl: string): Cookies {
  const { protocol, hostname } = new URL(publicUrl)
  const secure = protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
  const prefix = secure ? '__Host-' : ''
  const options = { path: '/', httpOnly: true, secure, sameSite: 'lax' } as const
  // Two of one name come from no honest browser: neither is believed, or somebody else's could pass for one's own.
  const read = (request: FastifyRequest, name: string) =>
    timesIn(request.headers.cookie, prefix + name) === 1 ? (request.cookies[prefix + name] ?? null) : null
  return {
    session: (request) => read(request, 'consilium'),
    setSession: (reply, value) => void reply.setCookie(`${prefix}consilium`, value, options),
    clearSession: (reply) => void reply.clearCookie(`${prefix}consilium`, options),
    signIn: (request) => read(request, 'consilium-sign-in'),
    setSignIn: (reply, value) => void reply.setCookie(`${prefix}consilium-sign-in`, value, { ...options, maxAge: 900 }),
  }
}

/** How often a cookie of this name is in a Cookie header. */
function timesIn(header: string | undefined, name: string): number {
  return (header ?? '').split(';').filter((pair) => pair.split('=')[0]!.trim() === name).length
}
