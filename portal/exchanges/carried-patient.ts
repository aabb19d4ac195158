import type { RouteLocationNormalized } from 'vue-router'
import { isDesk } from '~/client/session.ts'

/** The patient in hand of a practitioner stays in the address; each message of an adviser begins with its patient. */
export function patientCarried(route: RouteLocationNormalized): Record<string, string> {
  const { patient } = route.query
  return !isDesk.value && typeof patient === 'string' ? { patient } : {}
}
