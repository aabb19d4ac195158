// The look of every page of a simulator: its banner, no script of its own, nothing from elsewhere.
import { createHash } from 'node:crypto'

const STYLE = `
:root{color-scheme:light;font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;line-height:1.5;color:#1d2433;background:#f4f6fa}
*{box-sizing:border-box}
body{margin:0}
.banner{background:#5b2a00;color:#fff;padding:.75rem 1.25rem;font-size:.9375rem;text-align:center}
.banner strong{letter-spacing:.12em;margin-right:.5rem}
main{max-width:44rem;margin:2rem auto;padding:0 1.25rem 2rem}
h1{font-size:1.625rem;line-height:1.25;margin:0 0 .5rem}
p{margin:0 0 1.25rem}
.card{background:#fff;border:1px solid #d5dbe6;border-radius:.75rem;padding:1.5rem;box-shadow:0 1px 2px rgba(20,30,60,.06)}
fieldset{border:0;margin:0 0 1.25rem;padding:0}
legend,h2{font-weight:600;font-size:1.0625rem;margin:0 0 .5rem;padding:0}
.choice{display:inline-flex;align-items:center;gap:.5rem;min-height:2.75rem;margin-right:1.5rem;cursor:pointer}
input[type=radio]{width:1.25rem;height:1.25rem;accent-color:#1f4fb8}
details{margin:0 0 1.25rem;padding:0 1rem;border:1px solid #d5dbe6;border-radius:.5rem;background:#f8f9fc}
summary{min-height:2.75rem;padding:.625rem 0;cursor:pointer}
details .choice{display:flex}
.people{list-style:none;margin:0;padding:0;display:grid;gap:.5rem}
button{font:inherit;color:inherit;cursor:pointer}
.person{width:100%;min-height:3rem;text-align:left;padding:.625rem 1rem;background:#fff;border:1px solid #8a94a8;border-radius:.5rem}
.person:hover{border-color:#1f4fb8;background:#eef3ff}
.person .name{color:#4a5468}
.plain{min-height:2.75rem;padding:.5rem 1rem;border:1px solid #8a94a8;border-radius:.5rem;background:#fff}
:focus-visible{outline:3px solid #1f4fb8;outline-offset:2px}
.actions{display:flex;gap:.75rem;align-items:center;flex-wrap:wrap;margin-top:1.25rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0 0 1rem}
dt{color:#4a5468}dd{margin:0;overflow-wrap:anywhere}
article{margin-bottom:1rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;margin:0;padding-top:1rem;border-top:1px solid #d5dbe6}
a{color:#1f4fb8}
@media (max-width:30rem){main{margin-top:1.25rem}.card{padding:1rem}}
`

const styleHash = createHash('sha256').update(STYLE).digest('base64')

/**
 * Content-security policy of these pages. `formTargets` are the origins a form may end at: browsers apply form-action
 * to the redirections that follow too. `script-src` stays empty here (nothing runs); oidc-provider adds the digest of
 * its own one-line submission there when it needs one.
 */
export function pagePolicy(formTargets: string[] = [], scriptHashes: string[] = []): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    `script-src ${scriptHashes.join(' ')}`.trim(),
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join(';')
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A whole page; `main` is HTML already escaped. */
export function page({ title, banner, main }: { title: string; banner: string; main: string }): string {
  return `<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header class="banner"><strong>SIMULATEUR</strong> ${escapeHtml(banner)}</header>
<main>
${main}
</main>
</body>
</html>
`
}
