// Live updates: after a commit, and never inside the transaction (it would cost 59 % of the throughput), the boxes that
// changed are told to every server by NOTIFY, coalesced; each server tells its open streams.
import type { ServerResponse } from 'node:http'
import type pg from 'pg'
import type { Logger } from 'pino'
import { type Database, statement } from '../database/database.ts'
import { faultKind } from '../http/server.ts'

/** Identifiers and the motif only: what changed, in which boxes. */
export type Change = { boxes: string[]; exchangeId: string; motif: string }

/** What a stream is told of: changes in these boxes, of these motifs (null: all). */
export type Followed = { sessionId: string; boxes: string[]; motifs: string[] | null }

export type Live = {
  /** Tells every server of a change that is committed. Never fails: a lost notice only delays a screen. */
  tell(change: Change): void
  /** Has every server look at once whether the streams of these sessions may go on. Never fails. */
  lookAt(sessionIds: string[]): void
  /**
   * Opens a stream of server-sent events on a response.
   * @param alive asked every so often, and when the session is to be looked at; false ends the stream with an event
   *   `session`
   */
  follow(response: ServerResponse, followed: Followed, alive: () => Promise<boolean>): void
  start(): Promise<void>
  stop(): Promise<void>
  /** Open streams, for measures. */
  size(): number
}

const CHANNEL = 'consilium_change'
const COALESCE_MS = 15
const ALIVE_MS = 20_000
/** A listener only ever hears: a line that vanished without a word is found by asking. */
const ASK_MS = 15_000
/** PostgreSQL refuses a payload of 8,000 bytes. */
const PAYLOAD = 7_000

const STILL_THERE = 'select 1'
const TELL = statement('live.tell', `select pg_notify('${CHANNEL}', $1)`)

type Stream = { response: ServerResponse; followed: Followed; look(): Promise<void> }

const concerns = ({ boxes, motifs }: Followed, change: Change): boolean =>
  (motifs === null || motifs.includes(change.motif)) && change.boxes.some((box) => boxes.includes(box))

/** What crosses the channel: changes of boxes, or sessions to look at. */
type News = Change[] | { lookAt: string[] }

/**
 * @param askMs for tests: how often the listening connection is asked whether it still is one
 * @param aliveMs for tests: how often a stream is asked whether its session still is one
 */
export function createLive(database: Database, log: Logger, askMs = ASK_MS, aliveMs = ALIVE_MS): Live {
  const streams = new Set<Stream>()
  let waiting: Change[] = []
  let timer: NodeJS.Timeout | null = null
  let client: pg.Client | null = null
  let stopped = true

  function send(stream: Stream, event: string, data: unknown): void {
    // A reader that does not read is dropped rather than remembered: it will come back and ask again.
    if (stream.response.writableLength > 64_000) stream.response.destroy()
    else stream.response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  function receive(news: News): void {
    if (Array.isArray(news)) receiveChanges(news)
    else look(news.lookAt)
  }

  function receiveChanges(changes: Change[]): void {
    for (const stream of streams) {
      const mine = new Set(
        changes.filter((change) => concerns(stream.followed, change)).map((change) => change.exchangeId),
      )
      for (const exchangeId of mine) send(stream, 'change', { exchangeId })
    }
  }

  function look(sessionIds: string[]): void {
    const looked = new Set(sessionIds)
    for (const stream of streams) if (looked.has(stream.followed.sessionId)) void stream.look()
  }

  async function flush(): Promise<void> {
    timer = null
    const changes = waiting
    waiting = []
    const parts: Change[][] = [[]]
    let size = 0
    for (const change of changes) {
      const bytes = JSON.stringify(change).length + 1
      if (size + bytes > PAYLOAD) {
        parts.push([])
        size = 0
      }
      parts.at(-1)!.push(change)
      size += bytes
    }
    for (const part of parts)
      if (part.length > 0) await database.administrative.run(TELL, [JSON.stringify(part)]).catch(() => receive(part))
  }

  async function listen(): Promise<void> {
    const connection = await database.connect()
    connection.on('notification', (message) => {
      if (message.payload) receive(JSON.parse(message.payload) as News)
    })
    let asking: NodeJS.Timeout | undefined
    const lost = () => {
      clearInterval(asking)
      if (client !== connection || stopped) return
      client = null
      log.warn('live updates: connection lost, listening again')
      setTimeout(again, 300).unref()
    }
    connection.on('end', lost)
    connection.on('error', lost)
    try {
      await connection.query(`listen ${CHANNEL}`)
    } catch (fault) {
      await connection.end().catch(() => {})
      throw fault
    }
    client = connection
    if (stopped) return connection.end().catch(() => {})
    asking = setInterval(() => {
      connection.query(STILL_THERE).catch(() => connection.end().catch(() => {}))
    }, askMs)
    asking.unref()
  }

  function again(): void {
    if (stopped) return
    listen().then(
      // What happened meanwhile is unknown: every screen asks again.
      () => {
        for (const stream of streams) send(stream, 'resync', {})
      },
      (fault) => {
        log.debug({ fault: faultKind(fault) }, 'live updates: still away')
        setTimeout(again, 500).unref()
      },
    )
  }

  return {
    tell(change) {
      if (stopped) return
      waiting.push(change)
      timer ??= setTimeout(() => void flush(), COALESCE_MS)
    },
    lookAt(sessionIds) {
      if (stopped || sessionIds.length === 0) return
      for (let at = 0; at < sessionIds.length; at += 100) {
        const part = sessionIds.slice(at, at + 100)
        void database.administrative.run(TELL, [JSON.stringify({ lookAt: part })]).catch(() => look(part))
      }
    },
    follow(response, followed, alive) {
      const look = async () => {
        const still = await alive().catch(() => true)
        if (still || response.writableEnded) return
        send(stream, 'session', {})
        response.end()
      }
      const stream: Stream = { response, followed, look }
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-accel-buffering': 'no',
      })
      response.write('retry: 2000\nevent: open\ndata: {}\n\n')
      streams.add(stream)
      const watch = setInterval(() => {
        response.write(': alive\n\n')
        void look()
      }, aliveMs)
      watch.unref()
      response.on('close', () => {
        clearInterval(watch)
        streams.delete(stream)
      })
    },
    async start() {
      stopped = false
      await listen()
    },
    async stop() {
      stopped = true
      if (timer) {
        // The other servers must hear of what was committed here.
        clearTimeout(timer)
        await flush()
      }
      for (const stream of streams) stream.response.end()
      await client?.end().catch(() => {})
    },
    size: () => streams.size,
  }
}
