// A practitioner with a password, as the tests of this folder need one: activated by the link of the mail, signed in by
// the routes, with what the browser would keep.
import assert from 'node:assert/strict'
import { type Answer, type Client, createClient } from '../client.ts'
import type { Someone, World } from '../harness.ts'

export const PASSWORD = 'girafe vinaigre boussole'
export const OTHER_PASSWORD = 'cerfeuil parapluie locomotive'

export type Holder = Someone & { identifier: string; email: string }

export async function practitionerWithEmail(world: World, places = 1): Promise<Holder> {
  const someone = await world.practitioner({ places })
  const [row] = await world.database.sql<{ rpps: string; email: string }>(
    'select rpps, email from portal.person where person_id = $1',
    [someone.personId],
  )
  return { ...someone, identifier: row!.rpps, email: row!.email }
}

/** Mails to somebody, oldest first, once there are so many. */
export async function mailsTo(
  world: World,
  email: string,
  count: number,
): Promise<{ subject: string; text: string }[]> {
  for (const deadline = Date.now() + 5000; ; ) {
    const mails = world.mailer.sent.filter((mail) => mail.to === email)
    if (mails.length >= count) return mails
    if (Date.now() > deadline) throw new Error(`${mails.length} mails, not ${count}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export const linksIn = (text: string): string[] =>
  [...text.matchAll(/\/connexion\/nouveau-mot-de-passe#([A-Za-z0-9_-]+)/g)].map((found) => found[1]!)

/** Asks for a link and gives the token of the mail. */
export async function askForLink(world: World, holder: Holder): Promise<string> {
  const before = world.mailer.sent.filter((mail) => mail.to === holder.email).length
  await world.stranger().do('POST /api/password/links', { body: { identifier: holder.identifier } })
  const mails = await mailsTo(world, holder.email, before + 1)
  const [token] = linksIn(mails.at(-1)!.text)
  assert.ok(token)
  return token
}

export async function activate(world: World, holder: Holder, password = PASSWORD): Promise<void> {
  const token = await askForLink(world, holder)
  await world.stranger().do('POST /api/password/by-link', { body: { token, password } })
}

export async function activated(world: World, places = 1): Promise<Holder> {
  const holder = await practitionerWithEmail(world, places)
  await activate(world, holder)
  return holder
}

export const tryPassword = (world: World, identifier: string, password = PASSWORD, headers = {}) =>
  world.stranger().call('POST /api/sign-in/password', { body: { identifier, password }, headers })

/** The client of an answer that set the cookie of a session. */
export function clientOf(world: World, answer: Answer): Client {
  const cookie = /__Host-consilium=([^;]+)/.exec(String(answer.headers['set-cookie']))?.[1]
  assert.ok(cookie, `no session: ${answer.status} ${answer.code}`)
  return createClient(world.url, '__Host-consilium', cookie)
}

export async function signedIn(world: World, holder: Holder, password = PASSWORD): Promise<Client> {
  return clientOf(world, await tryPassword(world, holder.identifier, password))
}

export const tracesOf = async (world: World, type: string) =>
  (
    await world.database.sql<{ event: string }>('select event from trace.event where type = $1 order by at', [type])
  ).map(({ event }) => JSON.parse(event) as Record<string, unknown>)
