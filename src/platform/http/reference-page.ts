// Readable pages, without script: the API reference and the page of each error.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from './problem.ts'

type Operation = {
  operationId: string
  summary: string
  'x-level': string
  'x-right': string
  security?: unknown[]
  parameters: { name: string; in: string; required: boolean }[]
  requestBody?: { content: Record<string, { schema: unknown }> }
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>
}

const DOCS = join(import.meta.dirname, '../../../docs/errors')

const html = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const layout = (title: string, lang: string, body: string) =>
  `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${html(title)} – Consilium</title><link rel="icon" href="/favicon.svg"></head><body><main>${body}</main></body></html>`

/** Every operation with who may call it, what it takes and gives. */
export function referencePage(document: Record<string, unknown>): string {
  const paths = document.paths as Record<string, Record<string, Operation>>
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(method, path, operation)),
  )
  return layout(
    'API reference',
    'en',
    `<h1>API reference</h1><p>Made from the same contracts as the routes. Machine-readable: <a href="/api/openapi.json">OpenAPI 3.1</a>. Refusals are <code>application/problem+json</code> with a stable <code>code</code>; each code has its page under <code>/docs/errors/</code>.</p>${sections.join('')}`,
  )
}

function section(method: string, path: string, operation: Operation): string {
  const parameters = operation.parameters.map(
    (p) => `<li><code>${html(p.name)}</code> (${p.in}${p.required ? ', required' : ''})</li>`,
  )
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema
  const answers = Object.entries(operation.responses)
    .filter(([status]) => status !== 'default')
    .map(([status, answer]) => {
      const [type, content] = Object.entries(answer.content ?? {})[0] ?? []
      return `<p>Answer ${status}${type ? ` <code>${type}</code>` : ''}</p>${content ? schema(content.schema) : ''}`
    })
  return `<section><h2 id="${operation.operationId}"><code>${method.toUpperCase()} ${html(path)}</code></h2><p>${html(operation.summary)}. Level <code>${operation['x-level']}</code>, right <code>${operation['x-right']}</code>${operation.security ? ', open to strangers' : ''}.</p>${parameters.length > 0 ? `<ul>${parameters.join('')}</ul>` : ''}${body ? `<p>Body</p>${schema(body)}` : ''}${answers.join('')}</section>`
}

const schema = (value: unknown) =>
  `<details><summary>Schema</summary><pre>${html(JSON.stringify(value, null, 2))}</pre></details>`

/** The page of docs/errors for a code, paragraph by paragraph. */
export async function problemPage(code: string, problem: Problem): Promise<string> {
  const text = await readFile(join(DOCS, `${code}.md`), 'utf8').catch(() => '')
  const paragraphs = text
    .split(/\n\s*\n/)
    .filter((part) => part.trim() && !part.startsWith('#'))
    .map((part) => `<p>${html(part.trim())}</p>`)
  return layout(
    code,
    'fr',
    `<h1>${html(problem.title)}</h1><p>Code <code>${html(code)}</code>, statut ${problem.status}.</p>${paragraphs.join('')}`,
  )
}
