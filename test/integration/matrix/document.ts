// What the OpenAPI document says of an operation, as the walk compares it with what is answered.
import assert from 'node:assert/strict'
import type { Level, Right } from '../../../src/platform/http/contract.ts'
import type { Scope } from '../../../src/platform/sessions/holds.ts'
import type { Answer } from '../client.ts'

export type Described = {
  'x-level': Level
  'x-right': Right
  'x-scope'?: Scope
  security?: unknown[]
  responses: Record<string, { 'x-codes'?: string[]; content?: Record<string, unknown> }>
}
export type Document = {
  paths: Record<string, Record<string, Described>>
  'x-problems': Record<string, { status: number; title: string }>
}

/** @param route "GET /api/exchanges/:exchangeId" */
export function describedAs(document: Document, route: string): Described {
  const [method, url] = route.split(' ') as [string, string]
  const found = document.paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
  assert.ok(found, `${route} is not in the OpenAPI document`)
  return found
}

/** The one documented status of success. */
export function successOf({ responses }: Described): number {
  const [status, ...more] = Object.keys(responses).filter((each) => /^[23]\d\d$/.test(each))
  assert.ok(status && more.length === 0, 'one success is documented')
  return Number(status)
}

/** What was answered is documented: its status, and its code under that status. */
export function assertDocumented(document: Document, described: Described, answer: Answer, where: string): void {
  if (answer.status < 400) {
    assert.ok(String(answer.status) in described.responses, `${where}: ${answer.status} is not documented`)
    return
  }
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/, where)
  const problem = document['x-problems'][answer.code ?? '']
  assert.deepEqual([problem?.status, problem?.title], [answer.status, answer.problem.title], where)
  // `default` stands for the refusals of the acts; who is refused for what they are, is documented one by one.
  if (answer.status !== 401 && answer.status !== 403) return
  const codes = described.responses[answer.status]?.['x-codes'] ?? []
  assert.ok(codes.includes(answer.code!), `${where}: ${answer.code} is not documented under ${answer.status}`)
}

/** Whether success is a stream of events, which does not end by itself. */
export const isStream = ({ responses }: Described): boolean => 'text/event-stream' in (responses[200]?.content ?? {})
