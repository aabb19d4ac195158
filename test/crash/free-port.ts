import { createServer } from 'node:net'

/**
 * A free port below those that the system gives to outgoing connections: a server that is down for a second must find
 * its own again.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = 8700 + Math.floor(Math.random() * 100)
    if ((await isFree(port, '127.0.0.1')) && (await isFree(port, 'localhost'))) return port
  }
  throw new Error('no free port from 8700 to 8799')
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}
