import type { RouteLocationNormalized, RouteRecordRaw } from 'vue-router'
import { identificationFirst } from './carried-patient.ts'
import type { FolderName } from './folders.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** The page is this folder of the exchanges: it brings fresh counters along by itself. */
    folder?: FolderName
  }
}

const Folder = () => import('./FolderPage.vue')
const NewExchange = () => import('./NewExchangePage.vue')

/** The patient first; a reload while a draft is being written opens that draft (its patient is its own). */
function patientFirst(to: RouteLocationNormalized) {
  if (typeof to.query.brouillon === 'string')
    return { path: `/echanges/brouillons/${to.query.brouillon}`, replace: true }
  if (typeof to.query.patient === 'string') return true
  return { ...identificationFirst, replace: true }
}

/** The screens of the secure exchanges, both sides. */
export const exchangeRoutes: RouteRecordRaw[] = [
  {
    path: '/echanges',
    component: () => import('./MessagingLayout.vue'),
    redirect: '/echanges/a-traiter',
    children: [
      {
        path: 'a-traiter',
        component: Folder,
        props: { folder: 'todo' },
        meta: { title: 'À traiter', access: 'exchanges', patient: true, wide: true, folder: 'todo' },
      },
      {
        path: 'en-cours',
        component: Folder,
        props: { folder: 'waiting' },
        meta: { title: 'En cours', access: 'exchanges', patient: true, wide: true, folder: 'waiting' },
      },
      {
        path: 'clos',
        component: Folder,
        props: { folder: 'closed' },
        meta: { title: 'Clos', access: 'exchanges', patient: true, wide: true, folder: 'closed' },
      },
      {
        path: 'brouillons',
        component: () => import('./DraftsPage.vue'),
        meta: { title: 'Brouillons', access: 'exchanges', patient: true, wide: true, folder: 'drafts' },
      },
      {
        path: 'nouveau',
        component: NewExchange,
        beforeEnter: patientFirst,
        meta: { title: 'Nouveau message', access: 'exchanges', wide: true },
      },
      {
        path: 'brouillons/:draftId',
        component: NewExchange,
        props: true,
        meta: { title: 'Brouillon', access: 'exchanges', wide: true },
      },
      {
        path: ':exchangeId',
        component: () => import('./ExchangePage.vue'),
        props: true,
        // The exchange shows its own patient, never the one in hand; the banner is drawn by the page.
        meta: { title: 'Échange', access: 'exchanges', wide: true },
      },
    ],
  },
]
