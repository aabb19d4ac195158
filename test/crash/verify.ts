// Compares what the database holds with what was acknowledged, while nothing moves.
import { isDeepStrictEqual } from 'node:util'
import { type Database, openDatabase, statement } from '../../src/platform/database/database.ts'
import { verifyTrace } from '../../src/platform/trace/verify.ts'
import { fileKeys } from '../../src/platform/vault/keys.ts'
import { createVault, type Vault } from '../../src/platform/vault/vault.ts'
import type { Side } from '../../src/services/exchanges/limits.ts'
import { type Awaits, after, folderOf, opened, type State } from '../../src/services/exchanges/rules.ts'
import { exchangeKey, openBody, openHeader, type SealedExchange } from '../../src/services/exchanges/sealing.ts'
import { openDraftContent, type SealedDraft } from '../../src/services/exchanges/sealing-drafts.ts'
import type { Installation } from './installation.ts'
import type { Ledger } from './ledger.ts'
import type { Person } from './people.ts'

export type Findings = {
  lost: number
  doubled: number
  unreadable: number
  events: number
  notices: number
  faults: string[]
}

type ExchangeRow = SealedExchange & {
  practitioner: string
  state: State
  awaits: Awaits
  messages: number
  practice_box: string
  desk_box: string
}
type MessageRow = {
  exchange_id: string
  seq: number
  message_id: string
  side: Side
  author: string
  body: Buffer
  sent_at: Date
}
type EntryRow = { box_id: string; exchange_id: string; side: Side; folder: string; unread: boolean }
type NoticeRow = {
  kind: string
  outbox_id: string
  exchange_id: string
  person_id: string
  created_at: Date
  done_at: Date | null
}

const EXCHANGES = statement('test.exchanges', 'select * from medical.exchange')
const MESSAGES = statement('test.messages', 'select * from medical.message order by exchange_id, seq')
const ENTRIES = statement('test.entries', 'select * from medical.box_entry')
const DRAFTS = statement('test.drafts', 'select * from medical.draft')
const KEYS = statement('test.keys', 'select person_id, key, result from portal.idempotency')
const NOTICES = statement('test.notices', 'select * from portal.outbox')
const EVENTS = statement(
  'test.events',
  "select type, exchange_id, event from trace.event where type in ('exchange.opened', 'exchange.written', 'exchange.closed')",
)
const FOLDERS = statement(
  'test.folders',
  `select folder, count(*)::int as n from medical.box_entry e join portal.box_holder h using (box_id)
   where h.person_id = $1 and e.unread group by folder
   union all select 'drafts', count(*)::int from medical.draft where person_id = $1`,
)

/** Looks at everything; what is not as it should be is told in `faults`, thirty lines at most. */
export async function verify(installation: Installation, ledger: Ledger, people: Person[]): Promise<Findings> {
  const database = openDatabase(installation.connection(), { medical: 4, administrative: 2 })
  const findings: Findings = { lost: 0, doubled: 0, unreadable: 0, events: 0, notices: 0, faults: [] }
  try {
    const vault = createVault(await fileKeys(`${installation.folder}/keys`))
    const exchanges = new Map(
      (await database.medical.run<ExchangeRow>(EXCHANGES)).map((exchange) => [exchange.exchange_id, exchange]),
    )
    const messages = await database.medical.run<MessageRow>(MESSAGES)
    await checkMessages(findings, ledger, vault, exchanges, messages)
    await checkSituations(findings, ledger, database, vault, exchanges, messages)
    await checkDrafts(findings, ledger, database, vault)
    await checkKeys(findings, ledger, database)
    await checkTrace(findings, database, messages, exchanges)
    await checkNotices(findings, ledger, database, installation, messages)
    for (const person of people) await checkCounters(findings, database, person)
  } finally {
    await database.close()
  }
  return findings
}

async function checkMessages(
  findings: Findings,
  ledger: Ledger,
  vault: Vault,
  exchanges: Map<string, ExchangeRow>,
  messages: MessageRow[],
): Promise<void> {
  const found = new Set<string>()
  const next = new Map<string, number>()
  for (const row of messages) {
    const exchange = exchanges.get(row.exchange_id)
    const seq = next.get(row.exchange_id) ?? 1
    next.set(row.exchange_id, seq + 1)
    if (row.seq !== seq) tell(findings, `message ${row.message_id} has number ${row.seq}, not ${seq}`)
    if (!exchange) {
      tell(findings, `message ${row.message_id} has no exchange`)
      continue
    }
    let text: string
    try {
      const key = await exchangeKey(vault, exchange)
      text = openBody(vault, key, exchange.organism_id, row.exchange_id, row.message_id, row.body)
    } catch {
      findings.unreadable++
      tell(findings, `message ${row.message_id} cannot be opened`)
      continue
    }
    const written = ledger.messages.get(text)
    if (found.has(text)) {
      findings.doubled++
      tell(findings, `message ${row.message_id} is there twice`)
    } else if (!written) {
      // Every writer sends again until it is answered, so nothing may be there that nobody was told of.
      findings.doubled++
      tell(findings, `message ${row.message_id} was acknowledged to nobody`)
    } else if (
      written.exchangeId !== row.exchange_id ||
      written.seq !== row.seq ||
      written.side !== row.side ||
      written.author !== row.author ||
      (written.messageId ?? row.message_id) !== row.message_id
    )
      tell(findings, `message ${row.message_id} is not where, or whose, it was acknowledged to be`)
    found.add(text)
  }
  for (const [text, written] of ledger.messages) {
    if (found.has(text)) continue
    findings.lost++
    tell(findings, `message ${written.seq} of exchange ${written.exchangeId} is lost`)
  }
  for (const exchange of exchanges.values())
    if (exchange.messages !== (next.get(exchange.exchange_id) ?? 1) - 1)
      tell(findings, `exchange ${exchange.exchange_id} counts ${exchange.messages} messages`)
}

async function checkSituations(
  findings: Findings,
  ledger: Ledger,
  database: Database,
  vault: Vault,
  exchanges: Map<string, ExchangeRow>,
  messages: MessageRow[],
): Promise<void> {
  const sides = new Map<string, Side[]>()
  for (const row of messages) sides.set(row.exchange_id, [...(sides.get(row.exchange_id) ?? []), row.side])
  const entries = new Map<string, EntryRow[]>()
  for (const row of await database.medical.run<EntryRow>(ENTRIES))
    entries.set(row.exchange_id, [...(entries.get(row.exchange_id) ?? []), row])
  for (const written of ledger.exchanges.values()) {
    const { exchangeId } = written
    const exchange = exchanges.get(exchangeId)
    const [first, ...rest] = sides.get(exchangeId) ?? []
    if (!exchange || !first) {
      findings.lost++
      tell(findings, `exchange ${exchangeId} is lost`)
      continue
    }
    try {
      const { subject } = openHeader(vault, await exchangeKey(vault, exchange), exchange)
      if (subject !== written.subject) tell(findings, `exchange ${exchangeId} has another subject`)
    } catch {
      findings.unreadable++
      tell(findings, `the subject of exchange ${exchangeId} cannot be opened`)
    }
    let situation: { state: State; awaits: Awaits } = opened(first)
    for (const side of rest) situation = after(situation, 'write', side) ?? situation
    if (written.closed) situation = after(situation, 'close', 'desk') ?? situation
    if (exchange.state !== situation.state || exchange.awaits !== situation.awaits)
      tell(findings, `exchange ${exchangeId} is ${exchange.state}, awaits ${exchange.awaits}`)
    const expected = (['desk', 'practice'] as const).map((side) => [
      side,
      side === 'desk' ? exchange.desk_box : exchange.practice_box,
      folderOf(situation.awaits, side),
      written.unread[side],
    ])
    const actual = (entries.get(exchangeId) ?? [])
      .map((entry) => [entry.side, entry.box_id, entry.folder, entry.unread])
      .sort()
    if (!isDeepStrictEqual(actual, expected))
      tell(findings, `exchange ${exchangeId} lies in ${JSON.stringify(actual)}, not in ${JSON.stringify(expected)}`)
  }
  for (const exchangeId of exchanges.keys())
    if (!ledger.exchanges.has(exchangeId)) {
      findings.doubled++
      tell(findings, `exchange ${exchangeId} was acknowledged to nobody`)
    }
}

async function checkDrafts(findings: Findings, ledger: Ledger, database: Database, vault: Vault): Promise<void> {
  const rows = new Map(
    (await database.medical.run<SealedDraft & { version: number }>(DRAFTS)).map((row) => [row.draft_id, row]),
  )
  for (const [draftId, written] of ledger.drafts) {
    const row = rows.get(draftId)
    if (!row || row.version < written.version) {
      findings.lost++
      tell(findings, `version ${written.version} of draft ${draftId} is lost`)
      continue
    }
    const content = await openDraftContent(vault, row).catch(() => null)
    if (!content) findings.unreadable++
    if (row.version !== written.version || !isDeepStrictEqual(content, written.content))
      tell(findings, `draft ${draftId} is not as it was saved`)
  }
  for (const draftId of rows.keys())
    if (!ledger.drafts.has(draftId)) tell(findings, `draft ${draftId} was sent, thrown away or acknowledged to nobody`)
}

async function checkKeys(findings: Findings, ledger: Ledger, database: Database): Promise<void> {
  const rows = await database.administrative.run<{ person_id: string; key: string; result: unknown }>(KEYS)
  const results = new Map(rows.map((row) => [`${row.person_id}/${row.key}`, row.result]))
  for (const [key, answer] of ledger.answers)
    if (!isDeepStrictEqual(results.get(key), answer)) tell(findings, `the answer of key ${key} is not kept`)
  if (results.size !== ledger.answers.size)
    tell(findings, `${results.size} keys are kept, ${ledger.answers.size} were used`)
}

async function checkTrace(
  findings: Findings,
  database: Database,
  messages: MessageRow[],
  exchanges: Map<string, ExchangeRow>,
): Promise<void> {
  const { events, faults } = await verifyTrace(database.administrative)
  findings.events = events
  for (const fault of faults) tell(findings, `trace: ${JSON.stringify(fault)}`)
  const rows = await database.administrative.run<{ type: string; exchange_id: string; event: string }>(EVENTS)
  const told = new Map<string, number>()
  for (const { type, exchange_id, event } of rows) {
    const what = type === 'exchange.closed' ? `closed/${exchange_id}` : `${JSON.parse(event).message}/${exchange_id}`
    told.set(what, (told.get(what) ?? 0) + 1)
  }
  const expected = [
    ...messages.map((row) => `${row.message_id}/${row.exchange_id}`),
    ...[...exchanges.values()].filter((x) => x.state === 'closed').map((x) => `closed/${x.exchange_id}`),
  ]
  for (const what of expected) if (told.get(what) !== 1) tell(findings, `${told.get(what) ?? 0} events tell of ${what}`)
  if (told.size !== expected.length) tell(findings, `${told.size} acts are traced, ${expected.length} were done`)
}

const QUIET_MS = 10 * 60_000

/**
 * Each message of the desk is told of by a mail: a notice made with it; or one made within ten minutes before, and not
 * answered by a reading since; or an older one that had not left yet.
 */
async function checkNotices(
  findings: Findings,
  ledger: Ledger,
  database: Database,
  installation: Installation,
  messages: MessageRow[],
): Promise<void> {
  const rows = await database.administrative.run<NoticeRow>(NOTICES)
  findings.notices = rows.length
  const lastCopy = new Map<string, number>()
  for (const mail of installation.mailBox.messages())
    lastCopy.set(mail.messageId.slice(1).split('@')[0]!, Date.parse(mail.receivedAt))
  const byExchange = new Map<string, NoticeRow[]>()
  const known = new Set<string>()
  for (const row of rows) {
    known.add(row.outbox_id)
    // Mails of sign-ins and accounts are of no exchange.
    if (row.kind !== 'exchange') continue
    byExchange.set(row.exchange_id, [...(byExchange.get(row.exchange_id) ?? []), row])
    if (row.done_at && !lastCopy.has(row.outbox_id)) {
      findings.lost++
      tell(findings, `notice ${row.outbox_id} is recorded as sent and was not`)
    }
    if (row.person_id !== ledger.exchanges.get(row.exchange_id)?.practitioner)
      tell(findings, `notice ${row.outbox_id} goes to somebody else`)
  }
  for (const id of lastCopy.keys()) if (!known.has(id)) tell(findings, `a mail ${id} belongs to no notice`)

  for (const message of messages) {
    if (message.side !== 'desk') continue
    const sentAt = message.sent_at.getTime()
    const exchange = ledger.exchanges.get(message.exchange_id)
    const told = byExchange.get(message.exchange_id)?.some((row) => {
      const madeAt = row.created_at.getTime()
      // In a crowd, whose message comes first is known to a few milliseconds only.
      if (madeAt === sentAt || (!exchange?.sole && Math.abs(madeAt - sentAt) < 2000)) return true
      if (madeAt > sentAt) return false
      const answered = exchange?.reads.some((read) => madeAt < read && read < sentAt)
      if (!answered && sentAt - madeAt <= QUIET_MS) return true
      return !row.done_at || (lastCopy.get(row.outbox_id) ?? 0) >= sentAt
    })
    if (told) continue
    findings.lost++
    tell(findings, `message ${message.message_id} of the desk is told of by no mail`)
  }
}

async function checkCounters(findings: Findings, database: Database, person: Person): Promise<void> {
  const counts = new Map(
    (await database.medical.run<{ folder: string; n: number }>(FOLDERS, [person.personId])).map((row) => [
      row.folder,
      row.n,
    ]),
  )
  const truth = Object.fromEntries(
    ['todo', 'waiting', 'drafts', 'closed'].map((folder) => [folder, Math.min(100, counts.get(folder) ?? 0)]),
  )
  const shown = await person.client.do('GET /api/exchanges/counters')
  if (!isDeepStrictEqual({ ...shown }, truth))
    tell(findings, `counters of ${person.personId}: ${JSON.stringify(shown)}, not ${JSON.stringify(truth)}`)
}

function tell(findings: Findings, sentence: string): void {
  if (findings.faults.length < 30) findings.faults.push(sentence)
}
