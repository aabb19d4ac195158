import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DESK_ROLES, OFFICE_ROLES } from '../../platform/sessions/staff-roles.ts'
import { OWN_NAMES, type RoleMapping, readRoles } from './roles.ts'

const read = (asserted: string[], mapping: RoleMapping = OWN_NAMES) => {
  const { role, refusal } = readRoles(asserted, mapping)
  return refusal ?? `${role.role} ${role.desk ? 'desk' : 'office'}`
}

const table: [string[], string][] = [
  [['medecin_conseil'], 'medecin_conseil desk'],
  [['agent_administratif'], 'agent_administratif office'],
  [['chef_service', 'agent_triage'], 'agent_triage desk'],
  [['administrateur', 'auditeur'], 'auditeur office'],
  [['directeur', 'auditeur'], 'auditeur office'],
  [['directeur'], 'role-unknown'],
  [['constructor'], 'role-unknown'],
  [['__proto__'], 'role-unknown'],
  [['MEDECIN_CONSEIL'], 'role-unknown'],
  [['agent'], 'role-unknown'],
  [[], 'role-unknown'],
]
for (const [asserted, role] of table) {
  test(`asserted ${JSON.stringify(asserted)}: ${role}`, () => assert.equal(read(asserted), role))
}

test('a role on each side of the wall gives none, whichever two they are', () => {
  for (const desk of DESK_ROLES)
    for (const office of OFFICE_ROLES) assert.equal(read([office, desk]), 'roles-on-both-sides')
})

test('a host’s own mapping is the whole of it: our names mean nothing unless it says so', () => {
  const mapping: RoleMapping = { 'GG SM Médecins': 'medecin_conseil', 'GG Comptabilité': 'agent_administratif' }
  assert.equal(read(['GG SM Médecins'], mapping), 'medecin_conseil desk')
  assert.equal(read(['medecin_conseil'], mapping), 'role-unknown')
  assert.equal(read(['GG SM Médecins', 'GG Comptabilité'], mapping), 'roles-on-both-sides')
  assert.equal(read(['toString'], mapping), 'role-unknown')
})
