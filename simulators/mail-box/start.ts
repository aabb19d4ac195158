// A mail server that keeps what it receives in memory and shows it: nothing ever leaves it.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AddressObject, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { listen } from '../listen.ts'
import { pagePolicy } from '../page.ts'
import { mailBoxPage } from './page.ts'

export type ReceivedMail = {
  to: string
  subject: string
  text: string
  html: string
  /** ISO 8601: the mail's own date, or when it came if it bears none. */
  date: string
  from: string
  /** Addresses of the SMTP dialogue, whatever the headers say. */
  envelope: { from: string; to: string[] }
  messageId: string
  headers: { name: string; value: string }[]
  raw: string
  receivedAt: string
}

/**
 * What goes wrong, for tests of the sender:
 * `refuse` answers 451 to every recipient; `slow` accepts after `delayMs`; `drop` cuts the line in mid-message;
 * `dropAfterKeeping` keeps the mail and cuts the line before saying so, which makes a sender send a second copy.
 */
export type MailFault = { kind: 'none' | 'refuse' | 'drop' | 'dropAfterKeeping' } | { kind: 'slow'; delayMs: number }

export type MailBox = {
  /** The page, and `/api/messages` under it. */
  url: string
  smtpUrl: string
  messages(): ReceivedMail[]
  clear(): void
  setFault(fault: MailFault): void
  /** Attempts to hand a mail over, refused and dropped ones included. */
  attempts(): number
  close(): Promise<void>
}

/** @param capacity mails kept; the oldest go first */
export async function startMailBox(options: { port: number; smtpPort: number; capacity?: number }): Promise<MailBox> {
  const capacity = options.capacity ?? 1000
  let messages: ReceivedMail[] = []
  let fault: MailFault = { kind: 'none' }
  let attempts = 0

  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: 5_000_000,
    logger: false,
    onRcptTo(_address, _session, done) {
      if (fault.kind !== 'refuse') return done()
      attempts++
      done(Object.assign(new Error('mailbox unavailable, try again later'), { responseCode: 451 }))
    },
    onData(stream, session, done) {
      attempts++
      receive(stream, session).then(
        () => done(),
        () => done(Object.assign(new Error('message not understood'), { responseCode: 451 })),
      )
    },
  })
  smtp.on('error', () => {})

  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession) {
    const chunks: Buffer[] = []
    for await (const chunk of stream) {
      if (fault.kind === 'drop') return cut(session)
      chunks.push(chunk as Buffer)
    }
    if (fault.kind === 'slow')
      await new Promise((resolve) => setTimeout(resolve, (fault as { delayMs: number }).delayMs))
    messages.push(await readMail(Buffer.concat(chunks), session))
    if (messages.length > capacity) messages = messages.slice(-capacity)
    if (fault.kind === 'dropAfterKeeping') return cut(session)
  }

  function cut(session: SMTPServerSession): Promise<never> {
    for (const connection of smtp.connections as Set<{ id: string; _socket: { destroy(): void } }>) {
      if (connection.id === session.id) connection._socket.destroy()
    }
    // Never settles: the line is gone, there is nobody left to answer.
    return new Promise(() => {})
  }

  await new Promise<void>((resolve, reject) => {
    smtp.server.once('error', reject)
    smtp.listen(options.smtpPort, '127.0.0.1', () => resolve())
  })
  const smtpPort = (smtp.server.address() as { port: number }).port

  const clear = () => {
    messages = []
  }
  let web: Awaited<ReturnType<typeof listen>>
  try {
    web = await listen((request, response) => answer(request, response, () => messages, clear), options.port)
  } catch (unavailable) {
    await new Promise<void>((resolve) => smtp.close(() => resolve()))
    throw unavailable
  }

  return {
    url: web.url,
    smtpUrl: `smtp://localhost:${smtpPort}`,
    messages: () => [...messages],
    clear,
    setFault: (next) => {
      fault = next
    },
    attempts: () => attempts,
    async close() {
      for (const connection of smtp.connections as Set<{ _socket: { destroy(): void } }>) connection._socket.destroy()
      await Promise.all([new Promise<void>((resolve) => smtp.close(() => resolve())), web.close()])
    },
  }
}

async function readMail(raw: Buffer, session: SMTPServerSession): Promise<ReceivedMail> {
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true })
  const receivedAt = new Date().toISOString()
  const envelope = {
    from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
    to: session.envelope.rcptTo.map(({ address }) => address),
  }
  return {
    to: addresses(mail.to) || envelope.to.join(', '),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || '',
    date: (mail.date ?? new Date(receivedAt)).toISOString(),
    from: addresses(mail.from) || envelope.from,
    envelope,
    messageId: mail.messageId ?? '',
    headers: mail.headerLines.map(({ key, line }) => ({ name: key, value: line.slice(line.indexOf(':') + 1).trim() })),
    raw: raw.toString('utf8'),
    receivedAt,
  }
}

function addresses(field: AddressObject | AddressObject[] | undefined): string {
  if (!field) return ''
  return [field]
    .flat()
    .flatMap(({ value }) => value.map(({ address }) => address ?? ''))
    .filter(Boolean)
    .join(', ')
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  messages: () => ReceivedMail[],
  clear: () => void,
): void {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  response.setHeader('content-security-policy', pagePolicy())
  response.setHeader('referrer-policy', 'no-referrer')
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('cache-control', 'no-store')
  const act = `${request.method} ${pathname}`
  if (act === 'GET /') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(mailBoxPage(messages()))
  } else if (act === 'GET /api/messages') {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(messages()))
  } else if (act === 'DELETE /api/messages') {
    clear()
    response.writeHead(204).end()
  } else if (act === 'POST /vider') {
    request.resume()
    clear()
    response.writeHead(303, { location: '/' }).end()
  } else {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Adresse inconnue\n')
  }
}
