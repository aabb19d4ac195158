// Addresses of the portal (in French), who may open them, and what follows the person from one to the next.
import {
  createRouter,
  createWebHistory,
  type RouteLocationNormalized,
  type RouteRecordRaw,
  START_LOCATION,
} from 'vue-router'
import { accountRoutes } from '~/accounts/routes.ts'
import { administrationRoutes } from '~/administration/routes.ts'
import { isReturnPath, returnPathOf, SIGNED_IN_BESIDE } from '~/client/return-path.ts'
import { session, sessionKnown } from '~/client/session.ts'
import { contactRoutes } from '~/contact/routes.ts'
import { delegationRoutes } from '~/delegations/routes.ts'
import { exchangeRoutes } from '~/exchanges/routes.ts'
import { homeRoutes } from '~/home/routes.ts'
import { passwordRoutes } from '~/passwords/routes.ts'
import { patientRoutes } from '~/patients/routes.ts'
import { homeOf } from '~/shell/home-path.ts'
import { statusAtNavigation, tell } from '~/shell/status.ts'
import { focusMain } from '~/ui/focus.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Of the window; empty on the home page. */
    title: string
    /**
     * `open` to strangers; `signedIn` any session; `patients`, `limited` (identification without a name), `exchanges` and
     * `administration`, `contact` and `office` what the session's `may` says, once the place of practice is chosen.
     */
    access: 'open' | 'signedIn' | 'patients' | 'limited' | 'exchanges' | 'administration' | 'contact' | 'office'
    /** Asks for a card (or the organisme’s own sign-in), whatever the right. */
    card?: boolean
    /** A patient service: the patient in hand stays in the address from one such page to the next, with the banner. */
    patient?: boolean
    /** The page takes the whole height (messaging). */
    wide?: boolean
  }
}

const routes: RouteRecordRaw[] = [
  ...homeRoutes,
  ...accountRoutes,
  ...delegationRoutes,
  ...passwordRoutes,
  ...patientRoutes,
  ...exchangeRoutes,
  ...administrationRoutes,
  ...contactRoutes,
  {
    path: '/:anything(.*)*',
    component: () => import('~/shell/NotFound.vue'),
    meta: { title: 'Page introuvable', access: 'open' },
  },
]

export const router = createRouter({ history: createWebHistory(), routes })

router.beforeEach(async (to, from) => {
  await sessionKnown()
  return gateOf(to) ?? keepPatient(to, from)
})

/** Where the person must go first, if anywhere; the server checks everything again by itself. */
function gateOf(to: RouteLocationNormalized) {
  const state = session.value?.state ?? 'signedOut'
  // Nor may a link's token, after the sharp, be taken along to another address.
  if (['/connexion/terminee', '/connexion/refusee', '/connexion/nouveau-mot-de-passe'].includes(to.path))
    return undefined
  // A sign-in beside a page whose session is about to end: there still is one, and another is wanted all the same.
  if (to.meta.access === 'open' && to.path !== '/' && to.query.retour === SIGNED_IN_BESIDE) return undefined
  if (state === 'signedOut') {
    return to.meta.access === 'open' ? undefined : { path: '/', query: { retour: to.fullPath } }
  }
  if (state === 'placeRequired') {
    return to.path === '/lieu-exercice' ? undefined : { path: '/lieu-exercice', query: retourOf(to) }
  }
  if (
    session.value?.emailWanted &&
    session.value.level === 'substantial' &&
    to.path !== '/adresse-electronique' &&
    to.path !== '/lieu-exercice'
  ) {
    return { path: '/adresse-electronique', query: retourOf(to) }
  }
  // A sign-in page has nothing to say to somebody signed in.
  if (to.path === '/espace-service-medical' || to.path === '/connexion/mot-de-passe')
    return returnPathOf(to.query.retour)
  if (to.path === '/') {
    if (to.query.retour !== undefined) return returnPathOf(to.query.retour)
    const home = homeOf(session.value) as { path: string }
    if (home.path !== '/') return home
  }
  return undefined
}

function retourOf(to: RouteLocationNormalized): Record<string, string> {
  const path = to.path === '/' && to.query.retour !== undefined ? returnPathOf(to.query.retour) : to.fullPath
  return path === '/' || !isReturnPath(path) ? {} : { retour: path }
}

/** The patient in hand follows through the patient services, in the address and nowhere else. */
function keepPatient(to: RouteLocationNormalized, from: RouteLocationNormalized) {
  const patient = from.query.patient
  if (!to.meta.patient || !from.meta.patient || typeof patient !== 'string' || 'patient' in to.query) return true
  return { ...to, query: { ...to.query, patient }, replace: to.redirectedFrom !== undefined }
}

// A part of the portal that does not come: a newer portal is on the server, and the address is loaded anew from it; or
// there is no network, and the page one is on stays. A page that was just loaded is never loaded again by itself.
router.onError(async (_fault, to, from) => {
  const reachable = await fetch('/api/health').then(
    (answer) => answer.ok,
    () => false,
  )
  if (reachable && from !== START_LOCATION) {
    window.location.assign(to.fullPath)
    return
  }
  tell(
    'Cette page n’a pas pu être chargée. Vérifiez votre connexion et réessayez ; si cela se reproduit, rechargez la fenêtre.',
    { kind: 'warning' },
  )
})

router.afterEach((to, from, failure) => {
  if (failure) return
  document.title = to.meta.title ? `${to.meta.title} – Consilium` : 'Consilium'
  const first = from.matched.length === 0
  const samePage = to.path === from.path
  if (!samePage) statusAtNavigation()
  // On the first page the browser's own start is the right one; a change of query is the same page.
  if (!first && !samePage) void focusMain()
})
