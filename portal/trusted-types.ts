// Trusted Types (CSP `require-trusted-types-for 'script'; trusted-types vue default`): the design system's icons
// empty their holder with '' and parse SVG text. Nothing else may become HTML from a string in this portal.

type PolicyRules = { createHTML: (text: string) => string }
type PolicyFactory = { createPolicy(name: string, rules: PolicyRules): unknown }

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes

factory?.createPolicy('default', {
  createHTML(text) {
    if (text === '' || text.trimStart().startsWith('<svg')) return text
    throw new TypeError('HTML from a string is refused in this portal')
  },
})
