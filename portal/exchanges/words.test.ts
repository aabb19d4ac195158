import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counterInWords, folderOf, stateInWords } from './words.ts'

test('the state in words depends on who reads', () => {
  assert.equal(stateInWords({ side: 'practice', awaits: 'practice' }), 'En attente de votre réponse')
  assert.equal(stateInWords({ side: 'practice', awaits: 'desk' }), 'En attente du service médical')
  assert.equal(stateInWords({ side: 'desk', awaits: 'practice' }), 'En attente du praticien')
  assert.equal(stateInWords({ side: 'desk', awaits: 'nobody' }), 'Clos')
})
test('the folder follows from who is awaited', () => {
  assert.equal(folderOf({ side: 'desk', awaits: 'desk' }), 'todo')
  assert.equal(folderOf({ side: 'desk', awaits: 'practice' }), 'waiting')
  assert.equal(folderOf({ side: 'practice', awaits: 'nobody' }), 'closed')
})
test('counters as they are said', () => {
  assert.equal(counterInWords('todo', 1), '1 non lu')
  assert.equal(counterInWords('closed', 3), '3 non lus')
  assert.equal(counterInWords('todo', 100), 'plus de 99 non lus')
  assert.equal(counterInWords('drafts', 2), '2 brouillons')
})
