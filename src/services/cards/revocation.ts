// The revocation lists in force: fetched into a folder where the host gives addresses, read from it, and swapped as a
// whole. What cannot be believed (not signed by its authority, older than what is held) changes nothing.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../../platform/clock.ts'
import { faultKind } from '../../platform/http/server.ts'
import type { Authorities, Authority } from './authorities.ts'
import { type RevocationList, readRevocationList } from './revocation-list.ts'

export type RevocationLists = {
  listOf(authority: Authority): RevocationList | undefined
  /** Looks for newer lists; true when one came. Never fails: what is held stays. */
  refresh(): Promise<boolean>
  /** Lists that ask for somebody, of the authorities whose cards are let in. */
  ageing(): Ageing[]
}

/** `half`: no newer list for half the life of this one; `stale`: it says nothing any more; `missing`: there never was one. */
export type Ageing = { name: string; stage: 'half' | 'stale' | 'missing'; list: RevocationList | undefined }

const FETCH_PATIENCE_MS = 30_000
/** Some two million entries. */
const LARGEST = 64 * 1024 * 1024

/** @param source.folder where lists are read; with `addresses`, where they are kept once fetched */
export function createRevocationLists(parts: {
  source: { folder: string; addresses: string[] }
  authorities: Authorities
  clock: Clock
  log: Logger
}): RevocationLists {
  const { source, authorities, clock, log } = parts
  let held: ReadonlyMap<Authority, RevocationList> = new Map()

  function owners(list: RevocationList): Authority[] {
    return authorities.all.filter(
      ({ subject, certificate }) => subject.equals(list.issuer) && list.isSignedBy(certificate.publicKey),
    )
  }

  function read(bytes: Buffer, from: string): RevocationList | null {
    try {
      const list = readRevocationList(bytes)
      if (owners(list).length > 0) return list
      log.warn({ from }, 'revocation list of no authority of ours')
    } catch (fault) {
      log.warn({ from, fault: faultKind(fault).name }, 'revocation list that cannot be read')
    }
    return null
  }

  /** Any network may stand between: a list proves itself by its signature, so http is enough. */
  async function fetchOne(address: string): Promise<void> {
    try {
      const answer = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(FETCH_PATIENCE_MS) })
      if (!answer.ok || !answer.body) throw new Error(`status ${answer.status}`)
      const chunks: Uint8Array[] = []
      let size = 0
      for await (const chunk of answer.body) {
        size += chunk.length
        if (size > LARGEST) throw new Error('too large')
        chunks.push(chunk)
      }
      const bytes = Buffer.concat(chunks)
      if (!read(bytes, address)) return
      await mkdir(source.folder, { recursive: true, mode: 0o700 })
      const file = join(source.folder, `${createHash('sha256').update(address).digest('hex').slice(0, 16)}.crl`)
      await writeFile(`${file}.new`, bytes)
      await rename(`${file}.new`, file)
    } catch (fault) {
      log.warn({ from: address, fault: faultKind(fault).name }, 'revocation list not fetched, will be tried again')
    }
  }

  return {
    listOf: (authority) => held.get(authority),
    async refresh() {
      for (const address of source.addresses) await fetchOne(address)
      const names = await readdir(source.folder).catch(() => [] as string[])
      const next = new Map(held)
      for (const name of names.filter((n) => /\.(crl|pem|der)$/i.test(n)).toSorted()) {
        const bytes = await readFile(join(source.folder, name)).catch(() => null)
        const list = bytes && read(bytes, name)
        if (!list) continue
        for (const owner of owners(list)) {
          const known = next.get(owner)
          // An older list, put back by whoever can, would let a revoked card in.
          if (!known || isNewer(list, known)) next.set(owner, list)
        }
      }
      const changed = [...next].some(([owner, list]) => held.get(owner) !== list)
      held = next
      return changed
    },
    ageing() {
      const now = clock.now()
      const needed = new Set(authorities.all.flatMap((one) => (one.pinned && one.issuer ? [one, one.issuer] : [])))
      return [...needed].flatMap((authority): Ageing[] => {
        const list = held.get(authority)
        const stage = list ? stageOf(list, now) : 'missing'
        return stage ? [{ name: authority.name, stage, list }] : []
      })
    },
  }
}

/** Times of lists are whole seconds: of two of one second, the longer one came last. */
function isNewer(list: RevocationList, known: RevocationList): boolean {
  const later = list.thisUpdate.getTime() - known.thisUpdate.getTime()
  return later > 0 || (later === 0 && list.revoked.size > known.revoked.size)
}

function stageOf({ thisUpdate, nextUpdate }: RevocationList, now: Date): 'half' | 'stale' | null {
  if (now >= nextUpdate) return 'stale'
  const half = (thisUpdate.getTime() + nextUpdate.getTime()) / 2
  return now.getTime() >= half ? 'half' : null
}
