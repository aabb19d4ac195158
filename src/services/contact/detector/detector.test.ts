import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createDetector } from './detector.ts'
import { readLexicon } from './lexicon.ts'

const detector = createDetector(await readLexicon())
const TEXT_MAX = 2000

/** Time of the processor, which other programs on the machine do not lengthen much. */
function processorMs(act: () => void): number {
  const start = process.cpuUsage()
  act()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/** Sorted, apart, not empty, within the text. */
function assertInOrder(text: string) {
  let last = 0
  for (const { start, end } of detector.find(text)) {
    assert.ok(start >= last && end > start && end <= text.length)
    last = end
  }
}

it('gives findings in order, apart and within any text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: TEXT_MAX }), assertInOrder))
  const word = fc.constantFrom(
    'Mme',
    'FICTIF',
    'Odile',
    'née',
    'le',
    '12/03/1950',
    'diabète',
    '2 84 05 88 321 025',
    '\n',
    ' ',
    '. ',
    '« ',
    '😀',
    'œdème',
    'é',
    'arrêt',
    'du',
    'ALD',
    '500 mg',
    'son',
    'genou',
    'patient',
    'clé',
    '-',
    "'",
  )
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 80 }).map((words) => words.join(' ')),
      assertInOrder,
    ),
  )
})

it('marks what was typed, surrogates and combining accents included', () => {
  const text = '😀😀 Mme ÉPREUVE Odile, e\u0301pilepsie, œdème'
  const marked = detector.find(text).map(({ kind, start, end }) => [kind, text.slice(start, end)])
  assert.deepEqual(marked, [
    ['name', 'Mme ÉPREUVE Odile'],
    ['diagnosis', 'e\u0301pilepsie'],
    ['diagnosis', 'œdème'],
  ])
})

it('finds nothing in nothing', () => {
  for (const text of ['', ' ', '\n\n', '…', '😀', '\ud800']) assert.deepEqual(detector.find(text), [])
})

describe('2000 characters made to be slow', () => {
  const pieces = [
    '1',
    '2 ',
    '1 2',
    '284058832102',
    'o',
    'l1',
    '2 84 05 88 ',
    'un ',
    'quatre-vingt-',
    'deux cent ',
    '12/12/',
    '12 mai ',
    'M. A',
    'Mme A-',
    'Jean ',
    "d'",
    'né ',
    'a',
    ' ',
    '\n',
    '. ',
    '"',
    '-',
    'arrêt de ',
    'indemnités ',
    'son ',
    'elle ne ',
    'patient ',
    'cancer ',
    'du ',
    'kit de ',
    'é',
    'e\u0301',
    'œ',
    '(',
    '1x1/',
    '100 ',
    '%',
    'au titre de la ',
    'quel ',
    'A ',
    'AB',
  ]
  // Five milliseconds are meant for an ordinary text; a busy machine running one of these is given more.
  const LIMIT = 150
  for (const piece of pieces) {
    it(JSON.stringify(piece), () => {
      const text = piece.repeat(TEXT_MAX).slice(0, TEXT_MAX)
      detector.find(text)
      const took = processorMs(() => detector.find(text))
      assert.ok(took < LIMIT, `${took} ms`)
    })
  }
})

it('reads an ordinary text of 2000 characters in a few milliseconds', () => {
  const texts = readFileSync(new URL('../../../../data/contact-texts/tuning.jsonl', import.meta.url), 'utf8')
  const text = texts
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).text)
    .join('\n')
    .slice(0, TEXT_MAX)
  for (let i = 0; i < 20; i++) detector.find(text)
  const times = Array.from({ length: 50 }, () => processorMs(() => detector.find(text))).sort((a, b) => a - b)
  assert.ok(times[25]! < 15, `median ${times[25]} ms`)
})

describe('texts written after the detector', () => {
  const rows = readFileSync(new URL('../../../../data/contact-texts/after.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; text: string; stop: boolean; nir: boolean })
  for (const { id, text, stop, nir } of rows) {
    it(`${id} is ${stop ? 'stopped' : 'let through'}`, () => {
      const findings = detector.find(text)
      assert.equal(findings.length > 0, stop)
      if (nir) assert.ok(findings.some(({ kind }) => kind === 'nir'))
    })
  }
})

it('what is marked begins and ends with a word', () => {
  const text = 'Bonjour, ma patiente est suivie pour un cancer du sein, quelle démarche pour son protocole ?'
  for (const { start, end } of detector.find(text)) {
    assert.ok(!/[\p{L}\p{N}]{2}/u.test(text.slice(start - 1, start + 1)), text.slice(start, end))
    assert.ok(!/[\p{L}\p{N}]{2}/u.test(text.slice(end - 1, end + 1)), text.slice(start, end))
  }
})
