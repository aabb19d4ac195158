import { escapeHtml, page } from '../page.ts'

export type Choice = { id: string; role: string; shownName: string }
export type Means = { value: string; label: string }
/** How the provider behaves after the choice; the first one is the usual way. */
export type Behaviour = {
  value: string
  label: string
  acr?: string
  /** Comes back with this error in place of a code. */
  error?: string
  /** Makes the portal wait for its tokens. */
  delayMs?: number
}

/** The page where one click on a fictional person signs in. */
export function chooserPage(options: {
  title: string
  banner: string
  action: string
  means: Means[]
  people: Choice[]
  behaviours?: Behaviour[]
}): string {
  const means = options.means
    .map(
      ({ value, label }, index) =>
        `<label class="choice"><input type="radio" name="means" value="${escapeHtml(value)}"${index === 0 ? ' checked' : ''}> ${escapeHtml(label)}</label>`,
    )
    .join('\n')
  const behaviours = (options.behaviours ?? [])
    .map(
      ({ value, label }, index) =>
        `<label class="choice"><input type="radio" name="behaviour" value="${escapeHtml(value)}"${index === 0 ? ' checked' : ''}> ${escapeHtml(label)}</label>`,
    )
    .join('\n')
  // The role comes first in the text of the button, hence in its accessible name.
  const people = options.people
    .map(
      ({ id, role, shownName }) =>
        `<li><button class="person" type="submit" name="person" value="${escapeHtml(id)}">${escapeHtml(role)} <span class="name">— ${escapeHtml(shownName)}</span></button></li>`,
    )
    .join('\n')
  return page({
    title: `${options.title} (simulateur)`,
    banner: options.banner,
    main: `<h1>${escapeHtml(options.title)}</h1>
<p>Choisissez la personne fictive avec laquelle vous voulez vous connecter.</p>
<form class="card" method="post" action="${escapeHtml(options.action)}">
<fieldset role="radiogroup" aria-labelledby="means">
<legend id="means">Moyen d’authentification</legend>
${means}
</fieldset>
${
  behaviours &&
  `<details>
<summary>Essayer une autre réponse du service</summary>
<fieldset role="radiogroup" aria-labelledby="behaviour">
<legend id="behaviour">Réponse du service</legend>
${behaviours}
</fieldset>
</details>`
}
<h2 id="people">Personnes fictives</h2>
<ul class="people" aria-labelledby="people">
${people}
</ul>
</form>
<form method="post" action="${escapeHtml(options.action)}" class="actions">
<button class="plain" type="submit" name="cancel" value="yes">Annuler la connexion</button>
</form>`,
  })
}
