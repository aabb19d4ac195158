// A loopback server that can be closed at once: what every simulator stands on.
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

export type Running = { url: string; port: number; close(): Promise<void> }

/** PEM texts; `ca` signs the certificates of clients, which are asked for and not demanded. */
export type Tls = { certificate: string; key: string; ca: string }

/** Listens on the loopback only (a simulator is never offered to a network); port 0 picks a free one. */
export async function listen(handler: RequestListener, port: number, tls?: Tls): Promise<Running> {
  const server = tls
    ? createTlsServer(
        { cert: tls.certificate, key: tls.key, ca: tls.ca, requestCert: true, rejectUnauthorized: false },
        handler,
      )
    : createServer(handler)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const bound = (server.address() as AddressInfo).port
  return {
    url: `${tls ? 'https' : 'http'}://localhost:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((fault) => (fault ? reject(fault) : resolve()))
        server.closeAllConnections()
      }),
  }
}
