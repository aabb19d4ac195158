// What a stage of `npm test` gives back, and how a command becomes one.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Tally } from './run-test-files.ts'

export const nothing = (): Tally => ({ passed: 0, failed: 0, skipped: [], failures: [] })

/** A command that must succeed counts as one test; what it printed is shown when it fails. */
export function runCheck(words: string[], options: { root: string; timeoutMs: number; signal: AbortSignal }) {
  const { root, timeoutMs, signal } = options
  return new Promise<Tally>((resolve) => {
    const child = spawn(process.execPath, words, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      signal,
    })
    let output = ''
    const keep = (chunk: Buffer) => {
      output = (output + chunk).slice(0, 30_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => {
      output += error.message
    })
    child.on('close', (code, name) => {
      if (code === 0) return resolve({ ...nothing(), passed: 1 })
      resolve({ ...nothing(), failed: 1, failures: [`${output.trim()}\n(ended by ${name ?? code})`] })
    })
  })
}

/** Test files under these folders, sorted, biggest folders of the list first as given. */
export function testFiles(root: string, folders: string[]): string[] {
  return folders.flatMap((folder) => {
    if (!existsSync(join(root, folder))) return []
    return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !file.includes('/node_modules/'))
      .sort()
  })
}
