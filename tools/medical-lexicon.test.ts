import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { column, generate } from './medical-lexicon.ts'

for (const [name, text] of Object.entries(generate())) {
  it(`${name} is what its sources make`, () => {
    const kept = readFileSync(new URL(`../data/reference/medical-lexicon/${name}`, import.meta.url), 'utf8')
    assert.equal(kept, text)
  })
}

it('reads a column of CSV with quotes and empty cells', () => {
  assert.deepEqual(column('a,b,c\n1,"x, ""y""",3\n4,,6\n', 1), ['x, "y"', ''])
  assert.deepEqual(column('a,b,c\n1,"x, ""y""",3\n4,,6\n', 2), ['3', '6'])
})
