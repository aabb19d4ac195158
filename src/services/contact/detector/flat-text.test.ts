import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { flatten } from './flat-text.ts'

it('folds accents, ligatures, quotes, and digits of any script', () => {
  assert.equal(flatten('Œdème « aigu » n°２ ٣').flat, 'oedeme " aigu " n°2 3')
  assert.equal(flatten('e\u0301pilepsie').flat, 'epilepsie')
  assert.equal(flatten('dia\u00adbète').flat, 'diabete')
})

it('remembers where each character comes from', () => {
  const text = '😀 cœur e\u0301tabli'
  const { flat, at } = flatten(text)
  const start = flat.indexOf('etabli')
  assert.equal(text.slice(at[start], at[start + 6]), 'e\u0301tabli')
  assert.equal(text.slice(at[flat.indexOf('coeur')], at[flat.indexOf('coeur') + 5]), 'cœur')
})

it('never leaves the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const { flat, at, capital } = flatten(text)
      assert.equal(at.length, flat.length + 1)
      assert.equal(capital.length, flat.length)
      assert.equal(at.at(-1), text.length)
      for (let i = 1; i < at.length; i++) assert.ok(at[i]! >= at[i - 1]! && at[i]! <= text.length)
    }),
  )
})
