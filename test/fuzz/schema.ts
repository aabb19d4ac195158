// A small JSON Schema reader, of our own so that the document is not held against the library that wrote it. It knows
// the words the document uses, and refuses to guess at others.
export type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  propertyNames?: Schema
  items?: Schema
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  format?: string
  minimum?: number
  maximum?: number
  description?: string
}
export type Schemas = Record<string, Schema>

const KNOWN = new Set([
  ...[
    '$ref',
    'type',
    'enum',
    'const',
    'anyOf',
    'oneOf',
    'properties',
    'required',
    'additionalProperties',
    'items',
    'minItems',
  ],
  ...[
    'maxItems',
    'minLength',
    'maxLength',
    'pattern',
    'format',
    'minimum',
    'maximum',
    'description',
    'default',
    'propertyNames',
  ],
])
const FORMATS: Record<string, RegExp> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  email: /^[^@\s]+@[^@\s]+$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
}
const patterns = new Map<string, RegExp>()

/** The schema itself, or the one it points at. */
export function follow(schema: Schema, schemas: Schemas): Schema {
  if (!schema.$ref) return schema
  const found = schemas[schema.$ref.replace('#/components/schemas/', '')]
  if (!found) throw new Error(`the document points at ${schema.$ref}, which is not there`)
  return follow(found, schemas)
}

/** Why the schema refuses this value, « /path: reason »; null when it allows it. */
export function faultOf(given: Schema, value: unknown, schemas: Schemas, at = ''): string | null {
  const schema = follow(given, schemas)
  for (const word of Object.keys(schema)) {
    if (!KNOWN.has(word) && !word.startsWith('x-')) throw new Error(`this reader does not know « ${word} » (${at})`)
  }
  const no = (reason: string) => `${at || '/'}: ${reason}`
  // Those of a discriminated union exclude one another.
  const choices = schema.anyOf ?? schema.oneOf
  if (choices?.every((one) => faultOf(one, value, schemas, at))) return no('none of anyOf')
  if ('const' in schema && schema.const !== value) return no('not the constant')
  if (schema.enum && !schema.enum.includes(value)) return no('not in the list')
  const types = schema.type === undefined ? [] : [schema.type].flat()
  if (types.length > 0 && !types.some((type) => isOf(type, value))) return no(`not ${types.join(' or ')}`)
  if (typeof value === 'string') return faultOfText(schema, value, no)
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum) return no('too small')
    if (schema.maximum !== undefined && value > schema.maximum) return no('too big')
    return null
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0)) return no('too few')
    if (value.length > (schema.maxItems ?? Number.POSITIVE_INFINITY)) return no('too many')
    return first(value.map((item, n) => schema.items && faultOf(schema.items, item, schemas, `${at}/${n}`)))
  }
  if (value !== null && typeof value === 'object') return faultOfObject(schema, value, schemas, at)
  return null
}

function faultOfText(schema: Schema, value: string, no: (reason: string) => string): string | null {
  // In characters of Unicode, as JSON Schema says (draft 2020-12 validation, 6.3.1).
  const length = [...value].length
  if (length < (schema.minLength ?? 0)) return no('too short')
  if (length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) return no('too long')
  if (schema.format) {
    const shape = FORMATS[schema.format]
    if (!shape) throw new Error(`this reader does not know the format « ${schema.format} »`)
    if (!shape.test(value)) return no(`not a ${schema.format}`)
  }
  if (schema.pattern !== undefined) {
    if (!patterns.has(schema.pattern)) patterns.set(schema.pattern, new RegExp(schema.pattern, 'u'))
    if (!patterns.get(schema.pattern)!.test(value)) return no('not of the pattern')
  }
  return null
}

function faultOfObject(schema: Schema, value: object, schemas: Schemas, at: string): string | null {
  const own = schema.properties ?? {}
  for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) return `${at}/${name}: missing`
  return first(
    Object.entries(value).map(([name, inner]) => {
      const here = `${at}/${name}`
      const misnamed = schema.propertyNames && faultOf(schema.propertyNames, name, schemas, here)
      if (misnamed) return misnamed
      if (Object.hasOwn(own, name)) return faultOf(own[name]!, inner, schemas, here)
      const { additionalProperties } = schema
      if (additionalProperties === false) return `${here}: unknown`
      return typeof additionalProperties === 'object' ? faultOf(additionalProperties, inner, schemas, here) : null
    }),
  )
}

const first = (faults: (string | null | undefined)[]) => faults.find((fault) => fault) ?? null

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return value !== null && typeof value === 'object' && !Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}
