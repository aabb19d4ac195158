import type { LocationQueryValue, RouteLocationRaw } from 'vue-router'
import type { Session } from '~/client/session.ts'

/**
 * Where the person's own start page is: the folders for an adviser, the three columns for a practitioner, a page that says
 * what it opens for whoever sees no exchange.
 */
export function homeOf(
  session: Session | null | undefined,
  patient?: LocationQueryValue | LocationQueryValue[],
): RouteLocationRaw {
  if (session?.person?.side === 'desk' && session.may.useExchanges) return { path: '/echanges/a-traiter' }
  if (session?.may.administer) return { path: '/administration' }
  return { path: '/', query: typeof patient === 'string' ? { patient } : {} }
}
