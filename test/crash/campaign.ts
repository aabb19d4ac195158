// The crash campaign: people write while processes are killed; after each round, and at the end, everything is compared.
import { setTimeout as sleep } from 'node:timers/promises'
import type { MailFault } from '../../simulators/mail-box/start.ts'
import { openDatabase, statement } from '../../src/platform/database/database.ts'
import { createGate, Ended, type Gate } from './gate.ts'
import { createInstallation, type Installation } from './installation.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { type Person, somebody } from './people.ts'
import { createRandom, type Random } from './random.ts'
import { type Findings, verify } from './verify.ts'
import { joinCrowd, openForCrowd, tellStories, type Writing } from './writers.ts'

/**
 * What is killed: the server; one process of PostgreSQL that is not its first; the postmaster alone (the others notice);
 * every process of PostgreSQL; server and PostgreSQL at the same moment.
 */
const STRIKES = ['server', 'backend', 'postmaster', 'postgres', 'both'] as const
type Strike = (typeof STRIKES)[number]

const MAIL_FAULTS: MailFault[] = [
  { kind: 'none' },
  { kind: 'none' },
  { kind: 'refuse' },
  { kind: 'drop' },
  { kind: 'dropAfterKeeping' },
  { kind: 'slow', delayMs: 300 },
]

export type Round = {
  round: number
  strikes: string
  mail: string
  acts: number
  lost: number
  away: number
  /** From the last strike to the first healthy answer. */
  recoveryMs: number
  faults: string[]
}

export type Outcome = {
  seed: number
  rounds: Round[]
  ledger: Ledger
  final: Findings | null
  mails: { notices: number; handedOver: number; copies: number }
  /** Whatever is wrong outside a round. */
  faults: string[]
}

const STORIES = 8
const CROWD = 3

export async function runCampaign(options: {
  rounds: number
  seed: number
  port: number
  told?: (round: Round) => void
}): Promise<Outcome> {
  const random = createRandom(options.seed)
  const ledger = createLedger()
  const outcome: Outcome = {
    seed: options.seed,
    rounds: [],
    ledger,
    final: null,
    mails: { notices: 0, handedOver: 0, copies: 0 },
    faults: [],
  }
  const installation = await createInstallation(options.port)
  const gate = createGate(STORIES + CROWD)
  try {
    await installation.start()
    const people = await enrol(installation)
    const writers = await startWriters(people, { ledger, gate, random: random.fork(0) })
    for (let number = 1; number <= options.rounds; number++) {
      const round = await runRound(installation, number, random.fork(number), { ledger, gate, people })
      outcome.rounds.push(round)
      options.told?.(round)
      if (round.faults.length > 0) break
      gate.open()
    }
    await gate.shut(60_000)
    await finish(installation, outcome, people)
    gate.end()
    await Promise.all(writers)
  } catch (fault) {
    outcome.faults.push((fault as Error).stack ?? String(fault))
  } finally {
    gate.end()
    outcome.faults.push(...ledger.faults, ...indiscretions(installation, ledger))
    await installation.close()
  }
  return outcome
}

async function enrol(installation: Installation): Promise<{ practitioners: Person[]; advisers: Person[] }> {
  const database = openDatabase(installation.connection(), { medical: 1, administrative: 4 })
  try {
    const make = (side: Person['side'], count: number, from: number) =>
      Promise.all(Array.from({ length: count }, (_, n) => somebody(database, installation.url, side, from + n)))
    return { practitioners: await make('practice', STORIES + 1, 0), advisers: await make('desk', STORIES + 2, 100) }
  } finally {
    await database.close()
  }
}

type People = Awaited<ReturnType<typeof enrol>>

async function startWriters({ practitioners, advisers }: People, parts: Writing): Promise<Promise<void>[]> {
  const [together, ...alone] = practitioners as [Person, ...Person[]]
  const [one, other, ...sole] = advisers as [Person, Person, ...Person[]]
  const shared = [await openForCrowd(parts, together), await openForCrowd(parts, together)]
  const writing = (number: number): Writing => ({ ...parts, random: parts.random.fork(number) })
  const writers = [
    ...alone.map((practitioner, n) => tellStories(writing(n), practitioner, sole[n]!)),
    ...[together, one, other].map((person, n) => joinCrowd(writing(100 + n), person, shared)),
  ]
  return writers.map((writer) =>
    writer
      .catch((fault) => {
        if (!(fault instanceof Ended)) parts.ledger.faults.push((fault as Error).stack ?? String(fault))
      })
      .finally(() => parts.gate.leave()),
  )
}

async function runRound(
  installation: Installation,
  number: number,
  random: Random,
  { ledger, gate, people }: { ledger: Ledger; gate: Gate; people: People },
): Promise<Round> {
  const before = { ...ledger.counts }
  const mail = random.pick(MAIL_FAULTS)
  installation.mailBox.setFault(mail)
  const faults: string[] = []
  await sleep(random.between(150, 1200))
  const strikes: Strike[] = [random.pick(STRIKES)]
  strike(installation, strikes[0]!, random)
  let struckAt = performance.now()
  // A third of the time, a second one falls while everything starts again.
  const again = random.chance(0.35) ? random.between(0, 1500) : null
  const second = random.pick(STRIKES)
  const restartAfter = random.between(0, 400)
  const recovered = recover(installation, restartAfter, faults)
  if (again !== null) {
    await sleep(again)
    strikes.push(second)
    strike(installation, second, random)
    struckAt = performance.now()
  }
  await recovered
  // The second strike may have fallen after the first recovery.
  await recover(installation, 0, faults)
  const recoveryMs = Math.round(performance.now() - struckAt)
  await sleep(random.between(50, 300))
  installation.mailBox.setFault({ kind: 'none' })
  await gate.shut(60_000)
  if (ledger.faults.length > 0) faults.push(...ledger.faults)
  const findings = await verify(installation, ledger, [...people.practitioners, people.advisers[0]!])
  faults.push(...findings.faults)
  return {
    round: number,
    strikes: strikes.join(' + '),
    mail: mail.kind,
    acts: ledger.counts.acts - before.acts,
    lost: ledger.counts.lost - before.lost,
    away: ledger.counts.away - before.away,
    recoveryMs,
    faults,
  }
}

function strike(installation: Installation, what: Strike, random: Random): void {
  const backends = installation.backends()
  const postmaster = installation.postmaster()
  const victims: (number | undefined)[] = []
  if (what === 'server' || what === 'both') installation.server().kill('SIGKILL')
  if (what === 'backend' && backends.length > 0) victims.push(random.pick(backends))
  if (what === 'postmaster') victims.push(postmaster)
  if (what === 'postgres' || what === 'both') victims.push(postmaster, ...backends)
  for (const pid of victims) {
    try {
      if (pid) process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

/** Starts the server again as a process manager would, until it is healthy. */
async function recover(installation: Installation, delayMs: number, faults: string[]): Promise<void> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const { ended } = installation.server()
    if (ended === 'SIGKILL') await sleep(delayMs)
    // A server that had started must outlive whatever happens to PostgreSQL.
    try {
      if (ended) await installation.start()
      else await installation.healthy()
      return
    } catch (fault) {
      const wasReady = !ended && installation.server().ended !== 'SIGKILL'
      if (wasReady) faults.push(`the server did not outlive PostgreSQL: ${(fault as Error).message}`)
      if (Date.now() > deadline || wasReady) throw fault
    }
  }
}

const WAITING = statement('test.waiting', 'select count(*)::int as n from portal.outbox where done_at is null')

/** Every notice goes out, everything is compared once more, and every exchange is read by its people over HTTP. */
async function finish(installation: Installation, outcome: Outcome, people: People): Promise<void> {
  const { ledger } = outcome
  installation.server().kill('SIGKILL')
  await installation.server().end
  // A minute later: what the dead had taken in hand to send is free again.
  await installation.start({ clockAheadMs: 61_000 })
  const database = openDatabase(installation.connection(), { medical: 1, administrative: 1 })
  try {
    const deadline = Date.now() + 60_000
    for (;;) {
      const [row] = await database.administrative.run<{ n: number }>(WAITING)
      if (row?.n === 0) break
      if (Date.now() > deadline) throw new Error(`${row?.n} notices were not sent`)
      await sleep(100)
    }
  } finally {
    await database.close()
  }
  outcome.final = await verify(installation, ledger, [...people.practitioners, people.advisers[0]!])
  await readAll(outcome, people)
  const mails = installation.mailBox.messages()
  const ids = new Set(mails.map((mail) => mail.messageId))
  outcome.mails = { notices: outcome.final.notices, handedOver: ids.size, copies: mails.length - ids.size }
  if (ids.size !== outcome.final.notices) outcome.faults.push(`${ids.size} mails for ${outcome.final.notices} notices`)
}

async function readAll({ ledger, faults }: Outcome, { advisers }: People): Promise<void> {
  const texts = new Map<string, string[]>()
  for (const { exchangeId, text, seq } of ledger.messages.values()) {
    const list = texts.get(exchangeId) ?? []
    list[seq - 1] = text
    texts.set(exchangeId, list)
  }
  const waiting = [...ledger.exchanges.keys()]
  const reader = async (adviser: Person) => {
    for (let exchangeId = waiting.pop(); exchangeId; exchangeId = waiting.pop()) {
      const seen: string[] = []
      let before: string | undefined
      for (;;) {
        const page = await adviser.client.do('GET /api/exchanges/:exchangeId', {
          params: { exchangeId },
          query: before ? { before } : {},
        })
        seen.unshift(...page.messages.map((message) => message.text))
        if (!page.earlier) break
        before = String(page.messages[0]!.seq)
      }
      if (seen.join('\n') !== texts.get(exchangeId)?.join('\n'))
        faults.push(`exchange ${exchangeId} does not read as it was written`)
    }
  }
  await Promise.all(advisers.slice(0, 4).map(reader))
}

/** Logs must hold neither a text, nor a name, nor a number, nor a fault that nobody foresaw. */
function indiscretions(installation: Installation, ledger: Ledger): string[] {
  const printed = installation.printed()
  const told = ['CANARI', 'essai.example', '284058832', 'sans aucun sens'].filter((word) => printed.includes(word))
  for (const text of ledger.messages.keys())
    if (printed.includes(text.split(' ').slice(0, 3).join(' '))) told.push('a text')
  const faults = told.map((word) => `a log tells ${word}`)
  for (const line of printed.split('\n')) if (line.includes('unforeseen fault')) faults.push(line.slice(0, 1000))
  return faults.slice(0, 10)
}
