// `npm test`: every check and every test, in stages; ends with « N passed, N failed ».
//   --only unit,lint     these stages, by name or first words        --grep WORD   files, else tests, whose name holds it
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureChromium } from './tooling/chromium.ts'
import { type ExternalPostgres, startExternalPostgres } from './tooling/external-postgres.ts'
import { stopServersUnder } from './tooling/left-behind.ts'
import { runTestFiles, type Tally } from './tooling/run-test-files.ts'
import { nothing, runCheck, testFiles } from './tooling/stages.ts'

type Stage = { name: string; run(): Promise<Tally> }

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const MINUTE = 60_000
/** Nothing begins or lasts after this: a run that is cut from outside says nothing at all. A shared CI may be slow. */
const BUDGET_MS = (process.env.CI ? 60 : 14) * MINUTE
const CORES = 2

const { values: asked } = parseArgs({ options: { only: { type: 'string' }, grep: { type: 'string' } } })
const begun = performance.now()
const left = () => Math.max(1000, BUDGET_MS - (performance.now() - begun))
const say = (sentence: string) => console.log(sentence)
const stopping = new AbortController()

// What the tests write and start stays in this folder, whose name is short enough for unix sockets.
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'ct-')))
// A PostgreSQL that gave up root goes through it.
chmodSync(scratch, 0o711)
cleanEnvironment()

function cleanEnvironment(): void {
  for (const name of Object.keys(process.env)) {
    // The settings of whoever runs this, and above all their database, are not for the tests.
    if (/^(CONSILIUM_(?!TEST_)|DATABASE_URL|PORT$|HOST$|PG[A-Z]+$)/.test(name)) delete process.env[name]
  }
  process.env.TMPDIR = scratch
  process.env.TZ = 'UTC'
  process.env.NODE_ENV = 'test'
  process.env.NO_COLOR = '1'
  delete process.env.FORCE_COLOR
}

const bin = (path: string) => join('node_modules', path)
const check = (name: string, ...words: string[]): Stage => ({
  name,
  run: () => runCheck(words, { root: ROOT, timeoutMs: Math.min(4 * MINUTE, left()), signal: stopping.signal }),
})

const checks: Stage[] = [
  check('lint', bin('@biomejs/biome/bin/biome'), 'check', '--colors=off', '--max-diagnostics=100'),
  check('types', bin('typescript/bin/tsc'), '--noEmit', '--pretty', 'false', '-p', '.'),
  check('boundaries', 'tools/boundaries.ts'),
]
if (existsSync(join(ROOT, 'portal/tsconfig.json'))) {
  checks.push(check('types-portal', bin('vue-tsc/bin/vue-tsc.js'), '--noEmit', '--pretty', 'false', '-p', 'portal'))
}
const build = check('build', 'tools/build-portal.ts')
if (existsSync(join(ROOT, 'tools/build-portal.ts'))) checks.unshift(build)

let external: Promise<ExternalPostgres> | undefined
let browser: Promise<string> | undefined

const tests: Stage[] = [
  {
    name: 'unit',
    run: () =>
      runFiles(['src', 'portal', 'simulators', 'tools', 'bench', 'bin', 'test/tooling'], {
        timeoutMs: 2 * MINUTE,
        concurrency: CORES,
      }),
  },
  {
    name: 'integration-embedded',
    run: () => runFiles(['test/integration'], { timeoutMs: 3 * MINUTE, concurrency: CORES }),
  },
  {
    name: 'integration-url',
    async run() {
      const server = await external!
      say(`  PostgreSQL ${server.version} (${server.kind})`)
      if (server.kind === 'embedded') {
        loud('NO EXTERNAL PostgreSQL HERE: a second server of the embedded binaries stands in for it')
      }
      return runFiles(['test/integration'], {
        timeoutMs: 3 * MINUTE,
        concurrency: CORES,
        env: { DATABASE_URL: server.url },
      })
    },
  },
  {
    name: 'e2e',
    async run() {
      const chromium = await browser!
      if (!wanted(build) && checks.includes(build)) {
        const built = await build.run()
        if (built.failed) return built
      }
      return runFiles(['test/e2e'], { timeoutMs: 5 * MINUTE, concurrency: CORES, env: { CHROMIUM: chromium } })
    },
  },
  {
    name: 'faults',
    run: () => runFiles(['test/fuzz', 'test/crash', 'test/faults'], { timeoutMs: 3 * MINUTE, concurrency: CORES }),
  },
]

function runFiles(
  folders: string[],
  options: { timeoutMs: number; concurrency: number; env?: NodeJS.ProcessEnv },
): Promise<Tally> {
  const files = testFiles(ROOT, folders)
  const named = asked.grep ? files.filter((file) => relative(ROOT, file).includes(asked.grep!)) : []
  return runTestFiles(named.length ? named : files, {
    ...options,
    timeoutMs: Math.min(options.timeoutMs, left()),
    grep: named.length ? undefined : asked.grep,
    signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(Math.round(left()))]),
    root: ROOT,
  })
}

function wanted({ name }: Stage): boolean {
  if (!asked.only) return asked.grep ? !checks.some((stage) => stage.name === name) : true
  return asked.only.split(',').some((word) => name.startsWith(word.trim()))
}

function loud(sentence: string): void {
  say(`\n  ${'!'.repeat(3)} ${sentence} ${'!'.repeat(3)}\n`)
}

type Done = Tally & { name: string; seconds: number }

async function perform(stage: Stage): Promise<Done> {
  const from = performance.now()
  const tally = await stage.run().catch((fault: Error) => ({
    ...nothing(),
    failed: 1,
    failures: [fault.stack ?? fault.message],
  }))
  const done = { ...tally, name: stage.name, seconds: (performance.now() - from) / 1000 }
  if (!done.failed && !done.passed && !done.skipped.length) done.skipped.push('no test was found')
  say(`${done.failed ? '✖' : '✔'} ${row(done)}`)
  for (const failure of done.failures) say(`\n${failure.replaceAll(/^/gm, '    ')}\n`)
  for (const reason of done.skipped) say(`  SKIPPED ${reason}`)
  return done
}

function row({ name, passed, failed, skipped, seconds }: Done): string {
  const cells = [passed, failed, skipped.length].map((count) => String(count).padStart(7))
  return `${name.padEnd(24)}${cells.join('')}${seconds.toFixed(1).padStart(9)}`
}

/** Gives the closing line and the exit code. */
async function main(): Promise<{ line: string; code: number }> {
  const now = [...checks, ...tests].filter(wanted)
  if (now.length === 0) {
    say(`No stage is named « ${asked.only} »: ${[...checks, ...tests].map(({ name }) => name).join(' | ')}`)
    return { line: '0 passed, 0 failed', code: 1 }
  }
  // What may have to be installed is fetched while the checks run; in turn, since apt holds a lock.
  let prepared: Promise<unknown> = Promise.resolve()
  if (now.includes(tests[2]!)) prepared = external = startExternalPostgres((sentence) => say(`  ${sentence}`))
  if (now.includes(tests[3]!)) {
    browser = prepared.catch(() => {}).then(() => ensureChromium((sentence) => say(`  ${sentence}`)))
  }
  // Their faults belong to the stages that wait for them.
  external?.catch(() => {})
  browser?.catch(() => {})

  const done: Done[] = []
  const waiting = now.filter((stage) => checks.includes(stage))
  const worker = async () => {
    for (let stage = waiting.shift(); stage; stage = waiting.shift()) done.push(await perform(stage))
  }
  await Promise.all(Array.from({ length: CORES }, worker))
  for (const stage of tests) if (now.includes(stage)) done.push(await perform(stage))

  const sum = (what: 'passed' | 'failed') => done.reduce((total, tally) => total + tally[what], 0)
  const skipped = done.flatMap((tally) => tally.skipped)
  say(`\n  ${'stage'.padEnd(24)} passed failed skipped  seconds`)
  for (const tally of done) say(`${tally.failed ? '✖' : ' '} ${row(tally)}`)
  say(`  ${'in all'.padEnd(45)}${((performance.now() - begun) / 1000).toFixed(1).padStart(9)}`)
  if (skipped.length) loud(`${skipped.length} SKIPPED`)
  return {
    line: `${sum('passed')} passed, ${sum('failed')} failed`,
    code: sum('failed') > 0 || sum('passed') === 0 ? 1 : 0,
  }
}

async function tidy(): Promise<void> {
  await (await external?.catch(() => undefined))?.stop()
  const forgotten = stopServersUnder(scratch)
  if (forgotten) console.error(`  stopped ${forgotten} PostgreSQL left running by tests`)
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stopping.abort()
    tidy().finally(() => process.exit(130))
  })
}
const { line, code } = await main().finally(tidy)
process.exitCode = code
say(line)
