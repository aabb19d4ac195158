import type { RouteRecordRaw } from 'vue-router'

/** The screens of the secure exchanges, both sides. */
export const exchangeRoutes: RouteRecordRaw[] = []
