import type { RouteRecordRaw } from 'vue-router'

export const passwordRoutes: RouteRecordRaw[] = [
  {
    path: '/connexion/mot-de-passe',
    component: () => import('./PasswordSignIn.vue'),
    meta: { title: 'Connexion par mot de passe', access: 'open' },
  },
  {
    path: '/connexion/lien',
    component: () => import('./AskForLink.vue'),
    meta: { title: 'Activer mon compte ou mot de passe oublié', access: 'open' },
  },
  {
    path: '/connexion/nouveau-mot-de-passe',
    component: () => import('./NewPassword.vue'),
    meta: { title: 'Choisir un mot de passe', access: 'open' },
  },
  {
    path: '/compte/mot-de-passe',
    component: () => import('./PasswordPage.vue'),
    meta: { title: 'Mot de passe', access: 'signedIn' },
  },
]
