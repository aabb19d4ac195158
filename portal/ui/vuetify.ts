// Vuetify without its registry: the build imports the components that templates name.
import { createVuetify } from 'vuetify'
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg'
import { fr } from 'vuetify/locale'
import { theme } from './theme.ts'

export const vuetify = createVuetify({
  locale: { locale: 'fr', messages: { fr } },
  theme,
  icons: { defaultSet: 'mdi', aliases, sets: { mdi } },
})

// The theme is a static style sheet (`virtual:theme.css`): nothing is generated nor written at start.
vuetify.theme.install = () => undefined
