// Holds the arrows of docs/architecture.md: reads every import of the house and refuses those that go the wrong way.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const ROOMS = ['src', 'portal', 'simulators', 'test', 'bench', 'tools', 'bin']

/** Files of services that another service may import: what it promises, not how it does it. */
const SHOWN_TO_SERVICES = new Set(['contract.ts', 'problems.ts', 'limits.ts'])
/** What the portal may import from src, as types only: the rest of a contract is the server's (zod weighs 75 kB). */
const TYPES_FOR_PORTAL = new Set(['contract.ts', 'problem.ts', 'problems.ts'])
/** What the portal may import from src as values: small, pure, and without an import of their own. */
const VALUES_FOR_PORTAL = new Set(['limits.ts', 'nir.ts'])
/** The design system, which portal/ui alone knows, so that a change of it stops there. */
const DESIGN_SYSTEM = /^(@cnamts\/synapse|vuetify|#syn|@)(\/|$)/
/** The only file of src that knows the simulators, and only when it runs. */
const DEMONSTRATION = 'src/demonstration.ts'
const NAMELESS = /^(utils?|commons?|helpers?)$/i

export type Import = {
  /** As it is written, « ../contract.ts ». */
  specifier: string
  typeOnly: boolean
  dynamic: boolean
  line: number
}
export type Violation = { file: string; line: number; sentence: string }

/** Every violation in the house at `root`. */
export function findViolations(root: string): Violation[] {
  const files = ROOMS.flatMap((room) => sources(root, room))
  return files.flatMap((file) => [
    ...checkName(file),
    ...importsOf(file, readFileSync(join(root, file), 'utf8')).flatMap((found) => {
      const sentence = checkImport(file, found)
      return sentence ? [{ file, line: found.line, sentence }] : []
    }),
  ])
}

/**
 * The sentence that refuses this import, or undefined.
 * @param file path from the root, with `/`
 */
export function checkImport(file: string, { specifier, typeOnly, dynamic }: Import): string | undefined {
  if (file.startsWith('portal/') && DESIGN_SYSTEM.test(specifier)) {
    const known = file.startsWith('portal/ui/') || /^portal\/[^/]+\.config\.ts$/.test(file)
    return known ? undefined : `only portal/ui knows the design system (${specifier})`
  }
  const target = targetOf(file, specifier)
  if (!target) return undefined
  const [from, to] = [placeOf(file), placeOf(target)]
  const name = basename(target)
  const isTest = file.endsWith('.test.ts')

  if (from.room === 'portal') {
    if (to.room === 'portal') return undefined
    // Its tests stay out of the browser, and may hold it against the real contract.
    if (isTest) return undefined
    if (to.room !== 'src') return `the portal imports nothing of ${to.room}/`
    if (VALUES_FOR_PORTAL.has(name)) return undefined
    if (!TYPES_FOR_PORTAL.has(name)) return `the portal knows contracts and limits, not ${target}`
    return typeOnly ? undefined : `the portal imports the types of ${target} only: write \`import type\``
  }
  if (from.room === 'src') {
    if (to.room === 'portal' || to.room === 'bench') return `src imports nothing of ${to.room}/`
    if (to.room === 'test') return isTest ? undefined : 'the product imports nothing of test/'
    if (to.room === 'simulators') {
      if (isTest || (file === DEMONSTRATION && (dynamic || typeOnly))) return undefined
      return `simulators are known to ${DEMONSTRATION} alone, by import()`
    }
    if (VALUES_FOR_PORTAL.has(basename(file)) && !typeOnly) {
      return `${basename(file)} goes to the browser as it is: it imports nothing`
    }
  }
  if (from.area === 'platform' && to.room === 'src' && to.area !== 'platform') {
    return `the platform knows nothing of what stands on it (${target})`
  }
  if (from.service && to.room === 'src' && to.area !== 'platform' && from.service !== to.service) {
    if (!to.service) return `a service does not know what plugs it in (${target})`
    // A test may set its scene with another service; the product may not.
    if (isTest || SHOWN_TO_SERVICES.has(name)) return undefined
    return `a service knows another by its contract.ts, problems.ts or limits.ts, not by ${target}`
  }
  return undefined
}

/** Every import, export from, import() and require() of a TypeScript, JavaScript, Vue or style file. */
export function importsOf(file: string, text: string): Import[] {
  if (file.endsWith('.vue')) {
    return [...text.matchAll(/<(script|style)\b[^>]*>([\s\S]*?)<\/\1>/g)].flatMap((block) => {
      const before = text.slice(0, block.index + block[0].indexOf('>') + 1).split('\n').length - 1
      const found = block[1] === 'script' ? scriptImports(block[2]!) : styleImports(block[2]!)
      return found.map((each) => ({ ...each, line: each.line + before }))
    })
  }
  return /\.(s?css)$/.test(file) ? styleImports(text) : scriptImports(text)
}

function scriptImports(text: string): Import[] {
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, false)
  const found: Import[] = []
  const add = (node: ts.Node | undefined, how: { typeOnly?: boolean; dynamic?: boolean }) => {
    if (!node || !ts.isStringLiteralLike(node)) return
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
    found.push({ specifier: node.text, typeOnly: how.typeOnly ?? false, dynamic: how.dynamic ?? false, line })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, { typeOnly: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword })
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, { typeOnly: node.isTypeOnly })
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, { typeOnly: true })
    } else if (ts.isCallExpression(node)) {
      const imports = node.expression.kind === ts.SyntaxKind.ImportKeyword
      const requires = ts.isIdentifier(node.expression) && node.expression.text === 'require'
      if (imports || requires) add(node.arguments[0], { dynamic: imports })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function styleImports(text: string): Import[] {
  return [...text.matchAll(/@(?:use|import|forward)\s+(?:url\()?['"]([^'"]+)['"]/g)].map((match) => ({
    specifier: match[1]!,
    typeOnly: false,
    dynamic: false,
    line: text.slice(0, match.index).split('\n').length,
  }))
}

/** The file meant, from the root; undefined for a package. `~/` is the portal's own folder. */
function targetOf(file: string, specifier: string): string | undefined {
  const bare = specifier.split('?')[0]!
  if (bare.startsWith('~/')) return join('portal', bare.slice(2)).split(sep).join('/')
  if (!bare.startsWith('.')) return undefined
  return join(dirname(file), bare).split(sep).join('/')
}

function placeOf(file: string): { room: string; area?: string; service?: string } {
  const [room = '', area, service, ...rest] = file.split('/')
  return { room, area, service: room === 'src' && area === 'services' && rest.length ? service : undefined }
}

/** A thing has a name, or it has no place (STYLE.md, 20). */
function checkName(file: string): Violation[] {
  const word = file.split('/').find((part) => NAMELESS.test(part.split('.')[0]!))
  return word ? [{ file, line: 1, sentence: `« ${word} » says nothing of what is in it: give it a name` }] : []
}

function sources(root: string, room: string): string[] {
  let entries: ReturnType<typeof readEntries>
  try {
    entries = readEntries(join(root, room))
  } catch {
    return []
  }
  return entries
    .filter((entry) => entry.isFile() && /\.(ts|js|mjs|vue|s?css)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file))
    .sort()
}

const readEntries = (folder: string) => readdirSync(folder, { withFileTypes: true, recursive: true })

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const violations = findViolations(fileURLToPath(new URL('..', import.meta.url)))
  for (const { file, line, sentence } of violations) console.error(`${file}:${line} ${sentence}`)
  process.exitCode = violations.length ? 1 : 0
}
