import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { groupNir, isProvisional, nirKey, normaliseNir, parseNir } from './nir.ts'

const vectors = JSON.parse(
  readFileSync(new URL('../../../data/reference/nir-vectors.json', import.meta.url), 'utf8'),
) as {
  valid: { nir13: string; key: string; case: string }[]
  invalid: { input: string; why: string }[]
  provisional: { input: string; kind: string; why: string }[]
}

describe('published vectors', () => {
  assert.ok(vectors.valid.length >= 10 && vectors.invalid.length >= 6 && vectors.provisional.length >= 3)
  for (const { nir13, key, case: name } of vectors.valid) {
    it(`reads ${name}`, () => {
      const ordinary = { ok: true, nir13, key, kind: 'nir', provisional: false }
      assert.deepEqual(parseNir(nir13), { ...ordinary, keyComputed: true })
      assert.deepEqual(parseNir(nir13 + key), { ...ordinary, keyComputed: false })
      assert.deepEqual(parseNir(`${groupNir(nir13)} ${key}`.toLowerCase()), { ...ordinary, keyComputed: false })
    })
  }

  const codes: Record<string, string> = {
    'wrong key (32 expected)': 'nir-key',
    'first digit 0 unknown': 'nir-shape',
    'month 19 does not exist': 'nir-shape',
    '12 characters': 'nir-length',
    '2C is not a department': 'nir-shape',
    'key above 97 impossible': 'nir-key',
  }
  for (const { input, why } of vectors.invalid) {
    it(`refuses: ${why}`, () => {
      const reading = parseNir(input)
      assert.equal(reading.ok, false)
      assert.equal(!reading.ok && reading.code, codes[why])
    })
  }

  for (const { input, kind, why } of vectors.provisional) {
    it(`provisional: ${why}`, () => {
      const expected = { ok: true, nir13: input, key: null, keyComputed: false, provisional: true }
      if (kind === 'NNP-pre-2012') {
        assert.equal(parseNir(input).ok, false)
        assert.deepEqual(parseNir(input, { provisionalBefore2012: true }), { ...expected, kind: 'nnp' })
      } else {
        assert.deepEqual(parseNir(input), { ...expected, kind: kind.toLowerCase() })
      }
    })
  }
})

describe('what the sentence says', () => {
  const cases: [typed: string, code: string, sentence: RegExp][] = [
    ['', 'nir-length', /Saisissez/],
    ['  . - ', 'nir-length', /Saisissez/],
    ['2', 'nir-length', /1 caractère :/],
    ['284058832102', 'nir-length', /12 caractères.*13, ou 15/],
    ['28405883210253', 'nir-length', /14 caractères/],
    ['2840588321025321', 'nir-length', /16 caractères/],
    ['bonjour', 'nir-shape', /que des chiffres/],
    ['9840588321025', 'nir-shape', /premier chiffre/],
    ['2A40588321025', 'nir-shape', /année/],
    ['2840088321025', 'nir-shape', /mois/],
    ['2841388321025', 'nir-shape', /mois/],
    ['284053A321025', 'nir-shape', /département/],
    ['28405883A1025', 'nir-shape', /commune/],
    ['2840588321000', 'nir-shape', /ordre/],
    ['2840588321025A2', 'nir-shape', /clé/],
    ['284058832102533', 'nir-key', /ne correspond pas/],
    ['284058832102500', 'nir-key', /entre 01 et 97/],
    ['711231234567812', 'nir-length', /commençant par 7.*13 chiffres, sans clé/],
    ['7312312345678', 'nir-shape', /deuxième chiffre/],
    ['711232A345678', 'nir-shape', /que des chiffres/],
    ['2 55 55 55 941 042', 'nir-fictitious', /anonym/],
    ['255555594103000', 'nir-fictitious', /anonym/],
  ]
  for (const [typed, code, sentence] of cases) {
    it(`${code}: « ${typed} »`, () => {
      const reading = parseNir(typed)
      assert.ok(!reading.ok)
      assert.equal(reading.code, code)
      assert.match(reading.detail, sentence)
    })
  }
  it('never tells the key that would fit', () => {
    const reading = parseNir('284058832102533')
    assert.ok(!reading.ok)
    assert.doesNotMatch(reading.detail, /32/)
  })
})

it('reads numbers of people being registered as provisional, with a key', () => {
  const reading = parseNir('3840588321025')
  assert.ok(reading.ok)
  assert.deepEqual([reading.kind, reading.provisional, reading.key], ['registering', true, nirKey('3840588321025')])
  assert.equal(isProvisional('3840588321025'), true)
  assert.equal(isProvisional('2840588321025'), false)
})

it('groups for the eye', () => {
  assert.equal(groupNir('2840588321025'), '2 84 05 88 321 025')
  assert.equal(groupNir('284052A321025'), '2 84 05 2A 321 025')
  assert.equal(groupNir('7112312345678'), '7 1 123 12345678')
})

describe('properties', () => {
  const digits = (length: number) =>
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''))
  const two = (min: number, max: number) => fc.integer({ min, max }).map((n) => String(n).padStart(2, '0'))
  const nir13 = fc
    .tuple(
      fc.constantFrom('1', '2', '3', '4'),
      two(0, 99),
      fc.oneof(two(1, 12), two(20, 99)),
      fc.oneof({ weight: 3, arbitrary: two(0, 99) }, { weight: 1, arbitrary: fc.constantFrom('2A', '2B') }),
      digits(3),
      fc.integer({ min: 1, max: 999 }).map((n) => String(n).padStart(3, '0')),
    )
    .map((parts) => parts.join(''))
    .filter((text) => !/^2555555\d{3}0/.test(text))
  const withKey = nir13.map((text) => text + nirKey(text))

  it('every well-formed number is read, with or without its key', () => {
    fc.assert(
      fc.property(nir13, (text) => {
        const without = parseNir(text)
        const complete = parseNir(text + nirKey(text))
        assert.ok(without.ok && complete.ok)
        assert.deepEqual({ ...without, keyComputed: false }, complete)
        assert.equal(without.keyComputed, true)
        assert.match(without.key!, /^(0[1-9]|[1-8]\d|9[0-7])$/)
      }),
      { numRuns: 2000 },
    )
  })

  it('one wrong character among the 15 is always refused: 97 is prime and above any change of a digit', () => {
    fc.assert(
      fc.property(withKey, fc.nat(14), fc.constantFrom(...'0123456789AB'), (text, at, other) => {
        fc.pre(text[at] !== other)
        assert.equal(parseNir(text.slice(0, at) + other + text.slice(at + 1)).ok, false)
      }),
      { numRuns: 5000 },
    )
  })

  it('two neighbours exchanged among the 15 are always refused', () => {
    fc.assert(
      fc.property(withKey, fc.nat(13), (text, at) => {
        fc.pre(text[at] !== text[at + 1])
        const swapped = text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2)
        assert.equal(parseNir(swapped).ok, false)
      }),
      { numRuns: 3000 },
    )
  })

  it('separators anywhere and lower case change nothing', () => {
    const separator = fc.constantFrom(' ', '.', '-', '\u00a0', '\u202f', '\t', '–', '')
    fc.assert(
      fc.property(withKey, fc.array(separator, { minLength: 16, maxLength: 16 }), (text, between) => {
        const spread = between.map((blank, at) => blank + (text[at] ?? '')).join('')
        assert.deepEqual(parseNir(spread.toLowerCase()), parseNir(text))
      }),
    )
  })

  it('what is displayed is read back', () => {
    const provisional = fc
      .tuple(fc.constantFrom('5', '6', '7', '8'), fc.constantFrom('1', '2'), digits(11))
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(nir13, provisional), (text) => {
        assert.equal(normaliseNir(groupNir(text)), text)
        assert.deepEqual(parseNir(groupNir(text)), parseNir(text))
      }),
    )
  })

  it('whatever is typed gets an answer with a sentence, and what is accepted is well formed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), digits(13), digits(15)), (typed) => {
        const reading = parseNir(typed)
        if (reading.ok) assert.match(reading.nir13, /^[1-8]\d{4}(\d\d|2[AB])\d{6}$/)
        else assert.match(reading.detail, /\.$/)
      }),
      { numRuns: 2000 },
    )
  })
})
