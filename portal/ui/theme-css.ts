// Run at build time only (see vite.config.ts): the style text Vuetify would otherwise write into the page at start,
// which a policy without 'unsafe-inline' refuses.
import { createVuetify } from 'vuetify'
import { theme } from './theme.ts'

export function themeCss(): string {
  return createVuetify({ theme, ssr: true }).theme.styles.value
}
