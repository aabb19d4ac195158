// People without a session, for acts that are called without a server.
import { randomUUID } from 'node:crypto'
import type { Principal } from '../../../src/platform/sessions/principal.ts'

const START = new Date('2026-11-23T10:00:00Z')

export function principalOf(more: Partial<Principal>): Principal {
  const practice = more.side !== 'desk'
  return {
    sessionId: randomUUID(),
    idHash: Buffer.alloc(32),
    personId: randomUUID(),
    realm: 'ans',
    side: 'practice',
    role: practice ? 'practitioner' : 'medecin_conseil',
    level: 'substantial',
    via: practice ? 'psc' : 'organism',
    authMode: 'CARD',
    acr: 'eidas1',
    issuer: 'test',
    activityId: practice ? randomUUID() : null,
    practiceBox: practice ? randomUUID() : null,
    onBehalfOf: null,
    scope: 'send',
    motifs: null,
    organismIds: [],
    boxes: [],
    services: ['identification', 'exchanges'],
    emailPostponed: false,
    createdAt: START,
    lastSeenAt: START,
    checkedAt: null,
    expiresAt: new Date(START.getTime() + 4 * 3_600_000),
    ...more,
  }
}
