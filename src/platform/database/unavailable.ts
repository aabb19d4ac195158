import { refuse } from '../http/problem.ts'

/**
 * Recognises the faults that mean « the server is away, try again » and gives the refusal to answer with; null for
 * any other fault. PostgreSQL codes: class 08 connection, 53 resources (disk full, too many), 57P shutdown and start,
 * 58 system, 25006 read-only standby, 40 serialisation and deadlock.
 */
export function unavailable(fault: unknown) {
  const code = (fault as { code?: unknown }).code
  const message = fault instanceof Error ? fault.message : ''
  const away =
    (typeof code === 'string' &&
      (/^(08|53|57P|58|40)/.test(code) ||
        [
          '25006',
          'ECONNREFUSED',
          'ECONNRESET',
          'ENOENT',
          'EPIPE',
          'ETIMEDOUT',
          'ENOTFOUND',
          'EAI_AGAIN',
          '57014',
        ].includes(code))) ||
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|not queryable|Cannot use a pool after/i.test(
      message,
    )
  return away ? refuse('service-unavailable', { cause: fault }) : null
}
