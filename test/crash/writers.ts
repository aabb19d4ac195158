// People who write without rest, over HTTP, and send again with the same key whatever was not answered.

import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { DraftContent } from '../../src/services/exchanges/content.ts'
import type { Side } from '../../src/services/exchanges/limits.ts'
import type { CallOptions, RouteName } from '../integration/client.ts'
import { Ended, type Gate } from './gate.ts'
import type { Ledger, WrittenExchange } from './ledger.ts'
import type { Person } from './people.ts'
import type { Random } from './random.ts'

const INSURED = '284058832102532'
const MOTIFS = ['ALD', 'ARRET', 'LPP'] as const
/** A request may be lost, but never hang. */
const HUNG_MS = 25_000

export type Writing = { ledger: Ledger; gate: Gate; random: Random }

class Hung extends Error {}

/** Calls until it is answered; an answer that no crash explains ends the writer. */
async function call<K extends RouteName>(writing: Writing, person: Person, route: K, options: CallOptions = {}) {
  const { counts } = writing.ledger
  for (;;) {
    if (writing.gate.ended) throw new Ended()
    const began = performance.now()
    try {
      const answer = await within(person.client.call(route, options))
      if (answer.status !== 503) {
        if (answer.status >= 300) throw new Unexpected(`${route} answered ${answer.status} ${answer.code ?? ''}`)
        return answer.json
      }
      if (answer.code !== 'service-unavailable') throw new Unexpected(`${route} answered 503 ${answer.code}`)
      counts.away++
    } catch (fault) {
      if (fault instanceof Unexpected || fault instanceof Hung) throw fault
      counts.lost++
    } finally {
      counts.longestMs = Math.max(counts.longestMs, performance.now() - began)
    }
    await sleep(writing.random.between(10, 80))
  }
}

class Unexpected extends Error {}

async function within<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Hung(`no answer after ${HUNG_MS} ms`)), HUNG_MS)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

/** A write with its key: now and then sent twice at once, or once more after its answer; every answer must be the same. */
async function write<K extends RouteName>(writing: Writing, person: Person, route: K, options: CallOptions) {
  await writing.gate.pass()
  const { ledger, random } = writing
  const key = crypto.randomUUID()
  const send = () => call(writing, person, route, { ...options, key })
  const twice = random.chance(0.05) ? [send(), send()] : [send()]
  const [first, ...others] = await Promise.all(twice)
  if (random.chance(0.05)) others.push(await send())
  for (const other of others) {
    ledger.counts.repeated++
    if (!isDeepStrictEqual(other, first)) throw new Unexpected(`${route}: a retry was answered otherwise`)
  }
  ledger.counts.acts++
  ledger.answers.set(`${person.personId}/${key}`, first)
  return first!
}

function text(random: Random, what: string): string {
  return `${what} ${crypto.randomUUID()} ${'sans aucun sens '.repeat(random.between(0, 120))}`.trim()
}

/** One writer for both sides: the order of all that happens to its exchanges is known. */
export async function tellStories(writing: Writing, practitioner: Person, adviser: Person): Promise<void> {
  const { ledger, random } = writing
  const patientId = new Map<Person, string>()
  for (const person of [practitioner, adviser]) patientId.set(person, await identify(writing, person))
  for (;;) {
    const opener = random.chance(0.8) ? practitioner : adviser
    const exchange = await open(writing, opener, practitioner, patientId.get(opener)!)
    for (let n = random.between(0, 5); n > 0; n--) {
      const person = random.chance(0.5) ? practitioner : adviser
      if (random.chance(0.35)) await read(writing, person, exchange)
      else await answer(writing, person, exchange)
    }
    if (random.chance(0.2)) {
      await write(writing, adviser, 'POST /api/exchanges/:exchangeId/closure', {
        params: { exchangeId: exchange.exchangeId },
      })
      exchange.closed = true
      exchange.unread.practice = true
    }
    if (random.chance(0.15)) {
      const left = await draft(writing, practitioner, { patientId: patientId.get(practitioner)! })
      if (random.chance(0.6)) {
        await writing.gate.pass()
        await call(writing, practitioner, 'DELETE /api/drafts/:draftId', { params: { draftId: left } })
        ledger.drafts.delete(left)
        ledger.counts.acts++
      }
    }
  }
}

/** Several of these write into the same exchanges at the same time. */
export async function joinCrowd(writing: Writing, person: Person, exchanges: WrittenExchange[]): Promise<void> {
  for (;;) await answer(writing, person, writing.random.pick(exchanges))
}

/** An exchange for a crowd, opened by its practitioner. */
export async function openForCrowd(writing: Writing, practitioner: Person): Promise<WrittenExchange> {
  const exchange = await open(writing, practitioner, practitioner, await identify(writing, practitioner))
  exchange.sole = false
  return exchange
}

async function identify(writing: Writing, person: Person): Promise<string> {
  const found = await call(writing, person, 'POST /api/patients/identifications', { body: { number: INSURED } })
  return found.beneficiaries[0]!.patientId
}

async function open(
  writing: Writing,
  opener: Person,
  practitioner: Person,
  patientId: string,
): Promise<WrittenExchange> {
  const { ledger, random } = writing
  const words = text(random, 'premier message')
  const subject = text(random, 'objet').slice(0, 60)
  const draftId = random.chance(0.5) ? await draft(writing, opener, { patientId }) : null
  const { exchangeId } = await write(writing, opener, 'POST /api/exchanges', {
    body: {
      patientId,
      motif: random.pick(MOTIFS),
      subject,
      text: words,
      draftId,
      practiceBoxId: opener.side === 'desk' ? practitioner.boxId : null,
    },
  })
  if (draftId) ledger.drafts.delete(draftId)
  const byDesk = opener.side === 'desk'
  const exchange: WrittenExchange = {
    exchangeId,
    practitioner: practitioner.personId,
    subject,
    sole: true,
    closed: false,
    unread: { practice: byDesk, desk: !byDesk },
    reads: [],
  }
  ledger.exchanges.set(exchangeId, exchange)
  ledger.messages.set(words, {
    exchangeId,
    side: opener.side,
    author: opener.personId,
    text: words,
    messageId: null,
    seq: 1,
  })
  return exchange
}

async function answer(writing: Writing, person: Person, exchange: WrittenExchange): Promise<void> {
  const { ledger, random } = writing
  const { exchangeId } = exchange
  const words = text(random, 'message')
  // In a crowd, a person has one draft of an answer per exchange: only sole writers write any.
  const draftId = exchange.sole && random.chance(0.25) ? await draft(writing, person, { exchangeId }) : null
  const { messageId, seq } = await write(writing, person, 'POST /api/exchanges/:exchangeId/messages', {
    params: { exchangeId },
    body: { text: words, draftId },
  })
  if (draftId) ledger.drafts.delete(draftId)
  ledger.messages.set(words, { exchangeId, side: person.side, author: person.personId, text: words, messageId, seq })
  const others: Side = person.side === 'desk' ? 'practice' : 'desk'
  exchange.unread[others] = true
}

async function read(writing: Writing, person: Person, exchange: WrittenExchange): Promise<void> {
  await writing.gate.pass()
  const { exchangeId } = exchange
  const seen = await call(writing, person, 'GET /api/exchanges/:exchangeId', { params: { exchangeId } })
  exchange.unread[person.side] = false
  if (person.side === 'practice') exchange.reads.push(Date.now())
  writing.ledger.counts.acts++
  const expected = [...writing.ledger.messages.values()].filter((message) => message.exchangeId === exchangeId)
  if (
    !isDeepStrictEqual(
      seen.messages.map((message) => [message.seq, message.text]),
      expected.map((message) => [message.seq, message.text]),
    )
  )
    throw new Unexpected(`exchange ${exchangeId} reads otherwise than it was written`)
}

async function draft(
  writing: Writing,
  person: Person,
  about: { patientId: string } | { exchangeId: string },
): Promise<string> {
  const { ledger, random } = writing
  const content = (): DraftContent => ({
    motif: null,
    subject: '',
    text: text(random, 'brouillon'),
    practiceBoxId: null,
  })
  let now = content()
  const { draftId, version } = await write(writing, person, 'POST /api/drafts', { body: { ...about, content: now } })
  const stored = { personId: person.personId, version, content: now }
  ledger.drafts.set(draftId, stored)
  for (let n = random.between(0, 3); n > 0; n--) {
    await writing.gate.pass()
    now = content()
    const saved = await call(writing, person, 'PUT /api/drafts/:draftId', {
      params: { draftId },
      body: { version: stored.version, content: now },
    })
    if (saved.version !== stored.version + 1)
      throw new Unexpected(`a draft went from ${stored.version} to ${saved.version}`)
    stored.version = saved.version
    stored.content = now
    ledger.counts.acts++
  }
  return draftId
}
