import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decadeOf, facetOf } from './facets.ts'

test('numbers alike in all parts but those that vary have the same facet, and no others', () => {
  assert.equal(facetOf('2840588321025', ['order']), '2840588321*')
  assert.equal(facetOf('2840588321025', ['order']), facetOf('2840588321999', ['order']))
  assert.notEqual(facetOf('2840588321025', ['order']), facetOf('1840588321025', ['order']))
  assert.equal(facetOf('1840588321025', ['sex', 'order']), facetOf('2840588321999', ['sex', 'order']))
  assert.equal(facetOf('2840588321025', ['month']), facetOf('2841288321025', ['month']))
  assert.equal(facetOf('284052A321025', ['department']), facetOf('284052B321025', ['department']))
  assert.equal(facetOf('2840588321025', ['department', 'commune']), facetOf('2840501004025', ['department', 'commune']))
})

test('a facet never holds the part that varies', () => {
  assert.equal(facetOf('2840588321025', ['year', 'order']), '2*0588321*')
})

test('provisional numbers are compared by their order alone: their beginning is that of their caisse', () => {
  assert.equal(facetOf('7112312345678', ['order']), '7112312345*')
  assert.equal(facetOf('7112312345678', ['commune', 'order']), null)
  assert.equal(facetOf('7112312345678', ['commune']), '71123 12*678'.replace(' ', ''))
})

test('a decade is ten numbers', () => {
  assert.equal(decadeOf('2840588321025'), decadeOf('2840588321029'))
  assert.notEqual(decadeOf('2840588321029'), decadeOf('2840588321030'))
})
