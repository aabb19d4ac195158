import assert from 'node:assert/strict'
import { test } from 'node:test'
import { staffRole } from './roles.ts'

const table: [string[], string, boolean][] = [
  [['medecin_conseil'], 'medecin_conseil', true],
  [['agent_administratif', 'pharmacien_conseil'], 'pharmacien_conseil', true],
  [['agent_administratif'], 'agent_administratif', false],
  [['directeur'], 'agent', false],
  [['constructor'], 'agent', false],
  [['MEDECIN_CONSEIL'], 'agent', false],
  [[], 'agent', false],
]
for (const [asserted, role, desk] of table) {
  test(`asserted ${JSON.stringify(asserted)}: ${role}`, () => {
    const found = staffRole(asserted)
    assert.deepEqual([found.role, found.desk], [role, desk])
  })
}
