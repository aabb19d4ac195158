// Values from schemas: what they allow, at its edges, and what has no business anywhere.
import fc from 'fast-check'
import { held, nested, rawJson, repeated, sketch, TYPED } from './placeholders.ts'
import { faultOf, follow, type Schema, type Schemas } from './schema.ts'

type Json = fc.Arbitrary<unknown>

/** Names for which the scene holds real things; the most useful value of each is one that exists. */
const POOLED = new Set([
  ...['exchangeId', 'draftId', 'patientId', 'practiceBoxId', 'activityId', 'motif', 'number', 'cursor'],
  ...['sessionId', 'delegationId', 'inquiryId', 'carriedId', 'organismId', 'objet'],
  ...['code', 'issuerId', 'blockId'],
])

/** A value the schema allows. @param name of the property or parameter */
export function allowed(given: Schema, schemas: Schemas, name = ''): Json {
  const schema = follow(given, schemas)
  if (POOLED.has(name) && [schema, ...(schema.anyOf ?? [])].some(({ type }) => type === 'string')) {
    return fc.oneof({ weight: 6, arbitrary: existing(name) }, { weight: 1, arbitrary: plain(schema, schemas) })
  }
  return plain(schema, schemas)
}

const existing = (name: string) =>
  fc
    .tuple(fc.constantFrom('own', 'own', 'own', 'owner', 'other'), fc.nat(30))
    .map(([whose, nth]) => held(name, whose, nth))

function plain(schema: Schema, schemas: Schemas): Json {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.const !== undefined) return fc.constant(schema.const as never)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) {
    const [first, ...rest] = choices.map((one) => allowed(one, schemas))
    return fc.oneof({ weight: 4, arbitrary: first! }, ...rest)
  }
  const type = [schema.type].flat()[0]
  switch (type) {
    case 'object': {
      const properties = Object.entries(schema.properties ?? {})
      const each = Object.fromEntries(properties.map(([name, inner]) => [name, allowed(inner, schemas, name)]))
      return fc.record(each, { requiredKeys: schema.required ?? [], noNullPrototype: true })
    }
    case 'array':
      return fc.array(allowed(schema.items ?? {}, schemas), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, 50),
      })
    case 'integer': {
      const { minimum: min = -(2 ** 31), maximum: max = 2 ** 31 - 1 } = schema
      return fc.oneof(
        { weight: 3, arbitrary: fc.constant(min) },
        fc.constantFrom(min + 1, max - 1, max),
        fc.integer({ min, max }),
      )
    }
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return text(schema, schemas)
  }
}

function text(schema: Schema, schemas: Schemas): Json {
  if (schema.format === 'uuid') {
    const ids = fc.uuid({ version: [4, 7] })
    const extremes = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff']
    const odd = extremes.filter((id) => faultOf(schema, id, schemas) === null)
    return fc.oneof(
      ids,
      ids.map((id) => id.toUpperCase()),
      ...(odd.length > 0 ? [fc.constantFrom(...odd)] : []),
    )
  }
  if (schema.format === 'email') {
    const domain = `${'a.'.repeat(20)}example`
    const longest = `${'a'.repeat((schema.maxLength ?? 254) - domain.length - 1)}@${domain}`
    return fc.constantFrom('prenom.nom@exemple.example', 'a@b.co', "o'nom+avis@x-y.example", longest)
  }
  const fits = (value: string) => faultOf(schema, sketch(value), schemas) === null
  const max = schema.maxLength ?? 300
  const edges = edgeTexts(max).flatMap((value) => [value, `/${value}`])
  const fitting = [...edges, '/', '/echanges?dossier=aTraiter#haut', '2026-11-24', '2028-02-29'].filter(fits)
  // Tokens and numbers of one length: only their pattern makes them.
  if (fitting.length === 0 && schema.pattern) return fc.stringMatching(new RegExp(schema.pattern)).filter(fits)
  const free = fc
    .oneof(
      fc.string({ unit: 'grapheme', maxLength: Math.min(max, 120) }),
      fc.string({ unit: 'binary', maxLength: Math.min(max, 120) }),
    )
    .map((value) => (fits(value) ? value : fitting[0]!))
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...fitting) }, free)
}

/** Texts at the edge of a length, and those that other layers trip over. */
function edgeTexts(max: number): string[] {
  const units = [
    'a',
    'é',
    '中',
    '😀',
    'e\u0301',
    '\u0627',
    '\u202e',
    '\u0001',
    '"',
    '\\',
    '<',
    '👨‍👩‍👧',
    '\u0000',
    '%',
    ' ',
  ]
  return [
    'Texte de l’essai',
    '',
    ...units.map((unit) => repeated(unit, Math.max(1, Math.floor(max / [...unit].length)))),
    repeated('a', max - 1),
    TYPED,
    '0',
    'ab',
    'null',
    '-1',
    ' x ',
    'x y',
    '\ufeffx',
    '\u2028x\u2029y',
    'İıſK\u0130',
    '\ud7ff\ue000\uffff\u{10ffff}',
    '\u05d0\u05d1\u202egnirts\u202c\u2066x\u2069',
    `Z${'\u0334\u0320\u0309'.repeat(8)}`,
    "'; drop table medical.exchange; --",
    '<script>alert(1)</script>',
    '{{7*7}}\x24{7*7}%s%n',
    '../../../etc/passwd',
    'x\r\nx-injected: 1',
    '__proto__',
    '%_\\',
  ]
}

const lone = ['\ud800', 'x\udfff', '\udc00\ud800']

/** What no schema of ours expects: wrong types, monsters. */
export const weird: Json = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1, 1.5, -0, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, '', ' ', 'x'),
  fc.constantFrom<unknown>([], {}, [[]], [null], ['x'], { x: 1 }, [[['x']]], { length: 3 }, { toString: null }),
  fc.constantFrom('1e400', '-1e400', '1E-400', '123456789012345678901234567890', '0.1e1').map(rawJson),
  fc.constantFrom(10, 1000, 8000, 30_000).map(nested),
  fc.constantFrom('{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}', '{"a":1,"a":2}').map(rawJson),
  fc.constantFrom('NaN', 'Infinity', 'undefined', '01', '.5', "'x'", '{,}', '[1,]', '"\u0001"', '"\\x41"').map(rawJson),
  fc.constantFrom('\u0000', 'x\u0000y', ...lone, TYPED, '1', 'true', 'undefined', '[object Object]'),
  fc.constantFrom(151, 10_001, 60_000, 70_000, 200_000).map((times) => repeated('a', times)),
  fc.constantFrom(76, 151, 5001, 10_001).map((times) => repeated('😀', times)),
  existing('exchangeId'),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Names of properties that nobody declared. */
export const strangeName = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', 'then', 'toJSON'),
  fc.constantFrom('', ' ', 'personId', 'organismId', 'side', 'role', 'x\u0000', '\ud800', 'a/b~c', 'é', TYPED),
  fc.constantFrom(61, 5000).map((times) => repeated('n', times)),
)

/** Path parameters: `raw:` ones are sent as they are written. */
export const strangeParam = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '...',
    ' ',
    '\u0000',
    'x\u0000y',
    'null',
    'undefined',
    '0',
    '-1',
    '__proto__',
    'constructor',
  ),
  fc.constantFrom('a/b', '../../etc/passwd', 'a\\b', 'a?b', 'a#b', 'a;b', '{x}', "'", '😀', '\r\nx-injected: 1', TYPED),
  fc.constantFrom(61, 65, 299, 300, 301, 3000).map((times) => repeated('a', times)),
  fc.constantFrom('%', '%2', '%zz', '%ff', '%c0%af', '%ed%a0%80', '%00', '%2f', '%2F..%2F', '%252f', '%u0041').map(raw),
  fc
    .constantFrom('', '/', '//', './', '../', '%2e%2e/', '*', ':exchangeId', '?x', '#x', 'x/', 'x//y', '\u0007')
    .map(raw),
  existing('exchangeId').map((id) => `{${id}}`),
  existing('exchangeId').map((id) => `${id} `),
  existing('exchangeId').map((id) => raw(`${id}/`)),
  existing('exchangeId').map((id) => raw(`%20${id}`)),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

/** Cursors are opaque, but anybody can read them, and write others. */
const MOMENTS = [
  '0',
  '-1',
  '1e3',
  'NaN',
  '',
  '1'.repeat(13),
  '9'.repeat(15),
  '9'.repeat(16),
  '9'.repeat(60),
  '8640000000000001',
]
const IDS = [
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '00000000-0000-0000-0000-000000000000',
  '',
  "'",
  'x'.repeat(36),
  '\u0000',
]
const cursor = (text: string) => Buffer.from(text).toString('base64url')

export const strangeQueryValue = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    ' 5 ',
    '+5',
    '5.0',
    '2147483648',
    '9'.repeat(400),
    'NaN',
    'null',
  ),
  fc.constantFrom(
    '\u0000',
    'x\u0000',
    'é',
    '😀',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    TYPED,
    '[]',
  ),
  fc.constantFrom(201, 513, 3000, 14_000).map((times) => repeated('a', times)),
  fc.constantFrom('%', '%ff', '%zz', '%00', '%ed%a0%80', 'a b', 'é', '"<>').map(raw),
  fc.constantFrom('/x\r\nx-injected: 1', '/é', '/\u0000', '/\u2028', '/😀', '/a%0d%0ax-injected:%201'),
  fc.tuple(fc.constantFrom(...MOMENTS), fc.constantFrom(...IDS)).map((parts) => cursor(parts.join('/'))),
  fc.string({ unit: 'binary', maxLength: 60 }),
)

function raw(text: string): string {
  return `raw:${text}`
}
