import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { readCsv } from './csv.ts'

it('reads quotes, doubled quotes, empty fields, and both line ends', () => {
  assert.deepEqual(readCsv('a,b,c\r\n1,"x, ""y""\nz",\n"",2,3'), [
    { a: '1', b: 'x, "y"\nz', c: '' },
    { a: '', b: '2', c: '3' },
  ])
})

it('reads a byte order mark, blank lines and a last line without end', () => {
  assert.deepEqual(readCsv('\ufeffa,b\n\n1,2\n\n3,'), [
    { a: '1', b: '2' },
    { a: '3', b: '' },
  ])
  assert.deepEqual(readCsv(''), [])
  assert.deepEqual(readCsv('a,b\n'), [])
})

it('names the line that is wrong', () => {
  assert.throws(() => readCsv('a,b\n"1\n2",3\n4\n'), /line 4: 1 fields, 2 expected/)
  assert.throws(() => readCsv('a,b\n1,2,3'), /line 2: 3 fields/)
  assert.throws(() => readCsv('a,b\n1,"2'), /line 2: a quote/)
  assert.throws(() => readCsv('a,b\n1,2"3'), /line 2: a quote/)
})

it('reads back whatever is written', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é') })
  const row = fc.record({ x: cell, y: cell, z: cell }, { noNullPrototype: true })
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
      const text = ['x,y,z', ...rows.map((r) => [r.x, r.y, r.z].map(quote).join(','))].join('\r\n')
      assert.deepEqual(readCsv(text), rows)
    }),
  )
})
