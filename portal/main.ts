// First: without the Trusted Types policy the design system cannot draw its icons.
import './trusted-types.ts'
// Then the base styles, before any component.
import '~/ui/styles.ts'
import 'virtual:theme.css'
import { createApp } from 'vue'
import { loadSession } from '~/client/session.ts'
import { router } from '~/router.ts'
import AppFrame from '~/shell/AppFrame.vue'
import { vuetify } from '~/ui/vuetify.ts'

const app = createApp(AppFrame)
app.use(vuetify)
// The first navigation's guard needs to know who is signed in; it waits for this same promise.
void loadSession()
app.use(router)
app.mount('#app')
