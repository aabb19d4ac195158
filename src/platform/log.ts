import { type DestinationStream, type Logger, pino } from 'pino'

/**
 * Structured logs on standard output: what happened, where and how long, never a text, name, NIR, address or token.
 * Headers and bodies are not logged at all; the paths below are a second net.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service: 'consilium' },
    redact: [
      'req.headers',
      'headers',
      'body',
      'params',
      'query',
      'email',
      'to',
      'cookie',
      '*.email',
      '*.cookie',
      '*.token',
    ],
    serializers: {
      // Fastify's own lines: the route's pattern only.
      req: (request: { method?: string; id?: string }) => ({ method: request.method, id: request.id }),
      res: (reply: { statusCode?: number }) => ({ status: reply.statusCode }),
      err: (fault: Error & { code?: unknown }) => ({ name: fault.name, code: fault.code }),
    },
  }
  return destination ? pino(options, destination) : pino(options)
}
