// The pages of the card's own origin: nothing runs there, nothing comes from elsewhere, and each says what to do.
import { createHash } from 'node:crypto'
import { accountsProblems } from '../accounts/problems.ts'
import type { CardRefusal } from './check-card.ts'
import { cardsProblems } from './problems.ts'

export type PageCode = CardRefusal | 'sign-in-expired'

/** A browser remembers the certificate it was given until it is closed. */
const CLOSE_BROWSER =
  'Fermez toutes les fenêtres du navigateur avant de recommencer : il se souvient du certificat choisi jusqu’à sa fermeture.'

/** What happened, and what to do: the title is the sentence of the refusal. */
const TEXTS: Record<PageCode, { heading: string; why: string; todo: string[] }> = {
  'sign-in-expired': {
    heading: 'Connexion à recommencer',
    why: 'Une connexion par carte commence sur le portail et dure dix minutes au plus ; celle-ci est trop ancienne, a déjà servi, ou n’a pas commencé dans ce navigateur.',
    todo: ['Revenez à l’accueil du portail et choisissez de nouveau votre carte.'],
  },
  'card-forwarding-refused': {
    heading: 'Adresse réservée',
    why: 'Les cartes ne sont pas lues à cette adresse, mais à celle que l’hébergeur a publiée.',
    todo: ['Revenez à l’accueil du portail et choisissez votre carte depuis cette page.'],
  },
  'card-missing': {
    heading: 'Aucune carte présentée',
    why: 'Votre navigateur n’a présenté aucun certificat : la carte n’est pas dans le lecteur, la demande a été annulée, ou le logiciel de la carte (Cryptolib CPS) n’est pas installé.',
    todo: ['Insérez votre carte dans le lecteur.', CLOSE_BROWSER],
  },
  'card-unreadable': {
    heading: 'Certificat illisible',
    why: 'Ce que votre navigateur a présenté n’est pas un certificat que ce portail sait lire.',
    todo: ['Choisissez le certificat d’authentification de votre carte.', CLOSE_BROWSER],
  },
  'card-authority-unknown': {
    heading: 'Certificat d’une autre autorité',
    why: 'Seules les cartes de l’Agence du numérique en santé (CPS, CPE) sont acceptées ici. Le certificat choisi vient d’une autre autorité.',
    todo: ['Choisissez le certificat de votre carte CPS ou CPE dans la liste du navigateur.', CLOSE_BROWSER],
  },
  'card-expired': {
    heading: 'Carte hors de sa période de validité',
    why: 'La date de fin de votre carte est dépassée, ou sa date de début n’est pas encore atteinte.',
    todo: [
      'Si une nouvelle carte vous a été envoyée, utilisez-la.',
      'Sinon, demandez son renouvellement à l’Agence du numérique en santé.',
    ],
  },
  'card-revocation-unavailable': {
    heading: 'Vérification des cartes indisponible',
    why: 'Le portail ne peut pas vérifier que votre carte n’a pas été révoquée. Votre carte n’est pas en cause ; l’hébergeur est prévenu.',
    todo: ['Connectez-vous avec Pro Santé Connect, ou réessayez plus tard.'],
  },
  'card-revoked': {
    heading: 'Carte révoquée',
    why: 'Votre carte a été mise en opposition ou remplacée : elle ne permet plus de se connecter.',
    todo: [
      'Utilisez votre nouvelle carte si vous l’avez reçue.',
      'Si vous n’avez pas demandé cette révocation, contactez l’Agence du numérique en santé.',
    ],
  },
  'card-signature-certificate': {
    heading: 'Certificat de signature',
    why: 'Votre carte porte deux certificats. Celui de signature ne sert pas à se connecter.',
    todo: [CLOSE_BROWSER, 'Choisissez ensuite l’autre certificat de votre carte, celui d’authentification.'],
  },
  'card-organisation': {
    heading: 'Certificat d’organisation',
    why: 'Le certificat choisi désigne une structure ou un serveur. Ce portail n’accepte que des personnes.',
    todo: ['Choisissez le certificat de votre carte personnelle.', CLOSE_BROWSER],
  },
  'card-type-refused': {
    heading: 'Carte non nominative',
    why: 'Seules les cartes CPS, CPF et CPE à votre nom sont acceptées. Une carte de service, ou un certificat logiciel, ne dit pas qui vous êtes.',
    todo: ['Utilisez votre carte personnelle.', CLOSE_BROWSER],
  },
  'card-holder-unknown': {
    heading: 'Vous n’êtes pas encore connu ici',
    why: 'Votre carte est valable, mais elle ne dit pas où vous exercez, et ce portail ne le sait pas encore.',
    todo: ['Connectez-vous une première fois avec Pro Santé Connect : votre carte suffira ensuite.'],
  },
}

const STYLE = `
:root{color-scheme:light;font-family:Arial,Helvetica,sans-serif;line-height:1.5;color:#16233a;background:#f4f8f9}
*{box-sizing:border-box}
body{margin:0}
header{background:#fff;border-bottom:4px solid #00516d}
.inner{display:flex;align-items:center;gap:.75rem;max-width:71.5rem;margin:0 auto;padding:.75rem 1.5rem}
.name{color:#00516d;line-height:1.15;font-size:1.5rem;font-weight:700;letter-spacing:-.01em}
.motto{display:block;font-size:.8125rem;font-weight:400;letter-spacing:0;color:#4a5468}
main{max-width:44rem;margin:2rem auto;padding:0 1.5rem}
.card{background:#fff;border:1px solid #d5dbe6;border-radius:12px;padding:1.75rem 2rem 2rem}
h1{margin:0;font-size:1.625rem;line-height:1.3}
.lead{font-weight:700}
p,ul{margin:.75rem 0 0}
ul{padding-left:1.25rem}
h2{margin:1.5rem 0 0;font-size:1.0625rem}
.ways{display:flex;flex-wrap:wrap;gap:1rem 1.5rem;align-items:center;margin-top:1.75rem}
a{color:#00749c}
a.button{display:inline-flex;align-items:center;justify-content:center;min-height:2.75rem;padding:.5rem 1.5rem;border-radius:8px;text-align:center;font-weight:700;text-decoration:none;border:2px solid #00749c}
a.first{background:#00749c;color:#fff}
:focus-visible{outline:3px solid #004259;outline-offset:2px;box-shadow:0 0 0 2px #fff}
.code{margin-top:1.75rem;font-size:.875rem;color:#4a5468}
@media (max-width:30rem){main{margin:1rem auto;padding:0 1rem}.card{padding:1.25rem}.inner{padding:.75rem 1rem}.ways a.button{width:100%}}
`

export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
}

const MARK =
  '<svg width="40" height="40" viewBox="0 0 48 48" aria-hidden="true"><rect width="48" height="48" rx="12" fill="#00516d"/><path d="M30.5 15.2A11.5 11.5 0 1 0 30.5 32.8" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round"/><path d="M35.6 19.6a6.2 6.2 0 0 1 0 8.8" fill="none" stroke="#56c271" stroke-width="4" stroke-linecap="round"/><circle cx="27.5" cy="24" r="3.6" fill="#56c271"/></svg>'

export const statusOf = (code: PageCode): number =>
  code === 'sign-in-expired' ? accountsProblems[code].status : cardsProblems[code].status

/**
 * @param where.portal public origin of the portal, where every way out leads
 * @param where.returnTo the page of the portal that the sign-in was begun for
 */
export function refusalPage(code: PageCode, { portal, returnTo }: { portal: string; returnTo: string }): string {
  const { heading, why, todo } = TEXTS[code]
  const { title } = code === 'sign-in-expired' ? accountsProblems[code] : cardsProblems[code]
  const back = returnTo === '/' ? '' : `?retour=${encodeURIComponent(returnTo)}`
  const link = (path: string, label: string, kind = '') => `<a${kind} href="${escaped(portal + path)}">${label}</a>`
  return `<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(heading)} – Consilium</title>
<style>${STYLE}</style>
</head>
<body>
<header><div class="inner">${MARK}<span class="name">Consilium <span class="motto">Praticiens et service médical</span></span></div></header>
<main>
<div class="card">
<h1>${escaped(heading)}</h1>
<p class="lead">${escaped(title)}</p>
<p>${escaped(why)}</p>
<h2>Que faire ?</h2>
<ul>${todo.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>
<p class="ways">${link(`/api/sign-in/psc${back}`, 'Se connecter avec Pro Santé Connect', ' class="button first"')}
${link(`/api/sign-in/card${back}`, 'Recommencer avec ma carte', ' class="button"')}
${link('/', 'Revenir à l’accueil')}</p>
<p class="code">Code : ${code}</p>
</div>
</main>
</body>
</html>
`
}

const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
