declare module 'virtual:theme.css'
declare module 'vuetify/styles'
