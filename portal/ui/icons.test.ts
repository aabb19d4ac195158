// A name missing from the allow-list draws nothing, silently: every icon named in our templates, and every icon that
// the design system's components in use draw by themselves, must be in it.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { iconNames } from './icons.ts'

const portal = new URL('..', import.meta.url).pathname
const synapse = new URL('../../node_modules/@cnamts/synapse/src/', import.meta.url).pathname
const known = new Set(
  [...readFileSync(join(synapse, 'assets/amelipro/icons.ts'), 'utf8').matchAll(/^\t(\w+): `/gm)].map(
    ([, name]) => name!,
  ),
)
const allowed = new Set<string>(iconNames)
const sources = readdirSync(portal, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.vue'))
  .map((file) => readFileSync(join(portal, file), 'utf8'))

test('every allowed icon exists in the design system', () => {
  assert.deepEqual(
    iconNames.filter((name) => !known.has(name)),
    [],
  )
})

test('every icon named by our templates is allowed', () => {
  const named = sources.flatMap((text) => [...text.matchAll(/\b(?:icon|name)="(\w+)"/g)].map(([, name]) => name!))
  const icons = named.filter((name) => known.has(name))
  assert.ok(icons.includes('echangeServiceMedical'))
  assert.deepEqual(
    icons.filter((name) => !allowed.has(name)),
    [],
  )
})

test('every icon that a component in use draws by itself is allowed', () => {
  const used = new Set(
    sources.flatMap((text) => [...text.matchAll(/'#syn\/(Amelipro\/[\w/]+)'/g)].map(([, path]) => path!)),
  )
  assert.ok(used.size > 3)
  for (const path of used) {
    const text = readFileSync(join(synapse, `components/${path}.vue`), 'utf8')
    const drawn = [...text.matchAll(/\sicon="(\w+)"/g)].map(([, name]) => name!)
    for (const name of drawn) assert.ok(allowed.has(name), `${path} draws ${name}`)
  }
})

test('every component in use is read by the purge of utility classes', () => {
  const configuration = readFileSync(join(portal, 'vite.config.ts'), 'utf8')
  const list = /Amelipro\{([\w,]+)\}/.exec(configuration)?.[1]?.split(',') ?? []
  const used = sources.flatMap((text) =>
    [...text.matchAll(/'#syn\/Amelipro\/Amelipro(\w+)\//g)].map(([, name]) => name!),
  )
  for (const name of used) assert.ok(list.includes(name), `${name} is not in vite.config.ts`)
})
