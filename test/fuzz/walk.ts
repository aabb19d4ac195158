// The main job, once more: what the server must still do after everything it was sent.
import assert from 'node:assert/strict'
import { createClient } from '../integration/client.ts'
import { identify } from '../integration/harness.ts'
import type { Target } from './start-target.ts'

/** Identify, open, read, answer, read, close; each side sees what the other wrote. */
export async function walk({ scene, ask }: Target): Promise<void> {
  const as = async (kind: 'practitioner' | 'adviser') =>
    createClient(scene.url, scene.cookieName, await ask('signIn', kind))
  const practitioner = await as('practitioner')
  const adviser = await as('adviser')
  const number = scene.own.practitioner.number![0]!
  const patientId = await identify(practitioner, number)
  const { exchangeId } = await practitioner.do('POST /api/exchanges', {
    body: { patientId, motif: 'ALD', subject: 'Après l’orage', text: 'Première demande.' },
  })
  const params = { exchangeId }
  assert.equal((await adviser.do('GET /api/exchanges/:exchangeId', { params })).messages[0]!.text, 'Première demande.')
  await adviser.do('POST /api/exchanges/:exchangeId/messages', { params, body: { text: 'Réponse.' } })
  const read = await practitioner.do('GET /api/exchanges/:exchangeId', { params })
  assert.deepEqual(
    read.messages.map(({ text, mine }) => [text, mine]),
    [
      ['Première demande.', true],
      ['Réponse.', false],
    ],
  )
  await adviser.do('POST /api/exchanges/:exchangeId/closure', { params })
  const refused = await practitioner.call('POST /api/exchanges/:exchangeId/messages', {
    params,
    body: { text: 'Encore.' },
  })
  assert.equal(refused.code, 'exchange-closed')
}
