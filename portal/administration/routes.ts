import type { RouteRecordRaw } from 'vue-router'

export const administrationRoutes: RouteRecordRaw[] = [
  {
    path: '/administration',
    component: () => import('./AdministrationPage.vue'),
    meta: { title: 'Administration', access: 'administration' },
  },
  {
    path: '/administration/identifications',
    component: () => import('./IdentificationBlocks.vue'),
    meta: { title: 'Identifications bloquées', access: 'administration' },
  },
]
