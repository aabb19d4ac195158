// The smallest HTTP client that can load a server from the same machine: one socket, one request at a time, bytes
// prepared beforehand. A general client would take more of the two cores than what it measures.
import { connect, type Socket } from 'node:net'

export type Answer = { status: number; body: string }
export type Wire = { send(request: Buffer): Promise<Answer>; close(): void }

/** Opens one kept-alive connection. */
export async function openWire(port: number): Promise<Wire> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let waiting: { resolve(answer: Answer): void; reject(fault: Error): void } | null = null
  let buffer = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk])
    const end = buffer.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = buffer.toString('latin1', 0, end)
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (buffer.length < end + 4 + length) return
    const answer = { status: Number(head.slice(9, 12)), body: buffer.toString('utf8', end + 4, end + 4 + length) }
    buffer = buffer.subarray(end + 4 + length)
    const { resolve } = waiting!
    waiting = null
    resolve(answer)
  })
  const fail = (fault?: Error) => {
    waiting?.reject(fault ?? new Error('connection closed'))
    waiting = null
  }
  socket.on('error', fail)
  socket.on('close', () => fail())
  return {
    send(request) {
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request)
      })
    },
    close: () => socket.destroy(),
  }
}

/** The bytes of a request; `headers` are whole lines. */
export function requestBytes(
  method: string,
  path: string,
  cookie: string,
  body?: unknown,
  headers: string[] = [],
): Buffer {
  const text = body === undefined ? '' : JSON.stringify(body)
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'host: localhost',
    // As a browser says of a page's own requests.
    'sec-fetch-site: same-origin',
    `cookie: ${cookie}`,
    ...(body === undefined ? [] : ['content-type: application/json', `content-length: ${Buffer.byteLength(text)}`]),
    ...headers,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`)
}
