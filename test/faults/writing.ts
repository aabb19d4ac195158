// What a person does when something fails: sends again, with the same key, until it is answered.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Client } from '../integration/client.ts'

export const UNAVAILABLE =
  'Le service est momentanément indisponible. Votre texte est conservé ; réessayez dans un instant.'

export type Sent = { text: string; messageId: string; seq: number; refusals: number; lost: number; longestMs: number }

/** A refusal for want of PostgreSQL: its status, code, sentence, and when to come back. */
export function assertUnavailable(answer: Answer<unknown>): void {
  assert.deepEqual(
    [answer.status, answer.code, answer.problem?.title, answer.headers['retry-after']],
    [503, 'service-unavailable', UNAVAILABLE, '2'],
  )
}

/** Sends a message until it is answered; whatever is neither done nor `service-unavailable` fails the test. */
export async function send(client: Client, exchangeId: string, text: string, deadlineMs = 40_000): Promise<Sent> {
  const key = crypto.randomUUID()
  const began = performance.now()
  const sent = { refusals: 0, lost: 0, longestMs: 0 }
  while (performance.now() - began < deadlineMs) {
    const from = performance.now()
    const answer = await client
      .call('POST /api/exchanges/:exchangeId/messages', { params: { exchangeId }, body: { text }, key })
      .catch(() => null)
    sent.longestMs = Math.max(sent.longestMs, performance.now() - from)
    if (answer?.status === 201) return { text, ...answer.json, ...sent }
    if (answer) {
      assertUnavailable(answer)
      sent.refusals++
    } else sent.lost++
    await sleep(40)
  }
  throw new Error(`not sent after ${deadlineMs} ms`)
}

/** Everything acknowledged is there exactly once, where it was said to be, and nothing else. */
export async function assertKept(reader: Client, exchangeId: string, sent: Sent[]): Promise<void> {
  const found: { seq: number; messageId: string; text: string }[] = []
  for (let before: string | undefined; ; before = String(found[0]?.seq)) {
    const page = await reader.do('GET /api/exchanges/:exchangeId', {
      params: { exchangeId },
      query: before ? { before } : {},
    })
    found.unshift(...page.messages)
    if (!page.earlier) break
  }
  const told = ({ seq, messageId, text }: { seq: number; messageId: string; text: string }) => [seq, messageId, text]
  assert.deepEqual(found.slice(1).map(told), sent.toSorted((a, b) => a.seq - b.seq).map(told))
}
