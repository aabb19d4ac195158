import { escapeHtml, page } from '../page.ts'
import type { ReceivedMail } from './start.ts'

const when = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeStyle: 'medium', timeZone: 'Europe/Paris' })

/** The list of what was received, newest first; the HTML part of a mail is never rendered. */
export function mailBoxPage(messages: ReceivedMail[]): string {
  const articles = messages
    .toReversed()
    .map(
      (mail) => `<article class="card">
<h2>${escapeHtml(mail.subject || '(sans objet)')}</h2>
<dl>
<dt>De</dt><dd>${escapeHtml(mail.from)}</dd>
<dt>À</dt><dd>${escapeHtml(mail.to)}</dd>
<dt>Date</dt><dd>${escapeHtml(when.format(new Date(mail.date)))}</dd>
</dl>
<pre>${withLinks(mail.text)}</pre>
</article>`,
    )
    .join('\n')
  const count = messages.length === 0 ? 'Aucun message reçu' : `Messages reçus : ${messages.length}`
  return page({
    title: 'Boîte aux lettres (simulateur)',
    banner: 'Boîte aux lettres de démonstration : aucun de ces messages ne part au dehors.',
    main: `<h1>Boîte aux lettres</h1>
<p>${count}. <a href="/">Actualiser</a></p>
${articles}
<form method="post" action="/vider" class="actions"><button class="plain" type="submit">Vider la boîte</button></form>`,
  })
}

function withLinks(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, index) =>
      index % 2 === 1 ? `<a href="${escapeHtml(part)}" rel="noreferrer">${escapeHtml(part)}</a>` : escapeHtml(part),
    )
    .join('')
}
