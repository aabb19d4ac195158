import { escapeHtml, page } from '../page.ts'

export type Choice = { id: string; role: string; shownName: string }
export type Means = { value: string; label: string }

/** The page where one click on a fictional person signs in. */
export function chooserPage(options: {
  title: string
  banner: string
  action: string
  means: Means[]
  people: Choice[]
}): string {
  const means = options.means
    .map(
      ({ value, label }, index) =>
        `<label class="choice"><input type="radio" name="means" value="${escapeHtml(value)}"${index === 0 ? ' checked' : ''}> ${escapeHtml(label)}</label>`,
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
