// Runs test files of node:test, each in a process of its own that cannot hang the whole, and counts their tests.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Line } from './lines-reporter.ts'

export type Tally = {
  passed: number
  failed: number
  /** « file › test: reason ». */
  skipped: string[]
  /** What to print, in full, for each failure. */
  failures: string[]
}

export type Options = {
  concurrency: number
  /** Time allowed to one file. */
  timeoutMs: number
  env?: NodeJS.ProcessEnv
  /** Only the tests whose name matches. */
  grep?: string
  signal?: AbortSignal
  /** Folder that the printed paths are relative to. */
  root: string
}

const REPORTER = fileURLToPath(new URL('./lines-reporter.ts', import.meta.url))
const OUTPUT_KEPT = 20_000

export async function runTestFiles(files: string[], options: Options): Promise<Tally> {
  const total: Tally = { passed: 0, failed: 0, skipped: [], failures: [] }
  const waiting = [...files]
  const reports = mkdtempSync(join(tmpdir(), 'consilium-test-'))
  const worker = async (number: number) => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const tally = await runFile(file, join(reports, `${number}.jsonl`), options)
      total.passed += tally.passed
      total.failed += tally.failed
      total.skipped.push(...tally.skipped)
      total.failures.push(...tally.failures)
    }
  }
  try {
    await Promise.all(Array.from({ length: options.concurrency }, (_, number) => worker(number)))
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
  return total
}

async function runFile(file: string, report: string, options: Options): Promise<Tally> {
  const { env, grep, timeoutMs, root, signal } = options
  rmSync(report, { force: true })
  const args = [
    ...[
      '--disable-warning=ExperimentalWarning',
      `--test-reporter=${REPORTER}`,
      `--test-reporter-destination=${report}`,
    ],
    ...(grep ? [`--test-name-pattern=${grep}`] : []),
    file,
  ]
  // Its own process group, so that a browser or a server it left behind goes with it.
  const child = spawn(process.execPath, args, {
    cwd: root,
    // Inside a test of node:test, this variable would make the child report to that one instead of to us.
    env: { ...process.env, ...env, NODE_TEST_CONTEXT: undefined },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk).slice(-OUTPUT_KEPT)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  let late = false
  const timer = setTimeout(() => {
    late = true
    killGroup(child)
  }, timeoutMs)
  const abort = () => killGroup(child)
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort)
  const ending = await new Promise<number | string>((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('exit', (code, name) => resolve(code ?? name ?? 'unknown'))
  })
  clearTimeout(timer)
  signal?.removeEventListener('abort', abort)
  killGroup(child)

  const short = file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file
  const { running, ...tally } = count(readLines(report), short)
  if (late) {
    const names = running.length ? `; begun and not ended: ${running.join(', ')}` : ''
    fail(
      tally,
      `${short}\nstopped after ${timeoutMs / 1000} s: a test hangs, or something was left open (timer, server, connection)${names}`,
    )
  } else if (ending !== 0 && tally.failed === 0) {
    fail(tally, `${short}\nended by ${ending} without a failing test`)
  } else if (!grep && tally.passed + tally.failed + tally.skipped.length === 0) {
    fail(tally, `${short}\nholds no test`)
  }
  if (tally.failures.length && output.trim()) tally.failures.push(`${short}: what it printed\n${output.trim()}`)
  return tally
}

/**
 * Counts the tests that hold no other test; a suite, or a test with subtests, counts only when it fails by itself.
 * Events come with every parent after its children.
 */
export function count(lines: Line[], file: string): Tally & { running: string[] } {
  const tally: Tally = { passed: 0, failed: 0, skipped: [], failures: [] }
  const withChildren = new Set<number>()
  const path: string[] = []
  const running = new Set<string>()
  for (const line of lines) {
    const { event, nesting, name } = line
    if (event === 'dequeue') running.add(name)
    if (event === 'start') path[nesting] = name
    if (event === 'dequeue' || event === 'start') continue
    running.delete(name)
    const parent = withChildren.delete(nesting + 1) || line.suite
    withChildren.add(nesting)
    const title = `${file}${line.line ? `:${line.line}` : ''} › ${[...path.slice(0, nesting), name].join(' › ')}`
    if (line.skipped !== undefined) tally.skipped.push(`${title}${line.skipped && `: ${line.skipped}`}`)
    else if (event === 'fail') {
      if (!parent || line.failureType !== 'subtestsFailed') fail(tally, `${title}\n${line.error ?? ''}`)
    } else if (!parent) tally.passed++
  }
  return { ...tally, running: [...running] }
}

function fail(tally: Tally, text: string): void {
  tally.failed++
  tally.failures.push(text)
}

function readLines(report: string): Line[] {
  let text = ''
  try {
    text = readFileSync(report, 'utf8')
  } catch {
    // The process died before its first test.
  }
  // A process killed in the middle of a line leaves half of it.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Everything of it already ended.
  }
}
