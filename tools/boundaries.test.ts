import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { checkImport, findViolations, importsOf } from './boundaries.ts'

const value = (specifier: string) => ({ specifier, typeOnly: false, dynamic: false, line: 1 })
const type = (specifier: string) => ({ ...value(specifier), typeOnly: true })
const dynamic = (specifier: string) => ({ ...value(specifier), dynamic: true })

test('lets through the arrows of the architecture', () => {
  for (const [file, found] of [
    ['src/services/exchanges/send.ts', value('../../platform/clock.ts')],
    ['src/services/exchanges/send.ts', value('../patients/contract.ts')],
    ['src/services/exchanges/send.ts', value('../patients/problems.ts')],
    ['src/services/exchanges/deep/send.ts', value('../send.ts')],
    ['src/services/exchanges/send.test.ts', value('../patients/identify.ts')],
    ['src/services/index.ts', value('./patients/identify.ts')],
    ['src/main.ts', value('./services/patients/identify.ts')],
    ['src/platform/outbox/outbox.ts', value('../clock.ts')],
    ['src/demonstration.ts', dynamic('../simulators/people.ts')],
    ['portal/exchanges/Inbox.vue', type('../../src/services/exchanges/contract.ts')],
    ['portal/exchanges/Write.vue', value('../../src/services/exchanges/limits.ts')],
    ['portal/exchanges/write.test.ts', value('../../src/services/exchanges/contract.ts')],
    ['portal/exchanges/Write.vue', value('~/ui/UiButton.vue')],
    ['portal/ui/UiButton.vue', value('@cnamts/synapse')],
    ['portal/ui/UiButton.vue', value('@/components/SyTextField')],
    ['portal/vite.config.ts', value('vuetify')],
    ['portal/main.ts', value('@mdi/js')],
    ['test/integration/wall.test.ts', value('../../src/services/exchanges/send.ts')],
  ] as const) {
    assert.equal(checkImport(file, found), undefined, `${file} ← ${found.specifier}`)
  }
})

test('refuses every arrow that goes the wrong way', () => {
  for (const [file, found, sentence] of [
    ['src/platform/outbox/outbox.ts', value('../../services/exchanges/contract.ts'), /platform knows nothing/],
    ['src/platform/outbox/outbox.test.ts', type('../../services/exchanges/contract.ts'), /platform knows nothing/],
    ['src/platform/clock.ts', value('../main.ts'), /platform knows nothing/],
    ['src/services/exchanges/send.ts', value('../patients/identify.ts'), /by its contract/],
    ['src/services/exchanges/send.ts', type('../patients/identify.ts'), /by its contract/],
    ['src/services/exchanges/send.ts', dynamic('../patients/identify.ts'), /by its contract/],
    ['src/services/exchanges/send.ts', value('../index.ts'), /plugs it in/],
    ['src/services/exchanges/send.ts', value('../../main.ts'), /plugs it in/],
    ['src/services/exchanges/limits.ts', value('./contract.ts'), /goes to the browser/],
    ['src/services/exchanges/send.ts', value('../../../simulators/people.ts'), /simulators/],
    ['src/demonstration.ts', value('../simulators/people.ts'), /simulators/],
    ['src/main.ts', dynamic('../simulators/people.ts'), /simulators/],
    ['src/main.ts', value('../test/tooling/chromium.ts'), /nothing of test/],
    ['src/main.ts', value('../portal/router.ts'), /nothing of portal/],
    ['portal/exchanges/Inbox.vue', value('../../src/services/exchanges/contract.ts'), /import type/],
    ['portal/exchanges/Inbox.vue', type('../../src/services/exchanges/send.ts'), /contracts and limits/],
    ['portal/exchanges/Inbox.vue', value('~/../src/services/exchanges/send.ts'), /contracts and limits/],
    ['portal/home/Home.vue', value('../../simulators/people.ts'), /nothing of simulators/],
    ['portal/home/Home.vue', value('@cnamts/synapse'), /design system/],
    ['portal/home/Home.vue', value('vuetify/components'), /design system/],
    ['portal/home/Home.vue', type('vuetify'), /design system/],
    ['portal/home/Home.vue', value('#syn/SyIcon/SyIcon.vue'), /design system/],
    ['portal/home/Home.vue', value('@/components/SyTextField'), /design system/],
  ] as const) {
    const refused = checkImport(file, found)
    assert.ok(refused, `${file} ← ${found.specifier} passed`)
    assert.match(refused, sentence)
  }
})

test('finds every way of importing, and where', () => {
  const code = [
    "import a, { type B } from './a.ts'",
    "import type { C } from './c.ts'",
    "import './d.ts'",
    "export * from './e.ts'",
    "export type { F } from './f.ts'",
    "type G = import('./g.ts').G",
    'const h = async () => (await import(',
    "  './h.ts'",
    ')).h',
    'const i = await import(`./i.ts`)',
    "// import './not.ts'",
    'const text = "import x from \'./not-either.ts\'"',
    "const k = require('./k.ts')",
  ].join('\n')
  assert.deepEqual(
    importsOf('x.ts', code).map(({ specifier, typeOnly, dynamic, line }) => [specifier, typeOnly, dynamic, line]),
    [
      ['./a.ts', false, false, 1],
      ['./c.ts', true, false, 2],
      ['./d.ts', false, false, 3],
      ['./e.ts', false, false, 4],
      ['./f.ts', true, false, 5],
      ['./g.ts', true, false, 6],
      ['./h.ts', false, true, 8],
      ['./i.ts', false, true, 10],
      ['./k.ts', false, false, 13],
    ],
  )
  const vue =
    '<template><p>a</p></template>\n<script setup lang="ts">\nimport b from "./b.ts"\n</script>\n<style lang="scss">\n@use "vuetify/settings";\n</style>'
  assert.deepEqual(
    importsOf('x.vue', vue).map(({ specifier, line }) => [specifier, line]),
    [
      ['./b.ts', 3],
      ['vuetify/settings', 6],
    ],
  )
})

test('reads a whole house, and its names', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'consilium-boundaries-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  write('src/platform/clock.ts', '\nimport { x } from "../services/patients/contract.ts"')
  write('src/services/patients/contract.ts', 'export const x = 1')
  write('src/services/patients/utils.ts', '')
  write('portal/helpers/dates.ts', '')
  write('portal/home/Home.vue', '<script setup>\nimport { VBtn } from "vuetify"\n</script>')
  assert.deepEqual(
    findViolations(root).map(({ file, line }) => `${file}:${line}`),
    [
      'src/platform/clock.ts:2',
      'src/services/patients/utils.ts:1',
      'portal/helpers/dates.ts:1',
      'portal/home/Home.vue:2',
    ],
  )
})
