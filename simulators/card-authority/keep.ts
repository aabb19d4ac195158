// The authority of a demonstration, kept in a folder from one start to the next: cards that were put in a browser stay
// good. Lists are made afresh each time, or a demonstration left alone for a week would refuse everybody.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { CardWishes } from './authority.ts'

export type KeptCards = {
  /** What to put in a browser: PKCS #12 where openssl is there to make it, else PEM. */
  cards: { holder: string; file: string }[]
  /** Code of the PKCS #12 files. */
  code: string
}

export const DEMONSTRATION_CODE = '1234'

/**
 * Makes, once, `authorities/`, `lists/`, `server.pem`, `server-key.pem` and `cards/` under a folder; renews the lists.
 * @param holders who gets a card, and the name of its file
 */
export async function keepCardAuthority(
  folder: string,
  holders: (CardWishes & { file: string; holder: string })[],
): Promise<KeptCards> {
  const { createCardAuthority, restoreCardAuthority } = await import('./authority.ts')
  const path = (...names: string[]) => join(folder, ...names)
  for (const name of ['authorities', 'lists', 'cards']) await mkdir(path(name), { recursive: true, mode: 0o700 })
  const secret = path('authority.json')
  const known = existsSync(secret)
  const authority = known ? await restoreCardAuthority(await readFile(secret, 'utf8')) : await createCardAuthority()
  if (!known) {
    for (const { file, pem } of authority.authorities) await writeFile(path('authorities', file), pem)
    const server = await authority.issueServer(['localhost', '127.0.0.1'])
    await write(path('server.pem'), server.certificatePem)
    await write(path('server-key.pem'), server.keyPem)
    await write(secret, await authority.save())
  }
  for (const { file, pem } of await authority.lists()) await writeFile(path('lists', file), pem)
  const cards: KeptCards['cards'] = []
  for (const { file, holder, ...wishes } of holders) {
    const pem = path('cards', `${file}.pem`)
    if (!existsSync(pem)) {
      const card = await authority.issue(wishes)
      await write(pem, card.keyPem + card.certificatePem)
    }
    cards.push({ holder, file: (await packed(pem, path('cards', `${file}.p12`), holder)) ?? pem })
  }
  return { cards, code: DEMONSTRATION_CODE }
}

const write = (file: string, text: string) => writeFile(file, text, { mode: 0o600 })

/** Browsers take PKCS #12, which openssl makes; null where it is not installed. */
async function packed(pem: string, p12: string, holder: string): Promise<string | null> {
  if (existsSync(p12)) return p12
  const words = [
    'pkcs12',
    '-export',
    '-in',
    pem,
    '-out',
    p12,
    '-name',
    holder,
    '-passout',
    `pass:${DEMONSTRATION_CODE}`,
  ]
  return promisify(execFile)('openssl', words).then(
    () => p12,
    () => null,
  )
}
