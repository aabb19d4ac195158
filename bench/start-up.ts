// How long until the portal is healthy, cold (an empty data folder) and warm, as a child process of its own.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPortal } from '../tools/build-portal.ts'
import { median, round } from './measure.ts'

/** First port of eight that are free in a row. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 20_000)
    const free = await Promise.all(Array.from({ length: 8 }, (_, i) => isFree(port + i)))
    if (free.every(Boolean)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
}

async function once(data: string): Promise<number> {
  const port = await freePort()
  const began = performance.now()
  const child = spawn(process.execPath, [join(import.meta.dirname, '../bin/consilium.js'), 'start'], {
    env: { ...process.env, PORT: String(port), CONSILIUM_DATA: data, CONSILIUM_LOG_LEVEL: 'error' },
    stdio: 'ignore',
  })
  try {
    for (;;) {
      const healthy = await fetch(`http://localhost:${port}/api/health`).then(
        (answer) => answer.ok,
        () => false,
      )
      if (healthy) return performance.now() - began
      if (performance.now() - began > 60_000) throw new Error('not healthy after a minute')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }
}

/** Milliseconds, the median of five warm starts. */
export async function measureStart() {
  // What must be built is built beforehand: a start finds it there.
  await buildPortal()
  const data = mkdtempSync(join(tmpdir(), 'consilium-start-'))
  try {
    const cold = await once(data)
    const warm: number[] = []
    for (let i = 0; i < 5; i++) warm.push(await once(data))
    return { cold_ms: round(cold, 0), warm_ms: round(median(warm), 0) }
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
}
