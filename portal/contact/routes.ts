import type { RouteRecordRaw } from 'vue-router'

const queue = (path: string, folder: 'todo' | 'mine' | 'done', title: string): RouteRecordRaw => ({
  path,
  component: () => import('./QueuePage.vue'),
  props: { folder },
  meta: { title, access: 'office' },
})

export const contactRoutes: RouteRecordRaw[] = [
  {
    path: '/contact',
    component: () => import('./ContactPage.vue'),
    meta: { title: 'Contacter l’Assurance Maladie', access: 'contact' },
  },
  {
    path: '/mes-messages',
    component: () => import('./InquiriesPage.vue'),
    meta: { title: 'Mes messages', access: 'contact' },
  },
  {
    path: '/mes-messages/:inquiryId',
    component: () => import('./InquiryPage.vue'),
    props: true,
    meta: { title: 'Mon message', access: 'contact' },
  },
  queue('/messages', 'todo', 'Messages à prendre'),
  queue('/messages/en-cours', 'mine', 'Messages pris par moi'),
  queue('/messages/traites', 'done', 'Messages traités'),
  {
    path: '/messages/:inquiryId',
    component: () => import('./QueueInquiryPage.vue'),
    props: true,
    meta: { title: 'Message', access: 'office' },
  },
]
