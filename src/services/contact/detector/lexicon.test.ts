import assert from 'node:assert/strict'
import { it } from 'node:test'
import { flatten } from './flat-text.ts'
import { matchTerms, readLexicon, soundingOf } from './lexicon.ts'
import { stemOf, wordsOf } from './words.ts'

const lexicon = await readLexicon()
const terms = (text: string) => matchTerms(lexicon, wordsOf(flatten(text))).map(({ term }) => term.stems.join(' '))

it('reads plurals, feminines and ligatures alike', () => {
  assert.equal(stemOf('opérées'.normalize('NFD').replaceAll(/\p{M}/gu, '')), stemOf('opere'))
  assert.equal(stemOf('oedeme'), stemOf('edeme'))
  assert.notEqual(stemOf('avons'), stemOf('avonex'))
  assert.notEqual(stemOf('amo'), stemOf('amox'))
})

it('reads long words through common slips', () => {
  for (const [slip, right] of [
    ['shizofrénie', 'schizophrénie'],
    ['fybromyalgie', 'fibromyalgie'],
    ['alzeimer', 'alzheimer'],
    ['levothirox', 'levothyrox'],
  ] as const) {
    assert.equal(soundingOf(flatten(slip).flat), soundingOf(flatten(right).flat))
  }
})

it('takes the longest term, and lets administrative words hide those inside them', () => {
  assert.deepEqual(terms('insuffisance cardiaque'), ['insuffisanc cardiaqu'])
  const [hidden] = matchTerms(lexicon, wordsOf(flatten('assurance maladie')))
  assert.equal(hidden?.term.kind, 'none')
})

it('loads quickly and stays small', async () => {
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  const start = process.cpuUsage()
  const again = await readLexicon()
  const { user, system } = process.cpuUsage(start)
  const took = (user + system) / 1000
  const grown = (process.memoryUsage().heapUsed - before) / 2 ** 20
  assert.ok(again.terms.size > 4000)
  // 150 ms are meant; a slow machine is given more.
  assert.ok(took < 600, `${took} ms`)
  assert.ok(grown < 30, `${grown} MB`)
})
