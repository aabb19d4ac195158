// The portal's files, compressed at build time, and its one page for every address that is not the API's.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { refuse } from './problem.ts'
import { sendProblem } from './server.ts'

type SetHeadersResponse = { header(name: string, value: string): unknown; setHeader?: unknown }

/** The strictest policy under which the portal runs without a violation (UI.md part 5). */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "font-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types vue default',
].join('; ')

/**
 * @param folder the built portal
 * @param publicUrl a page asked for under another name is sent to this one, or its cookies would be lost
 */
export async function servePortal(app: FastifyInstance, folder: string, publicUrl: string): Promise<void> {
  const page = existsSync(join(folder, 'index.html')) ? await readFile(join(folder, 'index.html'), 'utf8') : null
  const { host } = new URL(publicUrl)
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    wildcard: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders(response: SetHeadersResponse, path: string) {
      response.header('x-content-type-options', 'nosniff')
      response.header('cross-origin-resource-policy', 'same-origin')
      // Files under assets/ carry a digest in their name.
      response.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  } as never)
  app.setNotFoundHandler((request, reply) => {
    const wantsPage =
      request.method === 'GET' && !request.url.startsWith('/api/') && !/\.\w{1,5}($|\?)/.test(request.url)
    if (!wantsPage) return sendProblem(reply, refuse('not-found'))
    if (request.headers.host !== host && request.headers['sec-fetch-mode'] === 'navigate')
      return reply.redirect(`${publicUrl}${request.url}`, 307)
    if (!page) return reply.status(503).type('text/plain; charset=utf-8').send('Le portail n’est pas encore construit.')
    return reply
      .headers({ 'content-security-policy': CONTENT_SECURITY_POLICY, 'cache-control': 'no-store' })
      .type('text/html; charset=utf-8')
      .send(page)
  })
}
