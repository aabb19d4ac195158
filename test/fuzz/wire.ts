// Bytes to a server and what comes back, without the politeness of an HTTP library.
import { connect } from 'node:net'

export type WireAnswer = {
  status: number
  /** Names in small letters, in the order received. */
  headers: [name: string, value: string][]
  text: string
}
/** `closed`: the server hung up without a word. */
export type Heard = WireAnswer | 'closed'

/** Nothing may take longer (issue of the hard ground: no hang). */
const PATIENCE_MS = 5000

export class Hang extends Error {}

/**
 * Sends bytes and gives the answer; a stream of events is left after its first words.
 * @param more.end says at once that nothing follows (a half-closed connection)
 * @throws Hang when nothing complete came in time
 */
export function converse(port: number, bytes: Buffer, more: { head?: boolean; end?: boolean } = {}): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: 'localhost' })
    let received = Buffer.alloc(0)
    let over = false
    const finish = (act: () => void) => {
      if (over) return
      over = true
      clearTimeout(timer)
      socket.destroy()
      act()
    }
    const timer = setTimeout(() => {
      finish(() => reject(new Hang(`no whole answer after ${PATIENCE_MS} ms, ${received.length} bytes came`)))
    }, PATIENCE_MS)
    const look = (ended: boolean) => {
      const answer = parse(received, more.head ?? false, ended)
      if (answer) finish(() => resolve(answer))
      else if (ended) finish(() => resolve('closed'))
    }
    socket.on('connect', () => {
      socket.write(bytes)
      if (more.end) socket.end()
    })
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      look(false)
    })
    socket.on('end', () => look(true))
    socket.on('error', (fault: Error & { code?: string }) => {
      if (fault.code === 'ECONNREFUSED') finish(() => reject(fault))
      else look(true)
    })
    socket.on('close', () => look(true))
  })
}

function parse(bytes: Buffer, head: boolean, ended: boolean): WireAnswer | null {
  const gap = bytes.indexOf('\r\n\r\n')
  if (gap < 0) return null
  const [line = '', ...lines] = bytes.subarray(0, gap).toString('latin1').split('\r\n')
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(line)?.[1] ?? 0)
  const rest = bytes.subarray(gap + 4)
  if (status >= 100 && status < 200) return parse(rest, head, ended)
  const headers = lines.map((each): [string, string] => {
    const colon = each.indexOf(':')
    return [each.slice(0, colon).toLowerCase(), each.slice(colon + 1).trim()]
  })
  const of = (name: string) => headers.find(([each]) => each === name)?.[1]
  const done = (body: Buffer): WireAnswer => ({ status, headers, text: body.toString() })
  if (head || status === 204 || status === 304) return done(Buffer.alloc(0))
  if (of('content-type')?.startsWith('text/event-stream')) return done(rest)
  const length = of('content-length')
  if (length !== undefined) return rest.length >= Number(length) ? done(rest.subarray(0, Number(length))) : null
  if (of('transfer-encoding') === 'chunked') {
    const body = unchunk(rest)
    return body && done(body)
  }
  return ended ? done(rest) : null
}

function unchunk(bytes: Buffer): Buffer | null {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at)
    if (line < 0) return null
    const size = Number.parseInt(bytes.subarray(at, line).toString('latin1'), 16)
    if (size === 0) return Buffer.concat(parts)
    const from = line + 2
    if (bytes.length < from + size + 2) return null
    parts.push(bytes.subarray(from, from + size))
    at = from + size + 2
  }
}
