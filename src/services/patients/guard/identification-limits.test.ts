import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IdentificationLimits, readLimits } from './identification-limits.ts'

test('the file is as the schema says', () => {
  const limits = readLimits()
  assert.equal(limits.perPerson.limitedDay, 30)
  assert.ok(limits.blocking.runs.length > 5)
})

test('no file can let a walk of thirty through, nor more than thirty limited identifications a day', () => {
  const limits = readLimits()
  const { blocking, perPerson } = limits
  const refused: unknown[] = [
    { ...limits, perPerson: { ...perPerson, limitedDay: 31 } },
    { ...limits, blocking: { ...blocking, runs: [] } },
    { ...limits, blocking: { ...blocking, runs: [{ varies: ['order'], hours: 24, distinct: 31 }] } },
    { ...limits, blocking: { ...blocking, runs: [{ varies: ['order'], hours: 96, distinct: 8 }] } },
    { ...limits, blocking: { ...blocking, runs: [{ varies: ['commune'], hours: 24, distinct: 5 }] } },
    { ...limits, blocking: { ...blocking, runs: [{ varies: ['shoe size'], hours: 24, distinct: 8 }] } },
    { ...limits, blocking: { ...blocking, crowding: { hours: 24, distinct: 100 } } },
    { ...limits, night: { from: '22h', to: '06:00' } },
    { ...limits, unexpected: 1 },
  ]
  for (const [at, value] of refused.entries())
    assert.equal(IdentificationLimits.safeParse(value).success, false, String(at))
})
