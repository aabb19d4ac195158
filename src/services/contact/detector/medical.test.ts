import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createDetector } from './detector.ts'
import type { FindingKind } from './finding.ts'
import { readLexicon } from './lexicon.ts'

const detector = createDetector(await readLexicon())

describe('what is told of a patient', () => {
  const cases: [text: string, kind: FindingKind, marked: string][] = [
    ['HTA + DNID + IRC stade 3', 'diagnosis', 'HTA'],
    ['suspiscion de melanome, délai trop long', 'diagnosis', 'melanome'],
    ['schyzophrène suivi au CMP', 'diagnosis', 'schyzophrène'],
    ['elle attend des jumeaux', 'diagnosis', 'attend des jumeaux'],
    ['mon patient sous méthadone', 'treatment', 'sous méthadone'],
    ['Lovenox 4000 chez ma patiente', 'treatment', 'Lovenox'],
    ['il est sous dupilumab', 'treatment', 'dupilumab'],
    ['Doliprane 500 mg matin et soir', 'prescription', '500 mg'],
    ['1 cp x 3/j pendant dix jours', 'prescription', '1 cp x 3'],
    ['la dame est en arrêt depuis le 6 janvier', 'sick-leave', 'est en arrêt'],
    ['arrêt de travail du 3 au 17 mars non reçu', 'sick-leave', 'arrêt de travail du 3 au 1'],
    ['patient en ald hors liste depuis 2019', 'ald', 'en ald'],
  ]
  for (const [text, kind, marked] of cases)
    it(text, () => {
      const found = detector.find(text).map((each) => [each.kind, text.slice(each.start, each.end)] as const)
      assert.ok(
        found.some(([k, words]) => k === kind && words.startsWith(marked.slice(0, 4))),
        JSON.stringify(found),
      )
    })
})

describe('what is asked in general', () => {
  for (const text of [
    'Il me faut trente brochures « diabète de type 2 : les étapes de votre suivi ».',
    'Le service pour les arrêts de travail dématérialisés ne répond plus.',
    'Où commander les kits de dépistage du cancer colorectal ?',
    'Le Dr Anatole SYNDROME partage notre fax.',
    'L’arrêt de la Cour de cassation vous est-il opposable ?',
    'Les patients en ALD doivent-ils présenter une attestation ?',
    'Nous avons réglé la part AMO, pas la part AMC.',
    'Je n’ai plus de cachet au nom du cabinet.',
    'Le lecteur souffre du même symptôme que le précédent : écran noir.',
  ])
    it(text, () => assert.deepEqual(detector.find(text), []))
})
