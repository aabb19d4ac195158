import type { RouteRecordRaw } from 'vue-router'

export const delegationRoutes: RouteRecordRaw[] = [
  {
    path: '/compte/delegations',
    component: () => import('./DelegationsPage.vue'),
    meta: { title: 'Mes délégations', access: 'signedIn', card: true },
  },
]
