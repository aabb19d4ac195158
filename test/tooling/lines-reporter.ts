// Reporter of node:test that writes one JSON line per event, for run-test-files.ts to count and print.
import { inspect } from 'node:util'

type Event = {
  type: string
  data: {
    name: string
    nesting: number
    file?: string
    line?: number
    skip?: string | boolean
    todo?: string | boolean
    details?: { type?: string; duration_ms?: number; error?: Error & { failureType?: string; cause?: unknown } }
  }
}

export type Line = {
  /** `dequeue`: begins to run; `start`: its results begin, each parent before its children. */
  event: 'dequeue' | 'start' | 'pass' | 'fail'
  name: string
  nesting: number
  suite: boolean
  line?: number
  /** Reason, or '' when none is given; absent for a test that counts. */
  skipped?: string
  failureType?: string
  error?: string
}

const EVENTS = new Set(['test:dequeue', 'test:start', 'test:pass', 'test:fail'])

export default async function* linesReporter(source: AsyncIterable<Event>): AsyncGenerator<string> {
  for await (const { type, data } of source) {
    if (!EVENTS.has(type)) continue
    const { error } = data.details ?? {}
    const leftOut = data.skip ?? data.todo
    const line: Line = {
      event: type.slice(5) as Line['event'],
      name: data.name,
      nesting: data.nesting,
      suite: data.details?.type === 'suite',
      line: data.line,
      skipped: leftOut === undefined || leftOut === false ? undefined : leftOut === true ? '' : leftOut,
      failureType: error?.failureType,
      error: error && written(error.cause ?? error),
    }
    yield `${JSON.stringify(line)}\n`
  }
}

function written(cause: unknown): string {
  return cause instanceof Error && !('cause' in cause) ? (cause.stack ?? cause.message) : inspect(cause)
}
