// The base styles, before any component: cascade layers are ranked by first appearance (UI.md part 2).
import 'vuetify/styles'
import './base.scss'
