// Holds security/asvs.json: every requirement of OWASP ASVS 5.0 chapters V6 to V10 is answered once, and the tests it
// names exist. A test is named « file::name », names of nested ones joined by « › ».
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { z } from 'zod'
import { importsOf } from './boundaries.ts'

export const Answers = z.array(
  z.strictObject({
    id: z.string().regex(/^V\d+\.\d+\.\d+$/),
    applies: z.boolean(),
    why: z.string().min(4),
    tests: z.array(z.string().regex(/^[\w./-]+\.test\.ts::.+$/)),
  }),
)
export type Answers = z.infer<typeof Answers>

/** How the reason of a requirement that applies and is not met begins. */
export const NOT_MET = 'Not met: '

/** @param csv `req_id,level`, one a line */
export function requirementIds(csv: string): string[] {
  return csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[0]!)
}

/** Every sentence about what is wrong with the answers; none when all is well. */
export function findFaults(answers: Answers, ids: string[], root: string): string[] {
  const given = answers.map(({ id }) => id)
  const faults = [
    ...ids.filter((id) => !given.includes(id)).map((id) => `${id} is not answered`),
    ...given.filter((id) => !ids.includes(id)).map((id) => `${id} is no requirement of these chapters`),
    ...given.filter((id, at) => given.indexOf(id) !== at).map((id) => `${id} is answered twice`),
  ]
  for (const { id, applies, why, tests } of answers) {
    if (!applies && tests.length > 0) faults.push(`${id} does not apply, and names tests`)
    if (applies && why.startsWith(NOT_MET) !== (tests.length === 0))
      faults.push(`${id}: what is met names a test, what is not says « ${NOT_MET.trim()} » and names none`)
    for (const test of tests) if (!testExists(test, root)) faults.push(`${id}: no such test: ${test}`)
  }
  return faults
}

export function testExists(test: string, root: string): boolean {
  const at = test.indexOf('::')
  const [file, name] = [join(root, test.slice(0, at)), test.slice(at + 2)]
  if (!existsSync(file)) return false
  const text = readFileSync(file, 'utf8')
  // A table that a file walks through may stand in another one.
  const near = importsOf(file, text)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => join(dirname(file), specifier))
    .filter((path) => existsSync(path))
  return namesATest(
    name,
    text,
    near.map((path) => readFileSync(path, 'utf8')),
  )
}

/**
 * Whether a test of this name is in the text of a test file. A name made at run time must stand letter by letter in the
 * file, or in one that it imports.
 */
export function namesATest(name: string, text: string, imported: string[] = []): boolean {
  const source = parse(text)
  // End to end, a step carries the name of its story (test/e2e/scenario.ts).
  const story = /\bscenario\('([^']+)'/.exec(text)?.[1] ?? ''
  const parts = name.split(' › ')
  const literals = new Set<string>()
  for (const each of [source, ...imported.map(parse)]) collect(each, literals)
  let found = false
  const visit = (node: ts.Node, depth: number): void => {
    const title = ts.isCallExpression(node) ? titleOf(node, story) : null
    if (title && !title.fits(parts[depth] ?? '', literals)) return
    if (title?.last) found ||= depth === parts.length - 1
    ts.forEachChild(node, (child) => visit(child, title && !title.last ? depth + 1 : depth))
  }
  visit(source, 0)
  return found
}

const parse = (text: string) => ts.createSourceFile('x.test.ts', text, ts.ScriptTarget.Latest, true)

type Title = { last: boolean; fits(name: string, literals: Set<string>): boolean }

function titleOf(call: ts.CallExpression, story = ''): Title | null {
  const callee = ts.isPropertyAccessExpression(call.expression) ? call.expression.expression : call.expression
  if (!ts.isIdentifier(callee) || !['test', 'it', 'step', 'describe', 'suite'].includes(callee.text)) return null
  const [title] = call.arguments
  if (!title || call.arguments.length < 2) return null
  const last = callee.text !== 'describe' && callee.text !== 'suite'
  const before = callee.text === 'step' ? `${story}: ` : ''
  if (ts.isStringLiteralLike(title)) return { last, fits: (name) => name === before + title.text }
  if (ts.isTemplateExpression(title)) {
    const pieces = [before + title.head.text, ...title.templateSpans.map((span) => span.literal.text)]
    const pattern = new RegExp(`^${pieces.map(quoted).join('.+')}$`)
    return { last, fits: (name) => pattern.test(name) }
  }
  return { last, fits: (name, literals) => name.startsWith(before) && literals.has(name.slice(before.length)) }
}

const quoted = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** What a name made at run time may be made of: every text of a file but the names written out. */
function collect(node: ts.Node, literals: Set<string>): void {
  if (ts.isStringLiteralLike(node)) literals.add(node.text)
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) literals.add(node.name.text)
  const named = ts.isCallExpression(node) && titleOf(node) !== null
  ts.forEachChild(node, (child) => {
    if (!(named && child === node.arguments[0])) collect(child, literals)
  })
}
