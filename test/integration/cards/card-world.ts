// A portal that takes cards, an authority that gives them, and a browser in miniature with a card in its reader.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  type Card,
  type CardAuthority,
  type CardWishes,
  createCardAuthority,
} from '../../../simulators/card-authority/authority.ts'
import { CookieJar } from '../../../simulators/openid/cookie-jar.ts'
import type { Session } from '../../../src/services/accounts/contract.ts'
import { findCommand, installPackages, whyNoInstall } from '../../tooling/debian.ts'
import { freePort, type Someone, startWorld, type World } from '../harness.ts'

export const run = promisify(execFile)

export type CardWorld = {
  world: World
  authority: CardAuthority
  folder: string
  /** Origin of the card's listener. */
  origin: string
  /** The national identity of somebody of the world. */
  nationalIdOf(person: Someone): Promise<string>
  /** A card of somebody, or of whoever is wished for. */
  card(who: Someone | string, wishes?: Partial<CardWishes>, by?: CardAuthority): Promise<CardFiles>
  /** Writes the lists of the authority as they are now, and has the listener look. */
  renewLists(validity?: { thisUpdate?: Date; nextUpdate?: Date }): Promise<void>
  browser(): CardBrowser
  /** What was traced of cards, oldest first. */
  refusals(): Promise<{ code: string; serial: string }[]>
  stop(): Promise<void>
}

export type CardFiles = Card & { certificateFile: string; keyFile: string }
export type Shown = { status: number; location: URL | null; body: string; code: string | null; headers: string }

/** @param environment settings on top, once the files are there */
export async function startCardWorld(
  environment: (folder: string) => Record<string, string> = () => ({}),
): Promise<CardWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'consilium-cards-'))
  const path = (...names: string[]) => join(folder, ...names)
  const authority = await createCardAuthority()
  for (const name of ['authorities', 'lists', 'cards']) mkdirSync(path(name))
  for (const { file, pem } of authority.authorities) writeFileSync(path('authorities', file), pem)
  writeFileSync(path('ca.pem'), authority.authorities.map(({ pem }) => pem).join(''))
  const server = await authority.issueServer(['localhost', '127.0.0.1'])
  writeFileSync(path('server.pem'), server.certificatePem)
  writeFileSync(path('server-key.pem'), server.keyPem)
  const writeLists = async (validity?: { thisUpdate?: Date; nextUpdate?: Date }) => {
    for (const { file, pem } of await authority.lists(validity)) writeFileSync(path('lists', file), pem)
  }
  await writeLists()
  const world = await startWorld({
    environment: {
      CONSILIUM_CARD: '1',
      CONSILIUM_CARD_PORT: String(await freePort()),
      CONSILIUM_CARD_AUTHORITIES: path('authorities'),
      CONSILIUM_CARD_ISSUERS: authority.issuers.join(','),
      CONSILIUM_CARD_CRL: path('lists'),
      CONSILIUM_CARD_TLS_CERTIFICATE: path('server.pem'),
      CONSILIUM_CARD_TLS_KEY: path('server-key.pem'),
      ...environment(folder),
    },
  }).catch((fault) => {
    rmSync(folder, { recursive: true, force: true })
    throw fault
  })
  let cards = 0
  const nationalIdOf = async ({ personId }: Someone) => {
    const [row] = await world.database.sql<{ subject: string }>(
      'select subject from portal.person where person_id = $1',
      [personId],
    )
    return row!.subject
  }
  const origin = world.configuration.card.url
  return {
    world,
    authority,
    folder,
    origin,
    nationalIdOf,
    async card(who, wishes = {}, by = authority) {
      const nationalId = typeof who === 'string' ? who : await nationalIdOf(who)
      const card = await by.issue({ nationalId, ...wishes })
      const [certificateFile, keyFile] = ['certificate', 'key'].map((name) => path('cards', `${++cards}-${name}.pem`))
      writeFileSync(certificateFile!, card.certificatePem)
      writeFileSync(keyFile!, card.keyPem)
      return { ...card, certificateFile: certificateFile!, keyFile: keyFile! }
    },
    async renewLists(validity) {
      await writeLists(validity)
      await world.server.cards!.refresh()
    },
    browser: () => new CardBrowser(world.url, origin, path('ca.pem')),
    async refusals() {
      const rows = await world.database.sql<{ event: string }>(
        "select event from trace.event where type = 'card.refused' order by at, seq",
      )
      return rows.map(({ event }) => {
        const { code, serial } = JSON.parse(event) as { code: string; serial: string }
        return { code, serial }
      })
    },
    async stop() {
      await world.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Cookies of the portal; cards are shown by curl, in a TLS session of its own each time. */
export class CardBrowser {
  readonly jar = new CookieJar()
  readonly #portal: string
  readonly #origin: string
  readonly #ca: string

  constructor(portal: string, origin: string, ca: string) {
    this.#portal = portal
    this.#origin = origin
    this.#ca = ca
  }

  /** Begins a sign-in; gives the address that the card is asked for at. */
  async begin(retour?: string): Promise<URL> {
    const query = retour ? `?${new URLSearchParams({ retour })}` : ''
    const response = await this.jar.request(`${this.#portal}/api/sign-in/card${query}`)
    assert.equal(response.status, 302)
    const address = new URL(response.headers.get('location')!, this.#portal)
    assert.equal(address.origin, this.#origin)
    return address
  }

  /** Shows a card, or none. */
  async show(address: URL, card: CardFiles | null, more: string[] = []): Promise<Shown> {
    const own = card ? ['--cert', card.certificateFile, '--key', card.keyFile] : []
    const { stdout } = await run('curl', [
      '-sS',
      '-i',
      '--max-time',
      '20',
      '--cacert',
      this.#ca,
      ...own,
      ...more,
      address.href,
    ])
    return readAnswer(stdout)
  }

  /** Comes back to the portal; gives where the browser ends there. */
  async comeBack(address: URL): Promise<URL> {
    const response = await this.jar.request(address)
    assert.equal(response.status, 302)
    return new URL(response.headers.get('location')!, this.#portal)
  }

  async signIn(card: CardFiles, retour?: string): Promise<URL> {
    const shown = await this.show(await this.begin(retour), card)
    assert.equal(shown.status, 302, shown.body)
    return this.comeBack(shown.location!)
  }

  async session(): Promise<Session> {
    return (await (await this.jar.request(`${this.#portal}/api/session`)).json()) as Session
  }
}

export function readAnswer(text: string): Shown {
  const at = text.indexOf('\r\n\r\n')
  const headers = text.slice(0, at)
  const body = text.slice(at + 4)
  const location = /^location: (.+)$/im.exec(headers)?.[1]
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(headers)?.[1] ?? 0),
    location: location ? new URL(location.trim(), 'http://localhost') : null,
    body,
    code: /Code : ([a-z-]+)/.exec(body)?.[1] ?? null,
    headers,
  }
}

/** Commands of Debian packages, installed when they may be; gives why not otherwise. */
export async function wanted(packages: Record<string, string>): Promise<string | false> {
  const missing = Object.entries(packages).filter(([command]) => !findCommand([command]))
  if (missing.length === 0) return false
  const why = whyNoInstall()
  if (why) return `no ${missing.map(([command]) => command).join(', ')} here, and nothing may be installed (${why})`
  await installPackages(missing.map(([, name]) => name))
  return false
}
