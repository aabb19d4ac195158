// How every mail of the portal looks: a greeting, paragraphs, perhaps one link; the same words as text and as HTML.
import type { Mail } from './mail.ts'

export type Letter = {
  /** The outbox id: makes the Message-ID, so that a second copy is recognisable. */
  id: string
  to: string
  subject: string
  /** In French, without the greeting; the link, if any, stands after the paragraph `linkAfter` (the first unless told). */
  paragraphs: string[]
  link?: { label: string; address: string }
  linkAfter?: number
}

const GREETING = 'Bonjour,'
const FOOT =
  'Ce message est envoyé automatiquement : n’y répondez pas et n’écrivez aucune donnée médicale par courrier électronique.'

export function composeLetter({ id, to, subject, paragraphs, link, linkAfter = 1 }: Letter): Mail {
  const text: string[] = []
  const html: string[] = []
  const say = (paragraph: string) => {
    text.push(paragraph)
    html.push(`<p>${escaped(paragraph)}</p>`)
  }
  const addLink = () => {
    if (!link) return
    text.push(`${link.label} : ${link.address}`)
    html.push(`<p><a href="${escaped(link.address)}">${escaped(link.label)}</a></p>`)
  }
  say(GREETING)
  paragraphs.forEach((paragraph, at) => {
    say(paragraph)
    if (at + 1 === linkAfter) addLink()
  })
  say(FOOT)
  return {
    id,
    to,
    subject,
    text: `${text.join('\n\n')}\n`,
    html: `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head><body style="font-family:Arial,sans-serif;color:#16233a">${html.join('')}</body></html>`,
  }
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character]!)
