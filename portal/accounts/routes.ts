import type { RouteRecordRaw } from 'vue-router'

export const accountRoutes: RouteRecordRaw[] = [
  {
    path: '/espace-service-medical',
    component: () => import('./DeskSignIn.vue'),
    meta: { title: 'Espace service médical', access: 'open' },
  },
  {
    path: '/lieu-exercice',
    component: () => import('./ChoosePlace.vue'),
    meta: { title: 'Choisissez votre lieu d’exercice', access: 'signedIn' },
  },
  {
    path: '/adresse-electronique',
    component: () => import('./EmailAddress.vue'),
    meta: { title: 'Mon adresse électronique', access: 'signedIn', card: true },
  },
  {
    path: '/compte',
    component: () => import('./MyDetails.vue'),
    meta: { title: 'Mes informations', access: 'signedIn' },
  },
  {
    path: '/compte/connexions',
    component: () => import('./ConnectionsPage.vue'),
    meta: { title: 'Mes connexions', access: 'signedIn' },
  },
  {
    path: '/connexion/refusee',
    component: () => import('./SignInRefused.vue'),
    meta: { title: 'Connexion refusée', access: 'open' },
  },
  {
    path: '/connexion/terminee',
    component: () => import('./SignInDone.vue'),
    meta: { title: 'Vous êtes reconnecté', access: 'open' },
  },
]
