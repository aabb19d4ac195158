// Build of the portal: @cnamts/synapse from its sources, with four measures that take the first page from 1.4 MB of
// JavaScript to about a tenth: no Vuetify registry, icons by allow-list, utilities purged, theme as a static sheet.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import purgecss from '@fullhuman/postcss-purgecss'
import vue from '@vitejs/plugin-vue'
import type { Plugin as PostcssPlugin } from 'postcss'
import { build, defineConfig, type Plugin } from 'vite'
import vuetify from 'vite-plugin-vuetify'
import { iconNames } from './ui/icons.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const synapse = here('../node_modules/@cnamts/synapse/src')

const alias = [
  { find: /^@\//, replacement: `${synapse}/` },
  { find: /^#syn\/(.+)$/, replacement: `${synapse}/components/$1.vue` },
  { find: /^~\//, replacement: here('./') },
]

/** Replaces the 177 kB icon module by the icons of ui/icons.ts. */
function iconSubset(): Plugin {
  return {
    name: 'consilium:icon-subset',
    async load(id) {
      if (!id.startsWith(synapse) || !id.split('?')[0]?.endsWith('/assets/amelipro/icons.ts')) return null
      const source = await readFile(`${synapse}/assets/amelipro/icons.ts`, 'utf8')
      const entries = iconNames.map((name) => {
        const svg = new RegExp(`^\\t${name}: \`([^\`]*)\``, 'm').exec(source)?.[1]
        if (svg === undefined) throw new Error(`icon ${name} does not exist in @cnamts/synapse`)
        const text = svg
          .replaceAll(/\$\{CIRCLE_COLOR\}/g, 'circle-color')
          .replaceAll(/\$\{SHAPE_COLOR\}/g, 'shape-color')
          .replaceAll(/\s*\n\s*/g, ' ')
          .trim()
        return `${name}: ${JSON.stringify(text)}`
      })
      return { code: `export const icons = {\n${entries.join(',\n')}\n}\n`, map: null, moduleType: 'js' }
    },
  }
}

/** vue-router keeps scroll positions, by full address, in sessionStorage: here nothing stays in a browser store. */
function noScrollStore(): Plugin {
  let mended = false
  return {
    name: 'consilium:no-scroll-store',
    transform(code, id) {
      if (!id.includes('/vue-router/dist/') || !code.includes('sessionStorage[SCROLL_KEY]')) return null
      mended = true
      return {
        code: code
          .replace('sessionStorage[SCROLL_KEY] = JSON.stringify(scrollPositions);', '')
          .replace('JSON.parse(sessionStorage[SCROLL_KEY])', '{}'),
        map: null,
      }
    },
    generateBundle(_options, bundle) {
      const left = Object.values(bundle).some(
        (file) => file.type === 'chunk' && /(?:session|local)Storage/.test(file.code),
      )
      if (!mended || left) this.error('a browser store is still used by the portal')
    },
  }
}

/** `virtual:theme.css`: the theme as a style sheet, without Vuetify's own light and dark themes. */
function themeSheet(): Plugin {
  const id = 'virtual:theme.css'
  let sheet: Promise<string> | undefined
  async function make(): Promise<string> {
    const output = await build({
      configFile: false,
      logLevel: 'error',
      root: here('./'),
      resolve: { alias },
      ssr: { noExternal: true },
      build: { ssr: here('./ui/theme-css.ts'), write: false, minify: false },
    })
    const chunk = (Array.isArray(output) ? output[0] : output) as { output: { code?: string }[] }
    const code = chunk.output[0]?.code ?? ''
    const module = (await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)) as {
      themeCss(): string
    }
    return module.themeCss().replaceAll(/^\s*\.v-theme--(?:light|dark) \{[^}]*\}\n?/gm, '')
  }
  return {
    name: 'consilium:theme-sheet',
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load(resolved) {
      if (resolved !== `\0${id}`) return null
      sheet ??= make()
      return sheet
    },
  }
}

// Utilities (spacing, display, sizes, theme colours), other themes, right-to-left and transitions are purged when no
// template names them; every other class is kept, since components build many names from variables.
const purgeable = [
  /^[mp][atblrxyse]?(?:-(?:sm|md|lg|xl|xxl))?-(?:n?\d+|auto)$/,
  /^(?:d|flex|justify|align|order|float|[wh]|overflow|position|opacity|cursor|offset|font|display|hidden|top|right|bottom|left)-/,
  /^(?:ga|gr|gc)-/,
  /^flex$/,
  /^v-(?:col|row|otp|carousel|data-table|table)/,
  /^(?:v-)?theme-+(?:cnam|pa|ap)$/,
  /^v-locale--is-rtl$/,
  /^rounded-[tbse]/,
  /^(?:bg|text|border|on)-/,
  /^on-/,
  /^elevation-/,
  /^(?:picker|scroll|scale|slide|message|dialog|date|tab|window)-/,
]
const kept = (name: string) => !purgeable.some((pattern) => pattern.test(name))

/** Style sheets load in the order of the chunks: each says again in which order Vuetify's layers are ranked. */
const layerOrder: PostcssPlugin = {
  postcssPlugin: 'consilium:layer-order',
  Once(root) {
    let layered = false
    root.walkAtRules('layer', (rule) => {
      layered ||= rule.params.startsWith('vuetify')
    })
    if (!layered) return
    const order = ['reset', 'transitions', 'base', 'components', 'overrides', 'utilities']
    root.prepend(`@layer ${order.map((name) => `vuetify.${name}`).join(', ')};`)
  },
}

export default defineConfig({
  root: here('./'),
  base: '/',
  publicDir: here('./public'),
  resolve: { alias },
  plugins: [
    themeSheet(),
    iconSubset(),
    noScrollStore(),
    vue(),
    vuetify({ autoImport: true, styles: { configFile: here('./ui/settings.scss') } }),
  ],
  css: {
    postcss: {
      plugins: [
        layerOrder,
        purgecss({
          content: [
            here('./**/*.{vue,ts}'),
            here('./index.html'),
            `${synapse}/components/Amelipro/Amelipro{Btn,Card,ClickableTile,Icon,IconBtn,Message,Status}/*.{vue,ts}`,
            here('../node_modules/vuetify/lib/components/{VBtn,VAlert,VTextField,VTextarea,VField,VInput,VIcon}/*.js'),
          ],
          // A colour is named alone (`color="ap-red"`) and becomes a class (`bg-ap-red`).
          defaultExtractor: (text) => {
            const names = text.match(/[\w-]+/g) ?? []
            return names.flatMap((name) =>
              name.startsWith('ap-') ? [name, `bg-${name}`, `text-${name}`, `border-${name}`] : [name],
            )
          },
          // The plugin takes patterns; this one asks the function above.
          safelist: { standard: [{ test: kept } as RegExp] },
        }),
      ],
    },
  },
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
  build: {
    target: 'es2022',
    emptyOutDir: true,
    // No data: URI, so that img-src stays 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
})
