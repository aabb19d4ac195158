import type { RouteRecordRaw } from 'vue-router'

export const patientRoutes: RouteRecordRaw[] = [
  {
    path: '/patients/identification',
    component: () => import('./IdentifyPatient.vue'),
    meta: { title: 'Identifier un patient', access: 'patients' },
  },
  {
    path: '/patients/droits',
    component: () => import('./LimitedIdentification.vue'),
    meta: { title: 'Identification limitée', access: 'limited' },
  },
]
