import type { RouteLocationNormalized } from 'vue-router'
import { isDesk } from '~/client/session.ts'

/** Whom a new message concerns is asked before anything else. */
export const identificationFirst = { path: '/patients/identification', query: { suite: '/echanges/nouveau' } }

/** The patient in hand of a practitioner stays in the address; each message of an adviser begins with its patient. */
export function patientCarried(route: RouteLocationNormalized): Record<string, string> {
  const { patient } = route.query
  return !isDesk.value && typeof patient === 'string' ? { patient } : {}
}
