import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { flatten } from './flat-text.ts'
import { readLexicon } from './lexicon.ts'
import { findFirstNames, findNames } from './names.ts'
import { wordsOf } from './words.ts'

const lexicon = await readLexicon()

function named(text: string, find = findNames): string[] {
  const flat = flatten(text)
  return find(flat, wordsOf(flat), lexicon).map(({ start, end }) => text.slice(flat.at[start], flat.at[end]))
}

describe('a patient’s name', () => {
  const cases: [text: string, name: string][] = [
    ['Refus pour Mme FICTIF Odile hier', 'Mme FICTIF Odile'],
    ['le chèque de M. Sylvain Maquette', 'M. Sylvain Maquette'],
    ['pour M.Gabarit Théo', 'M.Gabarit Théo'],
    ['mme sosie attend', 'mme sosie'],
    ['la cure de Mme O., 21 jours', 'Mme O'],
    ['Patient : Karim GABARIT', 'Patient : Karim GABARIT'],
    ['la maman de la petite Chimère', 'petite Chimère'],
    ['SPECIMEN Bernard, tiers payant refusé', 'SPECIMEN Bernard'],
    ['la consultation de Denise Moule', 'Denise Moule'],
    ['TROMPE-L’ŒIL Gisèle toujours en exo', 'TROMPE-L’ŒIL Gisèle'],
    ['M. FANTOCHE GILLES EST EN ARRET', 'M. FANTOCHE GILLES'],
    ['savoir si emma roman 120316 est rattachée', 'emma roman'],
  ]
  for (const [text, name] of cases) it(text, () => assert.deepEqual(named(text), [name]))
})

describe('the name of somebody else', () => {
  for (const text of [
    'Je remplace le Dr Lambert DOUBLURE',
    'La déléguée de la caisse, Mme Silhouette, devait passer',
    'Mme Louise ARTIFICE, notre comptable, attend',
    'Chère Madame Trucmuche, merci pour votre accueil',
    'Madame, Monsieur, je vous écris',
    'Merci d’avance, Agathe SUPPOSÉ',
    'Bien cordialement\nLuc FANTOCHE, infirmier',
    'Merci beaucoup. Yaëlle BROUILLON',
    'Le cabinet est 3 rue Jean Maquette',
    'Mon avocate, Me Silhouette, vous a écrit',
    'PATIENT SANS CARTE VITALE, QUE FAIRE',
  ])
    it(text, () => assert.deepEqual(named(text), []))
})

it('sees a first name alone, but no greeting', () => {
  assert.deepEqual(named('La carte de Timéo est restée là', findFirstNames), ['Timéo'])
  assert.deepEqual(named('Bonjour Sylvie, comme convenu', findFirstNames), [])
})
